package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.ClusterConfig;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How much may be under way with a cluster at once, for each of the two priorities; shared by all event loops. */
public final class CircuitBreakers {
    private final Limits normal;
    private final Limits high;

    public CircuitBreakers(ClusterConfig.Breakers config) {
        normal = new Limits(config.normal());
        high = new Limits(config.high());
    }

    public Limits of(boolean highPriority) {
        return highPriority ? high : normal;
    }

    /** The breakers of one priority. */
    public static final class Limits {
        private final Breaker connections;
        private final Breaker pending;
        private final Breaker requests;
        private final Breaker retries;
        private final Breaker pools;

        private Limits(ClusterConfig.Breakers.Thresholds config) {
            connections = new Breaker(config::connections);
            pending = new Breaker(config::pending);
            requests = new Breaker(config::requests);
            pools = new Breaker(config::pools);
            // With a budget: a share of what is active or waiting, and at least the minimum.
            retries = new Breaker(config.retryBudget()
                    .<LongSupplier>map(budget -> () -> Math.max(
                            budget.minimum(), (long) (budget.percent() / 100 * (requests.active() + pending.active()))))
                    .orElse(config::retries));
        }

        /** Connections, those being opened included. Where an endpoint has none yet, Envoy allows one regardless. */
        public Breaker connections() {
            return connections;
        }

        /** Connection pools: one for each endpoint, protocol, event loop and server name. */
        public Breaker pools() {
            return pools;
        }

        /** Calls that wait for a connection. */
        public Breaker pending() {
            return pending;
        }

        /** Calls on a connection. */
        public Breaker requests() {
            return requests;
        }

        /** Retries that wait for their turn or are under way. */
        public Breaker retries() {
            return retries;
        }
    }

    /** One counter with a limit that is never exceeded by {@link #tryAcquire}, from whatever threads. */
    public static final class Breaker {
        private final LongSupplier limit;
        private final AtomicLong active = new AtomicLong();

        private Breaker(LongSupplier limit) {
            this.limit = limit;
        }

        /** Whether there was room; if so it is taken, to be given back by {@link #release} once. */
        public boolean tryAcquire() {
            long most = limit.getAsLong();
            long now;
            do {
                now = active.get();
                if (now >= most) {
                    return false;
                }
            } while (!active.compareAndSet(now, now + 1));
            return true;
        }

        /** Counts one that is let through whatever the limit says. */
        public void acquireAnyway() {
            active.incrementAndGet();
        }

        public void release() {
            active.decrementAndGet();
        }

        public long active() {
            return active.get();
        }

        /** {@code circuit_breakers.*_open}. */
        boolean open() {
            long now = active.get();
            // One that never let anything through is not said to be open.
            return now > 0 && now >= limit.getAsLong();
        }

        /** {@code circuit_breakers.remaining_*}. */
        long remaining() {
            return Math.max(0, limit.getAsLong() - active.get());
        }

        long limit() {
            return limit.getAsLong();
        }
    }
}
