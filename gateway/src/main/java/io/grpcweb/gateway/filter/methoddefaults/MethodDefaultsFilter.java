package io.grpcweb.gateway.filter.methoddefaults;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcTimeout;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.schema.RpcMethod;
import io.netty.handler.codec.http2.Http2Headers;

/** Gives one call what holds for its method. */
final class MethodDefaultsFilter extends HttpFilter {
    private final Exchange exchange;
    private final MethodDefaultsConfig config;
    private final KnownMethods methods;

    MethodDefaultsFilter(Exchange exchange, MethodDefaultsConfig config, KnownMethods methods) {
        this.exchange = exchange;
        this.config = config;
        this.methods = methods;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        RpcMethod method = methods.of(exchange, head.path());
        if (method != null) {
            apply(method, head);
        }
        lower().requestHead(head, end);
    }

    private void apply(RpcMethod method, Http2Headers head) {
        if (method.clientStreaming() || method.serverStreaming()) {
            if (!config.streamIdle().isZero()) {
                exchange.timer().idleFromNow(config.streamIdle());
            }
        } else if (!config.unaryTimeout().isZero() && !head.contains(GrpcHeaders.TIMEOUT)) {
            // The backend should know when its response is no longer wanted.
            head.set(
                    GrpcHeaders.TIMEOUT,
                    GrpcTimeout.format(config.unaryTimeout().toNanos()));
            exchange.timer().endWithin(config.unaryTimeout().toNanos());
        }
        if (config.retry() && method.idempotent() && !method.clientStreaming()) {
            exchange.info().idempotent = true;
        }
    }
}
