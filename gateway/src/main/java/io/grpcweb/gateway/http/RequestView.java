package io.grpcweb.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.Http2Headers;

/** A request as matchers look at it: the path without its query. */
public final class RequestView {
    private final Http2Headers head;
    private final String path;
    private final String query;

    public RequestView(Http2Headers head) {
        this.head = head;
        String full = head.path() == null ? "" : head.path().toString();
        int mark = full.indexOf('?');
        this.path = mark < 0 ? full : full.substring(0, mark);
        this.query = mark < 0 ? "" : full.substring(mark + 1);
    }

    /** Without the query. */
    public String path() {
        return path;
    }

    /** All values of a field joined by commas, or null where there is none. */
    public CharSequence header(String name) {
        return FieldValues.joined(head, name);
    }

    /** The first value of a query parameter, or null. */
    public String parameter(String name) {
        int at = 0;
        while (at < query.length()) {
            int end = query.indexOf('&', at);
            end = end < 0 ? query.length() : end;
            int equals = query.indexOf('=', at);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (nameEnd > at && decoded(query.substring(at, nameEnd)).equals(name)) {
                return decoded(query.substring(Math.min(nameEnd + 1, end), end));
            }
            at = end + 1;
        }
        return null;
    }

    /** A name or a value of a query without its escapes; as it is where they are broken. */
    public static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return QueryStringDecoder.decodeComponent(text);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    public boolean isPost() {
        return "POST".contentEquals(head.method());
    }

    /** Fetch, section 4.8: OPTIONS with Origin and the method that is asked for. */
    public boolean isPreflight() {
        return "OPTIONS".contentEquals(head.method())
                && isFilled(HttpHeaderNames.ORIGIN)
                && isFilled(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    private boolean isFilled(CharSequence name) {
        CharSequence value = head.get(name);
        return value != null && value.length() > 0;
    }
}
