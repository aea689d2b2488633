package io.grpcweb.gateway.filter.router;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** A change of protocol in the words of HTTP/2: the method CONNECT with {@code :protocol} (RFC 8441). */
final class ExtendedConnect {
    private ExtendedConnect() {}

    /** Rewrites the head of a request that asks for the protocol over HTTP/1.1. */
    static void request(Http2Headers head, String protocol) {
        head.remove(HttpHeaderNames.CONNECTION);
        head.remove(HttpHeaderNames.UPGRADE);
        head.method("CONNECT");
        head.set(Http2Headers.PseudoHeaderName.PROTOCOL.value(), protocol);
    }

    /** Rewrites the head of a response: success is 200 there, 101 on HTTP/1.1. */
    static void answer(Http2Headers head, int status) {
        if (status == 200) {
            head.status("101");
        }
    }
}
