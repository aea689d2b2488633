package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.ConnectHeaders;
import io.grpcweb.gateway.http.MediaType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * What a request is in the Connect protocol.
 *
 * @param codec of its messages, such as {@code proto}
 */
record ConnectCall(Kind kind, String codec) {
    private static final String APPLICATION = "application/";
    private static final String STREAM = APPLICATION + "connect+";

    enum Kind {
        /** A body that is one message. */
        UNARY,
        /** A message in the query. */
        GET,
        /** Messages with a prefix each, as in gRPC. */
        STREAM
    }

    /** By its head; null for a request of another protocol. */
    static ConnectCall of(Http2Headers head, Dialect dialect) {
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null || "GET".contentEquals(head.method())) {
            return "GET".contentEquals(head.method()) && isGet(head.path(), dialect)
                    ? new ConnectCall(Kind.GET, "")
                    : null;
        }
        String essence = MediaType.essence(type);
        if (essence.startsWith(STREAM)) {
            return new ConnectCall(Kind.STREAM, essence.substring(STREAM.length()));
        }
        if (!essence.startsWith(APPLICATION) || MediaType.formatOf(type) != CallFormat.HTTP) {
            return null;
        }
        String codec = essence.substring(APPLICATION.length());
        boolean known = dialect == Dialect.CONNECT && isCodec(codec);
        return known || head.contains(ConnectHeaders.VERSION) ? new ConnectCall(Kind.UNARY, codec) : null;
    }

    /** Whether a codec is one that every implementation of the protocol has. */
    static boolean isCodec(String codec) {
        return codec.equals("proto") || codec.equals("json");
    }

    private static boolean isGet(CharSequence path, Dialect dialect) {
        return AsciiString.contains(path, "connect=v1")
                || dialect == Dialect.CONNECT
                        && AsciiString.contains(path, "encoding=")
                        && AsciiString.contains(path, "message=");
    }
}
