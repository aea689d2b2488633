package io.grpcweb.gateway.filter.healthcheck;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.util.List;

/**
 * Answers health checks of a load balancer.
 *
 * @param passThrough whether the cluster is asked as long as the gateway is healthy
 * @param matchers a request is a health check where all of them fit
 */
public record HealthCheckConfig(String name, boolean passThrough, List<RouteConfig.HeaderMatch> matchers)
        implements FilterConfig {
    public HealthCheckConfig {
        matchers = List.copyOf(matchers);
    }
}
