package io.grpcweb.gateway.filter;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.stats.EndpointShares;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.grpcweb.gateway.upstream.pool.ClusterCalls;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What a filter is given when its factory is made.
 *
 * @param http the filter chain that the filter is part of
 * @param stats all counters of the gateway
 * @param compiler of the {@code %COMMAND%} operators in values of the configuration
 * @param telemetry the metrics and events beside Envoy's counters
 * @param clusters the clusters, for the router
 * @param node what the gateway calls itself
 * @param failing whether the gateway tells load balancers that it is not healthy
 * @param nanoTime a clock that never goes back
 * @param shared what the filters of one kind have in common
 */
public record FilterContext(
        HttpConfig http,
        Stats stats,
        Substitution.Compiler compiler,
        Telemetry telemetry,
        ClusterManager clusters,
        GatewayConfig.Node node,
        BooleanSupplier failing,
        LongSupplier nanoTime,
        SharedParts shared) {

    /** Whether enough endpoints of some clusters take calls. */
    public EndpointShares endpoints(Map<String, Integer> least) {
        return new EndpointShares(least, clusters::stats);
    }

    /** Calls of a filter's own to the clusters. */
    public SideCalls calls() {
        return new ClusterCalls(clusters);
    }
}
