package io.grpcweb.gateway.filter.healthcheck;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.ResponseFlag;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** Answers a health check by itself: 200, or 503 while the gateway says that it is not well. Nothing goes further down. */
final class HealthCheckFilter extends HttpFilter {
    /** Names the group of the one who answers, so that a balancer notices when it asks somebody else's. */
    static final String CHECKED_CLUSTER = "x-envoy-upstream-healthchecked-cluster";

    private final Exchange exchange;
    private final String cluster;
    private final boolean fail;

    HealthCheckFilter(Exchange exchange, String cluster, boolean fail) {
        this.exchange = exchange;
        this.cluster = cluster;
        this.fail = fail;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        exchange.info().details = fail ? "health_check_failed" : "health_check_ok";
        exchange.info().routeName = "";
        exchange.info().cluster = null;
        if (fail) {
            exchange.info().flag(ResponseFlag.FAILED_LOCAL_HEALTH_CHECK);
        }
        Http2Headers answer = new DefaultHttp2Headers(false).status(fail ? "503" : "200");
        answer.set(CHECKED_CLUSTER, cluster);
        upper().responseHead(answer, true);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        data.release();
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {}

    @Override
    public void cancel() {}

    @Override
    public void responseWritable(boolean writable) {}
}
