package io.grpcweb.gateway.filter.ratelimitservice;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.filter.descriptors.Descriptors.HostLimits;
import io.grpcweb.gateway.filter.service.GrpcService;
import java.util.List;
import java.util.Set;

/**
 * Which service counts, what, and what becomes of requests over a limit.
 *
 * @param domain under which the service counts
 * @param stage of the limits of routes that are looked at, 0 to 10
 * @param limits in place of those of the routes, where there are any
 * @param hostLimits how those of virtual hosts stand beside those of routes
 * @param enabled share of the requests that are counted, 0 to 1
 * @param enforced share of the requests over a limit that are refused, 0 to 1
 * @param statPrefix a further part of the names of the series; mostly empty
 * @param metadata the namespace of what the service says beside its answer
 */
public record RateLimitServiceConfig(
        String name,
        String domain,
        GrpcService service,
        int stage,
        RequestType requests,
        List<RateLimit> limits,
        HostLimits hostLimits,
        double enabled,
        double enforced,
        OnError onError,
        Refusal refusal,
        Fields fields,
        String statPrefix,
        String metadata)
        implements FilterConfig {

    public RateLimitServiceConfig {
        limits = List.copyOf(limits);
    }

    @Override
    public boolean readsQuery() {
        return true;
    }

    @Override
    public Set<String> clusters() {
        return Set.of(service.cluster());
    }

    /** Which requests are counted: Envoy calls those internal that have {@code x-envoy-internal: true}. */
    public enum RequestType {
        BOTH,
        INTERNAL,
        EXTERNAL
    }

    /**
     * What happens where the service gives no answer.
     *
     * @param refused share of these requests that are refused, 0 to 1
     * @param status their HTTP status
     */
    public record OnError(double refused, int status) {
        static final OnError PASS = new OnError(0, 500);
    }

    /**
     * A response to a request over a limit.
     *
     * @param status the HTTP status, 400 or more
     * @param resourceExhausted whether the gRPC status is 8, not the one that the HTTP status stands for
     * @param add further fields
     */
    public record Refusal(int status, boolean resourceExhausted, List<HeaderRules.Add> add) {
        static final int TOO_MANY = 429;

        public Refusal {
            add = List.copyOf(add);
        }
    }

    /**
     * What clients are told of their limits.
     *
     * @param limits {@code x-ratelimit-limit}, {@code -remaining} and {@code -reset} on every response
     * @param limited {@code x-envoy-ratelimited} on a response to a request over a limit
     * @param retryAfter {@code retry-after} on such a response
     */
    public record Fields(boolean limits, boolean limited, boolean retryAfter) {
        static final Fields USUAL = new Fields(false, true, false);
    }

    /** The same for a place with settings of its own. */
    RateLimitServiceConfig at(RateLimitServiceConfig place) {
        return new RateLimitServiceConfig(
                name,
                place.domain.isEmpty() ? domain : place.domain,
                service,
                stage,
                requests,
                place.limits.isEmpty() ? limits : place.limits,
                place.hostLimits,
                enabled,
                enforced,
                onError,
                refusal,
                fields,
                statPrefix,
                metadata);
    }
}
