package io.grpcweb.gateway.filter.healthcheck;

import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.BooleanSupplier;

/** Makes filters for requests that are health checks by their header; all others pass by. */
final class HealthCheckFilterFactory implements HttpFilterFactory {
    private final HealthCheckConfig config;
    private final String cluster;
    private final BooleanSupplier failing;

    /**
     * A factory.
     *
     * @param cluster what the gateway calls its own group, for those who check it
     * @param failing whether the gateway says that it is not well: {@code /healthcheck/fail}, or it is about to end
     */
    HealthCheckFilterFactory(HealthCheckConfig config, String cluster, BooleanSupplier failing) {
        this.config = config;
        this.cluster = cluster;
        this.failing = failing;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        boolean fail = failing.getAsBoolean();
        if (!isCheck(head)) {
            // Whoever balances over gateways should leave this one alone from now on.
            return fail ? new ResponseHeaderFilter("x-envoy-immediate-health-check-fail", "true") : null;
        }
        return config.passThrough() && !fail
                ? new ResponseHeaderFilter(HealthCheckFilter.CHECKED_CLUSTER, cluster)
                : new HealthCheckFilter(exchange, cluster, fail);
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
