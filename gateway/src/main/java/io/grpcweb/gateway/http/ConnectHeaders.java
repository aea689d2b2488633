package io.grpcweb.gateway.http;

import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;

/** Names of fields that the Connect protocol gives a meaning (connectrpc.com/docs/protocol). */
public final class ConnectHeaders {
    public static final AsciiString VERSION = AsciiString.cached("connect-protocol-version");
    public static final AsciiString TIMEOUT = AsciiString.cached("connect-timeout-ms");
    public static final AsciiString CONTENT_ENCODING = AsciiString.cached("connect-content-encoding");
    public static final AsciiString ACCEPT_ENCODING = AsciiString.cached("connect-accept-encoding");

    private static final int MOST_DIGITS = 10;

    private ConnectHeaders() {}

    /** Nanoseconds of a {@code connect-timeout-ms}, or -1 where it is none: up to ten digits, and nothing else. */
    public static long timeout(CharSequence field) {
        if (field.length() == 0 || field.length() > MOST_DIGITS) {
            return -1;
        }
        long millis = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            millis = millis * 10 + (c - '0');
        }
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
