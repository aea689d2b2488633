package io.grpcweb.gateway.filter.grpcstats;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.List;

/**
 * Counts calls by service and method.
 *
 * @param allMethods whether each method that a backend knows has counters of its own
 * @param services methods that have them in any case, as {@code service/method}
 */
public record GrpcStatsConfig(String name, boolean allMethods, List<String> services) implements FilterConfig {
    public GrpcStatsConfig {
        services = List.copyOf(services);
    }
}
