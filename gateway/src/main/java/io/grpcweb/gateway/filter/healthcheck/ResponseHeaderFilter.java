package io.grpcweb.gateway.filter.healthcheck;

import io.grpcweb.gateway.http.HttpFilter;
import io.netty.handler.codec.http2.Http2Headers;

/** Adds one field to the head of a response. */
final class ResponseHeaderFilter extends HttpFilter {
    private final String name;
    private final String value;

    ResponseHeaderFilter(String name, String value) {
        this.name = name;
        this.value = value;
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        head.set(name, value);
        upper().responseHead(head, end);
    }
}
