package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a key set once, with the retries of the configuration. It goes on where nobody waits any more, because the next
 * call needs the keys as well; its time-out bounds it. Confined to an event loop.
 */
final class KeyFetch implements SideObserver {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFetch.class);

    /** Bytes of a key set: hundreds of keys with their certificates. */
    private static final int MOST_BYTES = 1 << 20;

    private final Jwks.Remote config;
    private final SideCalls calls;
    private final EventExecutor loop;
    private final List<Consumer<KeySet>> waiting = new ArrayList<>(1);
    private UnaryOperator<KeySet> outcome;
    private int failures;
    private boolean ended;

    /** What those who wait have been told at the end; may be null. */
    private KeySet result;

    KeyFetch(Jwks.Remote config, SideCalls calls, EventExecutor loop) {
        this.config = config;
        this.calls = calls;
        this.loop = loop;
    }

    /** Somebody waits for the end; what is returned forgets about that. */
    Runnable tell(Consumer<KeySet> told) {
        waiting.add(told);
        return () -> waiting.remove(told);
    }

    /** Whether it happens on this event loop. */
    boolean isOf(EventExecutor other) {
        return loop == other;
    }

    /**
     * Somebody on another event loop waits for the end.
     *
     * @param told is called on that loop, in a task of its own
     * @return forgets about that; on that loop
     */
    Runnable tellElsewhere(EventExecutor other, Consumer<KeySet> told) {
        AtomicReference<Consumer<KeySet>> waits = new AtomicReference<>(told);
        Consumer<KeySet> back = keys -> {
            if (!other.isShuttingDown()) {
                other.execute(() -> {
                    Consumer<KeySet> still = waits.getAndSet(null);
                    if (still != null) {
                        still.accept(keys);
                    }
                });
            }
        };
        loop.execute(() -> {
            if (ended) {
                back.accept(result);
            } else {
                waiting.add(back);
            }
        });
        return () -> waits.set(null);
    }

    /**
     * Begins.
     *
     * @param atEnd is given the keys, or null for none, and says with which ones those who wait go on
     */
    void start(UnaryOperator<KeySet> atEnd) {
        outcome = atEnd;
        ask();
    }

    private void ask() {
        URI uri = URI.create(config.uri());
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        Http2Headers head = new DefaultHttp2Headers(false)
                .method("GET")
                .path(uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery())
                .authority(uri.getRawAuthority());
        // What Envoy says here.
        head.set("user-agent", "Go-browser");
        calls.call(loop, SideRequest.of(config.cluster(), head, config.timeout(), MOST_BYTES), this);
    }

    @Override
    public void answered(SideAnswer answer) {
        if (answer.status() != 200) {
            again("it answers with status " + answer.status());
            return;
        }
        try {
            end(KeySet.parse(answer.body().toString(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            lost(e.getMessage());
        }
    }

    @Override
    public void failed(SideFailure failure, String reason) {
        again(reason);
    }

    @Override
    public void broken(Throwable fault) {
        LOG.error("{}: a fault of the gateway", config.uri(), fault);
        end(null);
    }

    private void again(String reason) {
        if (failures >= config.retries()) {
            lost(reason);
            return;
        }
        long base = config.backOff().toNanos() << Math.min(failures, 20);
        long pause = Math.min(Math.max(base, 1), config.backOffMax().toNanos());
        failures++;
        loop.schedule(this::ask, ThreadLocalRandom.current().nextLong(pause) + 1, TimeUnit.NANOSECONDS);
    }

    private void lost(String reason) {
        LOG.warn("no keys from {} (cluster {}): {}", config.uri(), config.cluster(), reason);
        end(null);
    }

    private void end(KeySet fetched) {
        KeySet keys = outcome.apply(fetched);
        ended = true;
        result = keys;
        List.copyOf(waiting).forEach(told -> told.accept(keys));
    }
}
