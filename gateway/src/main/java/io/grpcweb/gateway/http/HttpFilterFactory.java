package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;

/** Makes one filter for each exchange. */
public interface HttpFilterFactory {

    /**
     * The filter, or null where the filter has nothing to do with this exchange.
     *
     * @param exchange routed already
     * @param head of the request, as the client sent it but for hygiene
     */
    HttpFilter create(Exchange exchange, Http2Headers head);

    /**
     * Whether it keeps something between calls, such as the tokens of a rate limit, so that it goes on where the
     * configuration is replaced by one with the same settings.
     */
    default boolean keepsState() {
        return false;
    }
}
