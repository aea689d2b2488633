package io.grpcweb.gateway.route;

import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.PageVerdict;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/** Judges the page that calls where no browser does: it asks a preflight only for what forms could not always send. */
final class OriginRule {
    private static final String CLEARTEXT = "http://";

    private OriginRule() {}

    /**
     * Whether the page may call over a WebSocket. Who has no origin is no page, but then it has no cookies of a browser either.
     *
     * @param filters that the call passes; without a policy among them only the page of the same host may call
     */
    static PageVerdict overWebSocket(List<HttpFilterFactory> filters, Http2Headers request, ConnectionInfo connection) {
        if (origin(request) == null) {
            return request.contains(HttpHeaderNames.COOKIE)
                    ? PageVerdict.REFUSED
                    : PageVerdict.ALLOWED_WITH_CREDENTIALS;
        }
        return page(filters, request, connection);
    }

    /** The same for a request of HTTP, with which a browser sends the origin always. */
    static PageVerdict page(List<HttpFilterFactory> filters, Http2Headers request, ConnectionInfo connection) {
        CharSequence origin = origin(request);
        if (origin == null) {
            return PageVerdict.REFUSED;
        }
        if (isOwn(origin.toString(), request, connection)) {
            return PageVerdict.ALLOWED_WITH_CREDENTIALS;
        }
        PageVerdict verdict = PageVerdict.NO_SAY;
        for (HttpFilterFactory filter : filters) {
            PageVerdict one = filter.judge(request);
            verdict = one.compareTo(verdict) > 0 ? one : verdict;
        }
        return verdict == PageVerdict.NO_SAY ? PageVerdict.REFUSED : verdict;
    }

    private static CharSequence origin(Http2Headers request) {
        CharSequence origin = FieldValues.joined(request, HttpHeaderNames.ORIGIN);
        return origin == null || origin.length() == 0 ? null : origin;
    }

    /** Anybody on the way can write a page that came in cleartext: it is not the page of a host that is reached over TLS. */
    private static boolean isOwn(String origin, Http2Headers request, ConnectionInfo connection) {
        int scheme = origin.indexOf("://");
        return scheme > 0
                && AsciiString.contentEqualsIgnoreCase(origin.substring(scheme + 3), request.authority())
                && !(connection.isTls() && origin.startsWith(CLEARTEXT));
    }
}
