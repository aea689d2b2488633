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
     * Adds to a response what its client needs in order to read it, where the request is refused before it becomes an
     * exchange.
     *
     * @param request as far as it was understood
     */
    default void refused(Http2Headers request, Http2Headers response) {}

    /** Whether it has a policy for the pages of other origins. */
    default boolean judgesPages() {
        return false;
    }

    /**
     * What it says of a page that calls without a preflight: over a WebSocket, or with its fields in the query. It counts a
     * refusal and explains it.
     *
     * @param request with the {@code origin} of another page
     */
    default PageVerdict judge(Http2Headers request) {
        return PageVerdict.NO_SAY;
    }

    /** Whether it makes gRPC calls of gRPC-Web calls, which a WebSocket may carry then. */
    default boolean translatesCalls() {
        return false;
    }

    /**
     * Whether it keeps something between calls, such as the tokens of a rate limit, so that it goes on where the
     * configuration is replaced by one with the same settings.
     */
    default boolean keepsState() {
        return false;
    }
}
