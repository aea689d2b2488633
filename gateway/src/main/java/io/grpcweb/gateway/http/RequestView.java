package io.grpcweb.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;

/** A request as matchers look at it: the path without its query, parameters parsed when first asked for. */
public final class RequestView {
    private final Http2Headers head;
    private final String path;
    private final String query;
    private Map<String, List<String>> parameters;

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
        if (query.isEmpty()) {
            return null;
        }
        if (parameters == null) {
            parameters = new QueryStringDecoder(query, false).parameters();
        }
        List<String> values = parameters.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
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
