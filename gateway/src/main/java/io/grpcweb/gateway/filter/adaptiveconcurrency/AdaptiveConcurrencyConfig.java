package io.grpcweb.gateway.filter.adaptiveconcurrency;

import io.grpcweb.gateway.config.FilterConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * How the number of calls that may be under way follows from how long they take.
 *
 * @param percentile of the times of a window that stands for it, 0 to 1
 * @param status the HTTP status of a refusal
 */
public record AdaptiveConcurrencyConfig(
        String name, boolean enabled, double percentile, Limit limit, Ideal ideal, int status) implements FilterConfig {

    /**
     * The limit.
     *
     * @param least calls that are always let through
     * @param every how often it is worked out
     */
    public record Limit(int least, int most, Duration every) {}

    /**
     * The time of a call when the backend has little to do.
     *
     * @param fixed known beforehand; else it is measured
     * @param every how often it is measured
     * @param requests how many calls are looked at
     * @param jitter share of {@code every} that is left to chance
     * @param concurrency calls that may be under way meanwhile
     * @param buffer share by which calls may take longer
     */
    public record Ideal(
            Optional<Duration> fixed, Duration every, int requests, double jitter, int concurrency, double buffer) {}
}
