package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A token bucket for this gateway alone.
 *
 * @param statPrefix the label of its series
 * @param bucket absent: nothing is limited
 * @param enabled share of requests that are counted, 0 to 1
 * @param enforced share of requests over the limit that are refused, 0 to 1
 * @param status the HTTP status of a refusal (429)
 * @param resourceExhausted whether the gRPC status of a refusal is 8 instead of 14
 * @param responseHeaders fields of a refusal
 */
public record LocalRateLimit(
        String name,
        String statPrefix,
        Optional<Bucket> bucket,
        double enabled,
        double enforced,
        int status,
        boolean resourceExhausted,
        List<HeaderRules.Add> responseHeaders)
        implements FilterConfig {
    public LocalRateLimit {
        responseHeaders = List.copyOf(responseHeaders);
    }

    /** Holds {@code max} tokens and gets {@code fill} every {@code interval}. */
    public record Bucket(int max, int fill, Duration interval) {}
}
