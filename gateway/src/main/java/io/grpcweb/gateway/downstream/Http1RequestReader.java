package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.HeaderBlock;
import io.grpcweb.gateway.net.RequestLines;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;

/** Turns the head of an HTTP/1.1 request into the shape that both versions share, and refuses what is ambiguous. */
final class Http1RequestReader {
    private static final RequestCheck.Refusal BAD_REQUEST = new RequestCheck.Refusal(400, "Bad Request");
    private static final RequestCheck.Refusal NO_HOST = new RequestCheck.Refusal(400, "");

    private final RequestCheck check;
    private final PreflightFree preflightFree;
    private final boolean http10;
    private final String http10Host;

    /**
     * What became of a head.
     *
     * @param head the whole head; of a request that is refused, what was understood of it
     * @param preflightFree whether fields of it stood in its query
     * @param upgrade the protocol that it asks to switch to, lower-case; null for none
     * @param refusal null where it may be served
     */
    record Outcome(
            Http2Headers head,
            boolean hasBody,
            boolean expectsContinue,
            boolean close,
            boolean preflightFree,
            String upgrade,
            RequestCheck.Refusal refusal) {
        static Outcome refused(RequestCheck.Refusal refusal, Http2Headers head) {
            return new Outcome(head, false, false, true, false, null, refusal);
        }
    }

    Http1RequestReader(HttpConfig http) {
        this.check = new RequestCheck(http);
        this.preflightFree = new PreflightFree(http.preflightFree());
        this.http10 = http.http10();
        this.http10Host = http.http10Host().isEmpty() ? null : http.http10Host();
    }

    Outcome read(HttpRequest request) {
        HttpHeaders fields = request.headers();
        boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (old && !http10) {
            return Outcome.refused(new RequestCheck.Refusal(426, "Upgrade Required"), understood(request));
        }
        String codings = fields.get(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings != null && !codings.strip().equalsIgnoreCase("chunked")) {
            // RFC 9112 section 6.1: a coding that the server does not understand.
            return Outcome.refused(new RequestCheck.Refusal(501, "Not Implemented"), understood(request));
        }
        if (codings != null && fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            // RFC 9112 section 6.3: request smuggling.
            return Outcome.refused(BAD_REQUEST, understood(request));
        }
        if (fields.getAll(HttpHeaderNames.HOST).size() > 1 || !isAscii(request.uri())) {
            return Outcome.refused(BAD_REQUEST, understood(request));
        }
        // Asked before the fields are cleaned, which says what the backend is told and not what has come.
        long length = HttpUtil.getContentLength(request, 0L);
        boolean expects = HttpUtil.is100ContinueExpected(request);
        boolean close = !HttpUtil.isKeepAlive(request);
        String upgrade = upgrade(fields);
        String named = fields.get(HttpHeaderNames.HOST);
        String host = old && named == null ? http10Host : named;
        Http2Headers head = shared(fields);
        head.method(request.method().asciiName());
        if (!target(request.uri(), host, old, head)) {
            return Outcome.refused(NO_HOST, head);
        }
        boolean free = preflightFree.apply(head);
        RequestCheck.Refusal refusal = check.http1(head);
        if (refusal != null) {
            return Outcome.refused(refusal, head);
        }
        head.remove(HttpHeaderNames.EXPECT);
        if (upgrade != null && (codings != null || length > 0)) {
            // What follows the head would be the body to one reader and the other protocol to another.
            return Outcome.refused(BAD_REQUEST, head);
        }
        if (upgrade != null) {
            // The two fields concern both connections then: they were taken off with the other hop-by-hop fields.
            head.set(HttpHeaderNames.CONNECTION, "Upgrade").set(HttpHeaderNames.UPGRADE, upgrade);
        }
        return new Outcome(head, codings != null || length > 0, expects, close, free, upgrade, null);
    }

    /** RFC 3986 section 2: other characters are escaped. */
    private static boolean isAscii(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9110 section 7.8; an offer of HTTP/2 may be ignored, and is. */
    private static String upgrade(HttpHeaders fields) {
        String wanted = fields.get(HttpHeaderNames.UPGRADE);
        if (wanted == null
                || wanted.equalsIgnoreCase("h2c")
                || !fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            return null;
        }
        return wanted.toLowerCase(Locale.ROOT);
    }

    /** The target in origin-form, absolute-form or asterisk-form (RFC 9112 section 3.2). */
    private static boolean target(String uri, String host, boolean old, Http2Headers head) {
        if (host != null && !old && !HeaderBlock.isAuthority(host)) {
            return false;
        }
        if (uri.startsWith("http://") || uri.startsWith("https://")) {
            return absolute(uri, uri.indexOf("://") + 3, head);
        }
        head.path(uri);
        if (host == null && !old) {
            return false;
        }
        head.authority(host == null ? "" : host);
        return true;
    }

    /** The authority ends where the path or the query begins, and is what the request is for, whatever Host says. */
    private static boolean absolute(String uri, int from, Http2Headers head) {
        int end = from;
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        head.authority(uri.substring(from, end));
        String rest = uri.substring(end);
        head.path(rest.startsWith("/") ? rest : "/" + rest);
        return end > from;
    }

    /** Trailer fields in the shape that both versions share. */
    static Http2Headers trailers(HttpHeaders fields) {
        return shared(fields);
    }

    /** Whether trailers may go on, cleaned of what has no place in them. */
    boolean takes(Http2Headers trailers) {
        return check.trailers(trailers);
    }

    /** The same fields, without the one that becomes something else: the authority. */
    private static Http2Headers shared(HttpHeaders fields) {
        Http2Headers shared = ((Http1Fields) fields).shared();
        shared.remove(HttpHeaderNames.HOST);
        return shared;
    }

    /** What was understood of a head that is refused: its fields so far, and the host. */
    static Http2Headers understood(HttpObject refused) {
        if (!(refused instanceof HttpRequest request) || !(request.headers() instanceof Http1Fields fields)) {
            return new DefaultHttp2Headers(false);
        }
        String host = fields.get(HttpHeaderNames.HOST);
        return host == null ? fields.shared() : shared(fields).authority(host);
    }

    /** What a request is answered whose bytes are not HTTP/1.1. */
    static RequestCheck.Refusal refusal(Throwable cause) {
        if (cause instanceof RequestLines.VersionNotSupported) {
            return new RequestCheck.Refusal(505, "HTTP Version Not Supported");
        }
        return cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException
                ? RequestCheck.TOO_LARGE
                : BAD_REQUEST;
    }
}
