package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.OptionalInt;
import java.util.Set;

/** Makes filters for Connect requests, and none for others. */
final class ConnectFactory implements HttpFilterFactory {
    private final ConnectConfig config;
    private final Set<String> get;

    ConnectFactory(ConnectConfig config) {
        this.config = config;
        this.get = Set.copyOf(config.get());
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        ConnectCall call = config.on() ? ConnectCall.of(head, config.dialect()) : null;
        if (call == null) {
            return null;
        }
        exchange.info().format = CallFormat.CONNECT;
        OptionalInt limit = exchange.http().limits().messageBytes();
        if (call.kind() == ConnectCall.Kind.STREAM) {
            return new StreamFilter(exchange, call, config, limit.isPresent() ? limit.getAsInt() : Long.MAX_VALUE);
        }
        boolean getAllowed = call.kind() == ConnectCall.Kind.GET && isSafe(head.path());
        int most = Math.min(config.mostBytes(), limit.orElse(Integer.MAX_VALUE));
        return new UnaryFilter(exchange, call, config, getAllowed, most);
    }

    private boolean isSafe(CharSequence path) {
        String text = path.toString();
        int end = text.indexOf('?');
        String method = text.substring(1, end < 0 ? text.length() : end);
        return get.contains(method) || get.contains(method.substring(0, method.lastIndexOf('/') + 1) + "*");
    }
}
