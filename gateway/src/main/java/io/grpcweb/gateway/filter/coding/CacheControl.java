package io.grpcweb.gateway.filter.coding;

import io.grpcweb.gateway.http.FieldValues;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;

/** The field {@code cache-control} as far as it is about codings. */
public final class CacheControl {
    private CacheControl() {}

    /** Whether nobody asks that the body stays as it is (RFC 9111 sections 5.2.1.6 and 5.2.2.6). */
    public static boolean mayTransform(Http2Headers head) {
        CharSequence control = FieldValues.joined(head, HttpHeaderNames.CACHE_CONTROL);
        if (control != null) {
            for (String directive : control.toString().split(",", -1)) {
                if (HttpHeaderValues.NO_TRANSFORM.contentEqualsIgnoreCase(directive.strip())) {
                    return false;
                }
            }
        }
        return true;
    }
}
