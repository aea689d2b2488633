package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;

/** Makes the room of one filter for one exchange. */
public interface HttpFilterFactory {

    /**
     * The room, or null where the filter has nothing to do with this exchange.
     *
     * @param exchange routed already
     * @param head of the request, as the browser sent it but for hygiene
     */
    HttpFilter create(Exchange exchange, Http2Headers head);
}
