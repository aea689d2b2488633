package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.ConnectHeaders;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcTimeout;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.StringJoiner;

/** The head of a Connect request becomes that of a gRPC call. */
final class RequestHead {
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString IDENTITY = HttpHeaderValues.IDENTITY;

    private RequestHead() {}

    /** What the protocol has refused of a POST; null for nothing. Codings of messages are the backend's to know. */
    static LocalReply problem(Http2Headers head, ConnectCall call, ConnectConfig config) {
        if (!"POST".contentEquals(head.method())) {
            return Refusals.method("POST");
        }
        Iterator<CharSequence> types = head.valueIterator(HttpHeaderNames.CONTENT_TYPE);
        CharSequence type = types.next();
        if (types.hasNext() || !ConnectCall.isCodec(call.codec())) {
            return Refusals.contentType(type);
        }
        CharSequence version = FieldValues.joined(head, ConnectHeaders.VERSION);
        if (version == null ? config.versionRequired() : !"1".contentEquals(version)) {
            return Refusals.version(version);
        }
        CharSequence timeout = FieldValues.joined(head, ConnectHeaders.TIMEOUT);
        return timeout != null && ConnectHeaders.timeout(timeout) < 0 ? Refusals.timeout(timeout) : null;
    }

    /** Whether a coding is none. */
    static boolean isIdentity(CharSequence coding) {
        return coding.length() == 0 || AsciiString.contentEqualsIgnoreCase(IDENTITY, coding);
    }

    /** What unary calls and streams have in common. */
    static void translate(Http2Headers head, ConnectCall call, Dialect dialect) {
        head.remove(ConnectHeaders.VERSION);
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        CharSequence sent = head.get(ConnectHeaders.TIMEOUT);
        long timeout = sent == null ? -1 : ConnectHeaders.timeout(sent);
        if (timeout >= 0) {
            head.remove(ConnectHeaders.TIMEOUT);
            head.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(timeout));
        }
        boolean usual = dialect == Dialect.CONNECT && call.codec().equals("proto");
        head.set(HttpHeaderNames.CONTENT_TYPE, usual ? GRPC : GRPC + "+" + call.codec() + parameters(head, dialect));
        // grpc backends refuse a call without it (PROTOCOL-HTTP2.md, Request-Headers).
        head.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
    }

    /** Those of the media type, which Envoy passes on. */
    private static String parameters(Http2Headers head, Dialect dialect) {
        CharSequence type = dialect == Dialect.ENVOY ? head.get(HttpHeaderNames.CONTENT_TYPE) : null;
        int semicolon = type == null ? -1 : AsciiString.indexOf(type, ';', 0);
        return semicolon < 0 ? "" : type.toString().substring(semicolon);
    }

    /**
     * Names the coding of the messages as gRPC does.
     *
     * @return whether they have one
     */
    static boolean encoding(Http2Headers head, AsciiString field, Dialect dialect) {
        CharSequence coding = head.getAndRemove(field);
        boolean compressed = coding != null && !isIdentity(coding);
        if (compressed || coding != null && dialect == Dialect.ENVOY) {
            head.set(GrpcHeaders.ENCODING, coding);
        }
        return compressed;
    }

    /** Names the codings that the client can read as gRPC does, where a weight has no place; none at all is said as well. */
    static void acceptEncoding(Http2Headers head, AsciiString field, Dialect dialect) {
        CharSequence accepted = FieldValues.joined(head, field);
        head.remove(field);
        if (dialect == Dialect.CONNECT) {
            String codings = accepted == null ? "" : codings(accepted.toString());
            head.set(GrpcHeaders.ACCEPT_ENCODING, codings.isEmpty() ? IDENTITY : codings);
        } else if (accepted != null) {
            head.set(GrpcHeaders.ACCEPT_ENCODING, accepted);
        }
    }

    private static String codings(String accepted) {
        StringJoiner codings = new StringJoiner(",");
        for (String one : accepted.split(",", -1)) {
            int semicolon = one.indexOf(';');
            String coding = (semicolon < 0 ? one : one.substring(0, semicolon)).strip();
            boolean refused =
                    semicolon >= 0 && one.substring(semicolon + 1).strip().matches("q=0(\\.0*)?");
            if (!coding.isEmpty() && !coding.equals("*") && !refused) {
                codings.add(coding);
            }
        }
        return codings.toString();
    }
}
