package io.grpcweb.gateway.filter.healthcheck;

import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.stats.EndpointShares;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.BooleanSupplier;

/** Makes filters for requests that are health checks by their header; all others pass by. */
final class HealthCheckFilterFactory implements HttpFilterFactory {
    private final HealthCheckConfig config;
    private final String cluster;
    private final BooleanSupplier failing;
    private final EndpointShares endpoints;

    /**
     * A factory.
     *
     * @param cluster what the gateway calls its own group, for those who check it
     * @param failing whether the gateway says that it is not well: {@code /healthcheck/fail}, or it is about to end
     * @param endpoints of clusters that must take calls
     */
    HealthCheckFilterFactory(
            HealthCheckConfig config, String cluster, BooleanSupplier failing, EndpointShares endpoints) {
        this.config = config;
        this.cluster = cluster;
        this.failing = failing;
        this.endpoints = endpoints;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        boolean fail = failing.getAsBoolean();
        if (!isCheck(head)) {
            // Whoever balances over gateways should leave this one alone from now on.
            return fail ? new ResponseHeaderFilter("x-envoy-immediate-health-check-fail", "true") : null;
        }
        exchange.info().healthCheck = true;
        return config.passThrough() && !fail
                ? new ResponseHeaderFilter(HealthCheckFilter.CHECKED_CLUSTER, cluster)
                : new HealthCheckFilter(exchange, cluster, state(fail));
    }

    private Details state(boolean fail) {
        if (fail) {
            return Details.HEALTH_CHECK_FAILED;
        }
        if (endpoints.isEmpty()) {
            return Details.HEALTH_CHECK_OK;
        }
        return switch (endpoints.verdict()) {
            case ENOUGH -> HealthDetails.CLUSTERS_HEALTHY;
            case NO_CLUSTER -> HealthDetails.NO_CLUSTER;
            case NO_ENDPOINT -> HealthDetails.CLUSTER_EMPTY;
            case TOO_FEW -> HealthDetails.CLUSTER_UNHEALTHY;
        };
    }

    private boolean isCheck(Http2Headers head) {
        for (HeaderMatch matcher : config.matchers()) {
            if (!matcher.fits(FieldValues.joined(head, matcher.name()))) {
                return false;
            }
        }
        return true;
    }
}
