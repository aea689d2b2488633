package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.BrowserFields;
import io.grpcweb.gateway.http.HeaderLines;
import io.grpcweb.gateway.http.Parameters;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;

/**
 * Calls for which a browser asks no preflight: the clients of grpc-web for JavaScript and Dart put their fields into the query,
 * so that the request is one that any form could send (grpc-web doc/browser-features.md). The fields take their place in the
 * head, and whoever routes the request judges its origin.
 */
final class PreflightFree {
    private static final String PARAMETER = "$httpHeaders";

    private final boolean on;

    PreflightFree(boolean on) {
        this.on = on;
    }

    /** Whether the head had fields in its query; then they stand among the others now, or are left out where they are none. */
    boolean apply(Http2Headers head) {
        return on && hasQuery(head.path()) && isPost(head) && unpack(head);
    }

    private static boolean hasQuery(CharSequence path) {
        return path != null && AsciiString.indexOf(path, '?', 0) >= 0;
    }

    private static boolean unpack(Http2Headers head) {
        CharSequence path = head.path();
        Parameters query = Parameters.of(path);
        String lines = query.first(PARAMETER);
        if (lines == null) {
            return false;
        }
        query.remove(PARAMETER);
        head.path(query.path());
        Http2Headers fields = HeaderLines.parse(lines);
        if (fields != null) {
            BrowserFields.remove(fields);
            for (CharSequence name : fields.names()) {
                head.remove(name);
            }
            for (Map.Entry<CharSequence, CharSequence> field : fields) {
                head.add(field.getKey(), field.getValue());
            }
        }
        return true;
    }

    private static boolean isPost(Http2Headers head) {
        return head.method() != null && "POST".contentEquals(head.method());
    }
}
