package io.grpcweb.gateway.filter.ratelimit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Tokens that come back at a steady rate. One number holds the state, the time at which the bucket was last empty, so
 * that event loops need no lock: tokens are what has come since.
 */
final class TokenBucket {
    private final int max;
    private final long nanosPerToken;
    private final long nanosOfAll;
    private final LongSupplier clock;
    private final AtomicLong emptyAt;

    TokenBucket(LocalRateLimit.Bucket config, LongSupplier nanoClock) {
        clock = nanoClock;
        max = config.max();
        nanosPerToken = Math.max(1, config.interval().toNanos() / Math.max(1, config.fill()));
        nanosOfAll = Math.min(nanosPerToken, Long.MAX_VALUE / 4 / Math.max(1, max)) * max;
        emptyAt = new AtomicLong(nanoClock.getAsLong() - nanosOfAll);
    }

    /** How many tokens it holds when it is full. */
    int max() {
        return max;
    }

    /** The time after which a token is back. */
    long nanosPerToken() {
        return nanosPerToken;
    }

    /** Takes one token; false where there is none. */
    boolean take() {
        return take(1);
    }

    /** Takes tokens, or none where there are fewer. */
    boolean take(long tokens) {
        if (tokens > max) {
            return false;
        }
        long now = clock.getAsLong();
        while (true) {
            long before = emptyAt.get();
            long after = since(before, now) + tokens * nanosPerToken;
            if (after - now > 0) {
                return false;
            }
            if (emptyAt.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    /** What came above the brim is lost. */
    private long since(long before, long now) {
        return now - before > nanosOfAll ? now - nanosOfAll : before;
    }

    /** Whole tokens that are there. */
    long remaining() {
        long now = clock.getAsLong();
        return Math.max(0, (now - since(emptyAt.get(), now)) / nanosPerToken);
    }

    /** Seconds until there is a token, rounded up; 0 where there is one. */
    long secondsToNext() {
        long now = clock.getAsLong();
        long missing = since(emptyAt.get(), now) + nanosPerToken - now;
        return missing <= 0 ? 0 : (missing + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1);
    }
}
