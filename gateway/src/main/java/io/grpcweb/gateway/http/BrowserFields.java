package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.stream.Stream;

/**
 * Fields that are for a browser to say, or for the proxies on the way, where a script may write the others as a text: who
 * calls, from which page, and what of the message belongs to its connection.
 */
public final class BrowserFields {
    private static final AsciiString[] NAMES = Stream.of(
                    "origin",
                    "cookie",
                    "forwarded",
                    "via",
                    "x-real-ip",
                    "x-forwarded-for",
                    "x-forwarded-host",
                    "x-forwarded-proto",
                    "x-forwarded-port",
                    "x-forwarded-client-cert")
            .map(AsciiString::cached)
            .toArray(AsciiString[]::new);

    private static final AsciiString[] OF_CONNECTION = Stream.of(
                    "host", "connection", "upgrade", "transfer-encoding", "content-length", "expect", "trailer")
            .map(AsciiString::cached)
            .toArray(AsciiString[]::new);

    private BrowserFields() {}

    /** Takes off what a script may not say. */
    public static void remove(Http2Headers written) {
        for (AsciiString name : NAMES) {
            written.remove(name);
        }
        for (AsciiString name : OF_CONNECTION) {
            written.remove(name);
        }
    }

    /** Adds what the browser has said of who calls. */
    public static void copy(Http2Headers from, Http2Headers to) {
        for (AsciiString name : NAMES) {
            from.getAll(name).forEach(value -> to.add(name, value));
        }
    }
}
