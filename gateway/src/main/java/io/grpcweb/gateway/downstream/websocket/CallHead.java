package io.grpcweb.gateway.downstream.websocket;

import io.grpcweb.gateway.http.BrowserFields;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.MediaType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Makes the head of a call from what its first message says and what the browser has said in the handshake. Who calls is
 * for the browser to say, and for the proxies on the way: a script has the message.
 */
final class CallHead {
    private static final AsciiString BINARY = AsciiString.cached("application/grpc-web+proto");

    /** From the handshake where the message has none. */
    private static final List<AsciiString> OF_EITHER = names("user-agent", "accept-language");

    private CallHead() {}

    private static List<AsciiString> names(String... names) {
        return List.of(names).stream().map(AsciiString::cached).toList();
    }

    /**
     * The head of a call, yet to be checked.
     *
     * @param handshake is not changed
     * @param fields of the first message; become the head
     * @param path of the call; may be any text
     */
    static Http2Headers of(Http2Headers handshake, Http2Headers fields, CharSequence path) {
        BrowserFields.remove(fields);
        BrowserFields.copy(handshake, fields);
        // A WebSocket has one form.
        fields.remove(HttpHeaderNames.ACCEPT);
        for (AsciiString name : OF_EITHER) {
            if (!fields.contains(name)) {
                copy(name, handshake, fields);
            }
        }
        if (!handshake.contains(HttpHeaderNames.ORIGIN) && !fields.contains(HttpHeaderNames.AUTHORIZATION)) {
            // Of a program; a browser would add what its user has once typed in.
            copy(HttpHeaderNames.AUTHORIZATION, handshake, fields);
        }
        if (!fields.contains(HttpHeaderNames.CONTENT_TYPE)) {
            fields.set(HttpHeaderNames.CONTENT_TYPE, BINARY);
        }
        Http2Headers head = new DefaultHttp2Headers(false).method("POST").path(path);
        if (handshake.scheme() != null) {
            head.scheme(handshake.scheme());
        }
        return head.authority(handshake.authority()).add(fields);
    }

    private static void copy(AsciiString name, Http2Headers from, Http2Headers to) {
        from.getAll(name).forEach(value -> to.add(name, value));
    }

    /** Whether the message asks for what a WebSocket carries: the binary form of gRPC-Web. */
    static boolean isBinary(Http2Headers head) {
        return MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC_WEB;
    }
}
