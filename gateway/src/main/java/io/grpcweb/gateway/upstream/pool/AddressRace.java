package io.grpcweb.gateway.upstream.pool;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Which address of an endpoint is tried when (RFC 8305, "Happy Eyeballs", with Envoy's numbers): one after the other,
 * each 300 ms after the one before or at once when that one has failed. The first that is connected wins, and the others
 * are given up. Confined to its loop.
 */
final class AddressRace {
    static final Duration DELAY = Duration.ofMillis(300);

    private final ScheduledExecutorService loop;
    private final Deque<Runner> waiting = new ArrayDeque<>();
    private final List<Runner> running = new ArrayList<>();
    private Future<?> next;

    /** An address that takes part. */
    interface Runner {
        /** Begins to connect. */
        void start();

        /** It is not needed any more. */
        void stop();
    }

    AddressRace(List<SocketAddress> addresses, Function<SocketAddress, Runner> runners, ScheduledExecutorService loop) {
        this.loop = loop;
        inTurn(addresses).forEach(address -> waiting.add(runners.apply(address)));
    }

    /** The families take turns, beginning with that of the first address (RFC 8305 section 4). */
    static List<SocketAddress> inTurn(List<SocketAddress> addresses) {
        Deque<SocketAddress> same = new ArrayDeque<>();
        Deque<SocketAddress> other = new ArrayDeque<>();
        for (SocketAddress address : new LinkedHashSet<>(addresses)) {
            (isV6(address) == isV6(addresses.get(0)) ? same : other).add(address);
        }
        List<SocketAddress> mixed = new ArrayList<>();
        while (!same.isEmpty() || !other.isEmpty()) {
            if (!same.isEmpty()) {
                mixed.add(same.poll());
            }
            if (!other.isEmpty()) {
                mixed.add(other.poll());
            }
        }
        return mixed;
    }

    private static boolean isV6(SocketAddress address) {
        return address instanceof InetSocketAddress ip && ip.getAddress() instanceof Inet6Address;
    }

    void begin() {
        Runner runner = waiting.poll();
        if (!waiting.isEmpty()) {
            next = loop.schedule(this::begin, DELAY.toMillis(), TimeUnit.MILLISECONDS);
        }
        running.add(runner);
        runner.start();
    }

    void won(Runner winner) {
        running.remove(winner);
        end();
    }

    /** True where that was the last hope. */
    boolean failed(Runner loser) {
        if (!running.remove(loser)) {
            return false;
        }
        if (waiting.isEmpty()) {
            return running.isEmpty();
        }
        next.cancel(false);
        begin();
        return false;
    }

    /** Gives up all that are under way. */
    void end() {
        if (!waiting.isEmpty()) {
            next.cancel(false);
            waiting.clear();
        }
        List<Runner> stopped = List.copyOf(running);
        running.clear();
        stopped.forEach(Runner::stop);
    }
}
