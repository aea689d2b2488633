package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.HeaderBlock;
import io.grpcweb.gateway.http.Hygiene;
import io.grpcweb.gateway.http.MediaType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a request must be before it becomes an exchange. */
public final class RequestCheck {
    private final HttpConfig.Limits limits;

    /**
     * Why a request is not served: an HTTP status, and its name where the response has a body.
     *
     * @param details what access logs say of it over HTTP/1.1
     */
    public record Refusal(int status, String body, Details details) {
        Refusal(int status, String body) {
            this(status, body, Details.HTTP1_ERROR);
        }
    }

    private static final Refusal BAD_REQUEST = new Refusal(400, "");
    private static final String LARGE = "Request Header Fields Too Large";
    private static final Refusal TOO_MANY = new Refusal(431, LARGE, Details.HTTP1_TOO_MANY_FIELDS);

    /** More bytes than a head may have. */
    static final Refusal TOO_LARGE = new Refusal(431, LARGE, Details.HTTP1_TOO_LARGE);

    private static final Refusal UNDERSCORE = new Refusal(400, "Bad Request", Details.HTTP1_UNDERSCORE);

    /** A fragment never belongs in a request (RFC 9112 section 3.2). */
    private static final Refusal FRAGMENT = new Refusal(400, "", Details.PATH_REFUSED);

    private static final Refusal TOO_LONG = new Refusal(414, "URI Too Long");

    /** Characters of the target of a call, which is a method's name: what is longer is no call. Others have the whole header. */
    private static final int LONGEST_CALL = 8192;

    /** Checks against the limits of these settings. */
    public RequestCheck(HttpConfig http) {
        this.limits = http.limits();
    }

    /**
     * Completes and checks the head of an HTTP/2 request that is well-formed (RFC 9113 section 8.3.1); null where it may
     * be served.
     */
    public Refusal http2(Http2Headers head) {
        Refusal size = count(head, true);
        if (size != null) {
            return size;
        }
        if (!host(head) || !isScheme(head.scheme())) {
            return BAD_REQUEST;
        }
        joinCookies(head);
        return common(head);
    }

    /** RFC 9113 section 8.3.1: Host stands in for {@code :authority}, and must not say something else. */
    private static boolean host(Http2Headers head) {
        CharSequence host = head.get(HttpHeaderNames.HOST);
        if (host == null) {
            return true;
        }
        boolean one = head.getAll(HttpHeaderNames.HOST).size() == 1;
        head.remove(HttpHeaderNames.HOST);
        if (head.authority() == null) {
            head.authority(host);
            return one;
        }
        return one && AsciiString.contentEqualsIgnoreCase(host, head.authority());
    }

    /** There is no other one; what TLS was ended in front of the gateway says is not known here. */
    private static boolean isScheme(CharSequence scheme) {
        return scheme == null
                || AsciiString.contentEqualsIgnoreCase("https", scheme)
                || AsciiString.contentEqualsIgnoreCase("http", scheme);
    }

    /** Checks the head of an HTTP/1.1 request, the fields of which are in the form of HTTP/2. */
    Refusal http1(Http2Headers head) {
        Refusal size = count(head, false);
        return size == null ? common(head) : size;
    }

    /** Whether the trailers of a request may go on; what has no place in trailers is taken off. */
    boolean trailers(Http2Headers trailers) {
        if (count(trailers, true) != null) {
            return false;
        }
        Hygiene.cleanRequestTrailers(trailers);
        return true;
    }

    /** What both versions share. */
    private static Refusal common(Http2Headers head) {
        if (head.method() == null || !HeaderBlock.isToken(head.method())) {
            return BAD_REQUEST;
        }
        if (head.authority() == null || !HeaderBlock.isAuthority(head.authority())) {
            return BAD_REQUEST;
        }
        return "CONNECT".contentEquals(head.method()) ? new Refusal(403, "") : target(head);
    }

    private static Refusal target(Http2Headers head) {
        CharSequence path = head.path();
        if (path == null || path.length() == 0 || !isPath(path, head.method())) {
            return BAD_REQUEST;
        }
        if (AsciiString.indexOf(path, '#', 0) >= 0) {
            return FRAGMENT;
        }
        if (path.length() > LONGEST_CALL
                && MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) != CallFormat.HTTP) {
            return TOO_LONG;
        }
        return Hygiene.cleanRequest(head) ? expectation(head) : new Refusal(400, "Bad Request");
    }

    /** RFC 9110 section 10.1.1: there is one expectation. The gateway fulfils it, and the backend is not told. */
    private static Refusal expectation(Http2Headers head) {
        CharSequence expected = head.get(HttpHeaderNames.EXPECT);
        if (expected == null) {
            return null;
        }
        return AsciiString.contentEqualsIgnoreCase(HttpHeaderValues.CONTINUE, expected)
                ? null
                : new Refusal(417, "Expectation Failed");
    }

    /** An asterisk is the server as a whole, of which only its options can be asked (RFC 9110 section 7.1). */
    private static boolean isPath(CharSequence path, CharSequence method) {
        return path.charAt(0) == '/' && HeaderBlock.isTarget(path)
                || "*".contentEquals(path) && "OPTIONS".contentEquals(method);
    }

    /** The fields as the peer sent them: what is joined or taken off later counts, too. */
    private Refusal count(Http2Headers head, boolean http2) {
        int fields = 0;
        long bytes = 0;
        boolean underscores = limits.underscores() != HttpConfig.Limits.Underscores.ALLOW;
        List<CharSequence> dropped = List.of();
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            CharSequence name = field.getKey();
            // The request line of HTTP/1.1 is no field; Host is one.
            if (http2
                    || name.charAt(0) != ':'
                    || Http2Headers.PseudoHeaderName.AUTHORITY.value().contentEquals(name)) {
                fields++;
            }
            bytes += name.length() + field.getValue().length();
            if (underscores && name.toString().indexOf('_') >= 0) {
                if (limits.underscores() == HttpConfig.Limits.Underscores.REJECT_REQUEST) {
                    return UNDERSCORE;
                }
                dropped = dropped.isEmpty() ? new ArrayList<>() : dropped;
                dropped.add(name);
            }
        }
        dropped.forEach(head::remove);
        if (fields > limits.headerCount()) {
            return TOO_MANY;
        }
        return bytes > limits.headerBytes() ? TOO_LARGE : null;
    }

    /** RFC 9113 section 8.2.3: crumbs are joined before they leave HTTP/2. */
    private static void joinCookies(Http2Headers head) {
        if (!head.contains(HttpHeaderNames.COOKIE)) {
            return;
        }
        List<CharSequence> crumbs = head.getAll(HttpHeaderNames.COOKIE);
        if (crumbs.size() > 1) {
            head.set(HttpHeaderNames.COOKIE, String.join("; ", crumbs));
        }
    }
}
