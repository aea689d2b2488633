package io.grpcweb.gateway.filter.ratelimit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Tokens that come back at a steady rate. One number holds the state, the time at which the bucket was last empty, so
 * that event loops need no lock: tokens are what has come since.
 */
final class TokenBucket {
    private final long nanosPerToken;
    private final long nanosOfAll;
    private final LongSupplier clock;
    private final AtomicLong emptyAt;

    TokenBucket(LocalRateLimit.Bucket config, LongSupplier nanoClock) {
        clock = nanoClock;
        nanosPerToken = Math.max(1, config.interval().toNanos() / Math.max(1, config.fill()));
        nanosOfAll = Math.min(nanosPerToken, Long.MAX_VALUE / 4 / Math.max(1, config.max())) * config.max();
        emptyAt = new AtomicLong(nanoClock.getAsLong() - nanosOfAll);
    }

    /** Takes one token; false where there is none. */
    boolean take() {
        long now = clock.getAsLong();
        while (true) {
            long before = emptyAt.get();
            // What came above the brim is lost.
            long since = now - before > nanosOfAll ? now - nanosOfAll : before;
            long after = since + nanosPerToken;
            if (after - now > 0) {
                return false;
            }
            if (emptyAt.compareAndSet(before, after)) {
                return true;
            }
        }
    }
}
