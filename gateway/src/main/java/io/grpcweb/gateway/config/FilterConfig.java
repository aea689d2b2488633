package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One HTTP filter of a listener. The permits list is the table of what exists. */
public sealed interface FilterConfig {

    /** The name under which routes refer to it. */
    String name();

    /** Translates gRPC-Web to gRPC and back. */
    record GrpcWeb(String name) implements FilterConfig {}

    /** Answers preflights and stamps answers, by the {@link CorsPolicy} of the route. */
    record Cors(String name) implements FilterConfig {}

    /** Forwards the request to the cluster of its route; always the last one. */
    record Router(String name, boolean suppressEnvoyHeaders) implements FilterConfig {}

    /** Answers health checks of a load balancer by itself; a request for it must fit all matchers. */
    record HealthCheck(String name, boolean passThrough, List<RouteConfig.HeaderMatch> matchers)
            implements FilterConfig {}

    /** Counts calls by service and method. */
    record GrpcStats(String name, boolean allMethods, List<String> services) implements FilterConfig {}

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
    record LocalRateLimit(
            String name,
            String statPrefix,
            Optional<TokenBucket> bucket,
            double enabled,
            double enforced,
            int status,
            boolean resourceExhausted,
            List<HeaderRules.Add> responseHeaders)
            implements FilterConfig {

        /** Holds {@code max} tokens and gets {@code fill} every {@code interval}. */
        public record TokenBucket(int max, int fill, Duration interval) {}
    }
}
