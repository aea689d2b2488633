package io.grpcweb.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Locale;

/** Fields that concern one connection only do not pass on (RFC 9110 section 7.6.1); nor do Envoy's control fields. */
public final class Hygiene {
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    private static final AsciiString[] HOP_BY_HOP = {
        HttpHeaderNames.CONNECTION,
        KEEP_ALIVE,
        PROXY_CONNECTION,
        HttpHeaderNames.TRANSFER_ENCODING,
        HttpHeaderNames.UPGRADE,
        AsciiString.cached("http2-settings")
    };

    /** What a server might take for part of the head where it merges trailers into it (RFC 9110 section 6.5.1). */
    private static final AsciiString[] NOT_IN_TRAILERS = names(
            "host",
            "content-length",
            "content-type",
            "content-encoding",
            "trailer",
            "te",
            "expect",
            "authorization",
            "cookie",
            "forwarded",
            "x-real-ip",
            "x-request-id",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-port",
            "x-forwarded-client-cert");

    /** A Connection field with this many names is an attempt to strip something. */
    private static final int MOST_CONNECTION_NAMES = 9;

    /** What only the gateway's own configuration may say, not a request from outside (Envoy's router filter). */
    private static final AsciiString[] CONTROL = names(
            "x-envoy-retry-on",
            "x-envoy-retry-grpc-on",
            "x-envoy-max-retries",
            "x-envoy-upstream-rq-timeout-ms",
            "x-envoy-upstream-rq-per-try-timeout-ms",
            "x-envoy-upstream-rq-timeout-alt-response",
            "x-envoy-upstream-alt-stat-name",
            "x-envoy-expected-rq-timeout-ms",
            "x-envoy-force-trace",
            "x-envoy-ip-tags",
            "x-envoy-original-url",
            "x-envoy-hedge-on-per-try-timeout",
            "x-envoy-retriable-status-codes",
            "x-envoy-retriable-header-names",
            "x-envoy-internal",
            "x-envoy-external-address",
            "x-envoy-decorator-operation",
            "x-envoy-downstream-service-cluster",
            "x-envoy-downstream-service-node");

    /** What the gateway writes when it changes a request, and access logs read: nobody else may. */
    private static final AsciiString[] MARKS = names("x-envoy-original-path", "x-envoy-original-host");

    private Hygiene() {}

    /** Names that remember their hash: every request is asked for all of them. */
    private static AsciiString[] names(String... names) {
        return Arrays.stream(names).map(AsciiString::cached).toArray(AsciiString[]::new);
    }

    /**
     * Takes off what the Connection field names, and the hop-by-hop fields themselves. False where the field is an
     * attack: too many names, or a name that must not be stripped.
     */
    public static boolean cleanRequest(Http2Headers head) {
        CharSequence connection = FieldValues.joined(head, HttpHeaderNames.CONNECTION);
        if (connection != null) {
            String[] names = connection.toString().split(",", -1);
            if (names.length > MOST_CONNECTION_NAMES) {
                return false;
            }
            for (String raw : names) {
                String name = raw.strip().toLowerCase(Locale.ROOT);
                if (name.startsWith(":")
                        || name.equals("x-forwarded-for")
                        || name.equals("x-forwarded-host")
                        || name.equals("x-forwarded-proto")) {
                    return false;
                }
                if (!name.isEmpty() && !name.equals("te")) {
                    head.remove(name);
                }
            }
        }
        removeHopByHop(head);
        cleanTe(head);
        join(head, HttpHeaderNames.ORIGIN);
        join(head, HttpHeaderNames.REFERER);
        for (AsciiString mark : MARKS) {
            head.remove(mark);
        }
        removeStatus(head);
        return true;
    }

    /** Only a response has a status. */
    private static void removeStatus(Http2Headers fields) {
        fields.remove(GrpcHeaders.STATUS);
        fields.remove(GrpcHeaders.MESSAGE);
    }

    /**
     * Takes off the trailers of a request what is taken off its head, and what a head alone may say. Who the caller is
     * was settled with the head.
     */
    public static void cleanRequestTrailers(Http2Headers trailers) {
        removeHopByHop(trailers);
        for (AsciiString name : NOT_IN_TRAILERS) {
            trailers.remove(name);
        }
        removeControl(trailers);
        removeStatus(trailers);
    }

    /** Takes off the trailers of a response what would speak of its framing. */
    public static void cleanResponseTrailers(Http2Headers trailers) {
        removeHopByHop(trailers);
        trailers.remove(HttpHeaderNames.CONTENT_LENGTH);
        trailers.remove(HttpHeaderNames.TRAILER);
    }

    /** Several fields of a name that has one value are one list, as Envoy forwards them (RFC 9110 section 5.3). */
    private static void join(Http2Headers head, AsciiString name) {
        CharSequence first = head.get(name);
        CharSequence all = first == null ? null : FieldValues.joined(head, name);
        if (all != first) {
            head.set(name, all.toString());
        }
    }

    /** Takes off Envoy's control fields, unless the request is from inside. */
    public static void removeControl(Http2Headers head) {
        for (AsciiString name : CONTROL) {
            head.remove(name);
        }
    }

    /** Takes off the fields that concern the connection to the backend. */
    public static void cleanResponse(Http2Headers head) {
        CharSequence connection = FieldValues.joined(head, HttpHeaderNames.CONNECTION);
        if (connection != null) {
            for (String raw : connection.toString().split(",", -1)) {
                String name = raw.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && name.charAt(0) != ':') {
                    head.remove(name);
                }
            }
        }
        removeHopByHop(head);
    }

    private static void removeHopByHop(Http2Headers head) {
        for (AsciiString name : HOP_BY_HOP) {
            head.remove(name);
        }
    }

    private static void cleanTe(Http2Headers head) {
        CharSequence te = FieldValues.joined(head, HttpHeaderNames.TE);
        if (te == null) {
            return;
        }
        for (String coding : te.toString().split(",", -1)) {
            if (coding.split(";", 2)[0].strip().equalsIgnoreCase("trailers")) {
                head.set(HttpHeaderNames.TE, "trailers");
                return;
            }
        }
        head.remove(HttpHeaderNames.TE);
    }
}
