package io.grpcweb.gateway.source.xds;

import java.time.Duration;
import java.util.function.LongUnaryOperator;

/** Pauses that grow: each is drawn from zero to a bound that doubles up to the longest (full jitter). */
final class Backoff {
    private final Duration base;
    private final Duration most;
    private final LongUnaryOperator random;
    private int failures;

    /** @param random gives a number from 0 to below its argument */
    Backoff(Duration base, Duration most, LongUnaryOperator random) {
        this.base = base;
        this.most = most;
        this.random = random;
    }

    Duration next() {
        long bound = base.toNanos() << Math.min(failures, 20);
        if (bound >= most.toNanos()) {
            bound = most.toNanos();
        } else {
            failures++;
        }
        return Duration.ofNanos(random.applyAsLong(bound));
    }

    /** The next pause is a short one again. */
    void reset() {
        failures = 0;
    }
}
