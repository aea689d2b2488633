package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.http.SideCalls;
import io.netty.util.concurrent.EventExecutor;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The keys of a server, shared by all event loops. They are fetched when a call needs them, and again, beside the calls that
 * use them, shortly before their time is over; behind that, calls wait for new ones. While the server fails, the old ones
 * serve for some time more: keys do not turn wrong because their server is away.
 */
final class RemoteKeys implements KeySource {
    /** Fetches that an event loop has under way at a time; further calls wait for the last of them. */
    private static final int FETCHES = 2;

    /** How long a server that has failed is left alone while old keys serve. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Jwks.Remote config;
    private final SideCalls calls;
    private final JwtAuthnStats stats;
    private final LongSupplier nanoTime;
    private final Map<EventExecutor, Deque<KeyFetch>> underWay = new ConcurrentHashMap<>();
    private final AtomicBoolean refreshing = new AtomicBoolean();

    /** The last fetch that was begun, until it ends: other event loops wait for it. */
    private final AtomicReference<KeyFetch> latest = new AtomicReference<>();

    private volatile Held held;
    private volatile Long failedAt;

    private record Held(KeySet keys, long since) {}

    RemoteKeys(Jwks.Remote config, SideCalls calls, JwtAuthnStats stats, LongSupplier nanoTime) {
        this.config = config;
        this.calls = calls;
        this.stats = stats;
        this.nanoTime = nanoTime;
    }

    Jwks.Remote config() {
        return config;
    }

    @Override
    public KeySet last() {
        Held have = held;
        return have == null ? null : have.keys;
    }

    @Override
    public KeySet now(EventExecutor loop) {
        Held have = held;
        if (have == null) {
            return null;
        }
        long now = nanoTime.getAsLong();
        long age = now - have.since;
        long duration = config.cacheDuration().toNanos();
        if (age < duration) {
            if (age >= duration / 10 * 9 && !failedLately(now)) {
                refresh(loop);
            }
            return have.keys;
        }
        // Each call would wait for its time-out otherwise.
        return outlives(have, now) && failedLately(now) ? have.keys : null;
    }

    private boolean failedLately(long now) {
        Long failed = failedAt;
        return failed != null && now - failed < PAUSE_NANOS;
    }

    private boolean outlives(Held have, long now) {
        return now - have.since
                < config.cacheDuration().toNanos() + config.outlive().toNanos();
    }

    private void refresh(EventExecutor loop) {
        if (refreshing.compareAndSet(false, true)) {
            fetch(loop);
        }
    }

    @Override
    public Runnable await(EventExecutor loop, Consumer<KeySet> told) {
        Deque<KeyFetch> fetches = underWay.computeIfAbsent(loop, first -> new ArrayDeque<>());
        KeyFetch elsewhere = latest.get();
        if (fetches.isEmpty() && elsewhere != null && !elsewhere.isOf(loop)) {
            return elsewhere.tellElsewhere(loop, told);
        }
        KeyFetch fetch = fetches.size() < FETCHES ? new KeyFetch(config, calls, loop) : fetches.peekLast();
        Runnable forget = fetch.tell(told);
        if (!fetches.contains(fetch)) {
            start(fetch, fetches);
        }
        return forget;
    }

    /**
     * Fetches them before the first call needs them, and tries again until they are there.
     *
     * @param done is called behind the first try; at once where ports need not wait for it
     */
    void begin(EventExecutor loop, Runnable done) {
        if (!config.holdListener()) {
            done.run();
        }
        await(loop, keys -> {
            if (keys == null) {
                again(loop);
            }
            if (config.holdListener()) {
                done.run();
            }
        });
    }

    private void again(EventExecutor loop) {
        // Whoever is not in use any more fetches nothing.
        WeakReference<RemoteKeys> self = new WeakReference<>(this);
        long pause = config.retryPause().toNanos();
        loop.schedule(
                () -> {
                    RemoteKeys used = self.get();
                    if (used != null && used.held == null) {
                        used.await(loop, keys -> {
                            if (keys == null) {
                                used.again(loop);
                            }
                        });
                    }
                },
                pause,
                TimeUnit.NANOSECONDS);
    }

    private void fetch(EventExecutor loop) {
        start(new KeyFetch(config, calls, loop), underWay.computeIfAbsent(loop, first -> new ArrayDeque<>()));
    }

    private void start(KeyFetch fetch, Deque<KeyFetch> fetches) {
        fetches.add(fetch);
        latest.set(fetch);
        fetch.start(fetched -> {
            fetches.remove(fetch);
            latest.compareAndSet(fetch, null);
            refreshing.set(false);
            return outcome(fetched);
        });
    }

    /** Keeps what was fetched; returns what is to be used. */
    private KeySet outcome(KeySet fetched) {
        long now = nanoTime.getAsLong();
        if (fetched != null) {
            stats.fetchSuccess.increment();
            failedAt = null;
            held = new Held(fetched, now);
            return fetched;
        }
        stats.fetchFailed.increment();
        failedAt = now;
        Held have = held;
        return have != null && outlives(have, now) ? have.keys : null;
    }
}
