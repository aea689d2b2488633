package io.grpcweb.gateway.filter.healthcheck;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.util.List;
import java.util.Map;

/**
 * Answers health checks of a load balancer.
 *
 * @param passThrough whether the cluster is asked as long as the gateway is healthy
 * @param matchers a request is a health check where all of them fit
 * @param minHealthy how many of the endpoints of clusters must take calls, in percent by name
 */
public record HealthCheckConfig(
        String name, boolean passThrough, List<RouteConfig.HeaderMatch> matchers, Map<String, Integer> minHealthy)
        implements FilterConfig {
    public HealthCheckConfig {
        matchers = List.copyOf(matchers);
        minHealthy = Map.copyOf(minHealthy);
    }
}
