package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.SocketUse;
import io.netty.handler.codec.http2.Http2Headers;

/** Hands each request to the handler that is in force when it comes, so that routes change under open connections. */
final class LiveHandler implements ExchangeHandler {
    private volatile ExchangeHandler current;

    LiveHandler(ExchangeHandler first) {
        current = first;
    }

    void set(ExchangeHandler next) {
        current = next;
    }

    @Override
    public void handle(Exchange exchange, HttpFilter top, Http2Headers head, boolean end) {
        current.handle(exchange, top, head, end);
    }

    @Override
    public SocketUse socket(Exchange exchange, Http2Headers handshake) {
        return current.socket(exchange, handshake);
    }

    @Override
    public void refused(Http2Headers request, Http2Headers response) {
        current.refused(request, response);
    }
}
