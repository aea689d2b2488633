package io.grpcweb.gateway.filter.healthcheck;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** Answers a health check by itself: 200, or 503 while the gateway says that it is not well. Nothing goes further down. */
final class HealthCheckFilter extends HttpFilter {
    /** Names the group of the one who answers, so that a balancer notices when it asks somebody else's. */
    static final String CHECKED_CLUSTER = "x-envoy-upstream-healthchecked-cluster";

    private final Exchange exchange;
    private final String cluster;
    private final Details state;

    HealthCheckFilter(Exchange exchange, String cluster, Details state) {
        this.exchange = exchange;
        this.cluster = cluster;
        this.state = state;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        exchange.info().routeName = "";
        exchange.info().cluster = null;
        boolean healthy = state == Details.HEALTH_CHECK_OK || state == HealthDetails.CLUSTERS_HEALTHY;
        LocalReply reply = LocalReply.healthCheck(healthy, state);
        Http2Headers answer = new DefaultHttp2Headers(false).status(Integer.toString(reply.httpStatus()));
        answer.set(CHECKED_CLUSTER, cluster);
        exchange.reply(reply, answer, this);
    }
}
