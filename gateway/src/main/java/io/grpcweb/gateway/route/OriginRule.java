package io.grpcweb.gateway.route;

import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.PageVerdict;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/** Judges the origin of a page where no browser does: it asks a preflight for what scripts could not always send, only. */
final class OriginRule {
    private OriginRule() {}

    /** What the filters say together: a refusal counts more than a permission. */
    static PageVerdict verdict(List<HttpFilterFactory> filters, Http2Headers request) {
        PageVerdict verdict = PageVerdict.NO_SAY;
        for (HttpFilterFactory filter : filters) {
            PageVerdict one = filter.judge(request);
            if (one.compareTo(verdict) > 0) {
                verdict = one;
            }
        }
        return verdict;
    }

    /** Whether a WebSocket may be opened: who has no origin is no page, but then it has no cookies of a browser either. */
    static boolean mayOpen(PageVerdict verdict, Http2Headers handshake) {
        return origin(handshake) == null ? !handshake.contains(HttpHeaderNames.COOKIE) : mayCall(verdict, handshake);
    }

    /** Whether the page may call: its origin is allowed, or, where there is no policy, is the origin that it calls. */
    static boolean mayCall(PageVerdict verdict, Http2Headers request) {
        CharSequence origin = origin(request);
        return origin != null
                && (verdict == PageVerdict.ALLOWED || (verdict == PageVerdict.NO_SAY && isOwn(origin, request)));
    }

    private static CharSequence origin(Http2Headers request) {
        CharSequence origin = FieldValues.joined(request, HttpHeaderNames.ORIGIN);
        return origin == null || origin.length() == 0 ? null : origin;
    }

    private static boolean isOwn(CharSequence origin, Http2Headers request) {
        int scheme = origin.toString().indexOf("://");
        CharSequence host = scheme < 0 ? "" : origin.subSequence(scheme + 3, origin.length());
        return host.length() > 0 && AsciiString.contentEqualsIgnoreCase(host, request.authority());
    }
}
