package io.grpcweb.gateway.filter.grpcstats;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.List;

/**
 * Counts calls by service and method.
 *
 * @param allMethods whether each method that a backend knows has counters of its own
 * @param services methods that have them in any case, as {@code service/method}
 * @param emitState whether the access log can have the numbers of messages, from the filter state
 * @param upstreamTime whether the time that backends take is kept by method
 * @param dotless whether the dots in the names of services become underscores
 */
public record GrpcStatsConfig(
        String name,
        boolean allMethods,
        List<String> services,
        boolean emitState,
        boolean upstreamTime,
        boolean dotless)
        implements FilterConfig {
    public GrpcStatsConfig {
        services = List.copyOf(services);
    }
}
