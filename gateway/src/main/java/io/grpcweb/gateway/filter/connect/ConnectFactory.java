package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.schema.RpcMethod;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.OptionalInt;
import java.util.Set;

/** Makes filters for Connect requests, and for those of gRPC-Web whose messages are JSON; none for others. */
final class ConnectFactory implements HttpFilterFactory {
    private final ConnectConfig config;
    private final Set<String> get;

    /** Null where JSON stays JSON. */
    private final Methods methods;

    ConnectFactory(ConnectConfig config, Methods methods) {
        this.config = config;
        this.get = Set.copyOf(config.get());
        this.methods = methods;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        if (!config.on()) {
            return null;
        }
        ConnectCall call = ConnectCall.of(head, config.dialect());
        if (call != null) {
            exchange.info().format = CallFormat.CONNECT;
        }
        JsonFilter json = methods != null && JsonFilter.concerns(exchange.info().format, head)
                ? new JsonFilter(exchange, methods, mostBytes(exchange))
                : null;
        if (call == null) {
            return json;
        }
        if (call.kind() == ConnectCall.Kind.STREAM) {
            OptionalInt limit = exchange.http().limits().messageBytes();
            long most = limit.isPresent() ? limit.getAsInt() : Long.MAX_VALUE;
            return new StreamFilter(exchange, call, config, most, json);
        }
        boolean getAllowed = call.kind() == ConnectCall.Kind.GET && isSafe(head.path());
        return new UnaryFilter(exchange, call, config, getAllowed, mostBytes(exchange), json);
    }

    private int mostBytes(Exchange exchange) {
        return Math.min(
                config.mostBytes(), exchange.http().limits().messageBytes().orElse(Integer.MAX_VALUE));
    }

    private boolean isSafe(CharSequence path) {
        String plain = CalledMethod.of(path);
        RpcMethod known = methods == null ? null : methods.known(plain);
        if (known != null && known.withoutSideEffects()) {
            return true;
        }
        String method = plain.substring(1);
        return get.contains(method) || get.contains(method.substring(0, method.lastIndexOf('/') + 1) + "*");
    }
}
