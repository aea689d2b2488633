package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.http.RequestView;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** A request in which tokens are looked for; what is parsed once serves all places. */
final class TokenSearch {
    private final RequestView request;

    TokenSearch(Http2Headers head) {
        this.request = new RequestView(head);
    }

    CharSequence header(String name) {
        return request.header(name);
    }

    String parameter(String name) {
        return request.parameter(name);
    }

    /** The first cookie of this name, without quotation marks around it (RFC 6265 section 5.4); null for none. */
    String cookie(String name) {
        CharSequence all = request.header(HttpHeaderNames.COOKIE.toString());
        if (all == null) {
            return null;
        }
        String text = all.toString();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf(';', at);
            end = end < 0 ? text.length() : end;
            int equals = text.indexOf('=', at);
            if (equals > 0 && equals < end && text.substring(at, equals).trim().equals(name)) {
                String value = text.substring(equals + 1, end).trim();
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                return quoted ? value.substring(1, value.length() - 1) : value;
            }
            at = end + 1;
        }
        return null;
    }
}
