package io.grpcweb.gateway.healthcheck;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.ResponseFlag;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** Answers a health check by itself: 200, or 503 while the gateway says that it is not well. Nothing goes further down. */
final class HealthCheckFilter extends HttpFilter {
    private final Exchange exchange;
    private final boolean fail;

    HealthCheckFilter(Exchange exchange, boolean fail) {
        this.exchange = exchange;
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
        upper().responseHead(new DefaultHttp2Headers(false).status(fail ? "503" : "200"), true);
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
