package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;

/** What a downstream connection hands each request to. */
public interface ExchangeHandler {

    /**
     * Puts the filters of the exchange under its uppermost one and sends the head of the request down.
     *
     * @param head names in lower-case, with all four pseudo-header fields
     * @param end whether the request has no body
     */
    void handle(Exchange exchange, HttpFilter top, Http2Headers head, boolean end);

    /**
     * What becomes of a WebSocket that asks for a subprotocol of gRPC-Web.
     *
     * @param exchange of its handshake
     * @param handshake its head, which is not changed
     */
    default SocketUse socket(Exchange exchange, Http2Headers handshake) {
        return SocketUse.TUNNEL;
    }

    /**
     * Adds to the response to a request that is refused before it becomes an exchange what its client needs to read it.
     *
     * @param request as far as it was understood: names in lower-case, any pseudo-header field may be missing
     */
    default void refused(Http2Headers request, Http2Headers response) {}
}
