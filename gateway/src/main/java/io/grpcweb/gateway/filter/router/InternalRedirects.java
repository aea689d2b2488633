package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig.InternalRedirect;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.RouterStats;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Redirects of backends that the gateway follows itself (Envoy's {@code internal_redirect_policy}): what the request becomes,
 * or why the redirect goes to the client.
 */
final class InternalRedirects {
    private static final String ORIGINAL_URL = "x-envoy-original-url";
    private static final int SEE_OTHER = 303;

    private InternalRedirects() {}

    /**
     * Sends a request to where the response points, where that is allowed and it can be sent again; what is not followed is
     * counted and goes to the client.
     */
    static boolean follow(
            InternalRedirect policy,
            OutgoingRequest request,
            Http2Headers response,
            Exchange exchange,
            RouterStats stats) {
        StreamInfo info = exchange.info();
        boolean whole = request.isComplete() && request.isKept() && !request.hasTrailers() && info.upgrade == null;
        Http2Headers next =
                whole && info.format == CallFormat.HTTP ? head(policy, request.head(), response, info, stats) : null;
        if (next == null) {
            return false;
        }
        ByteBuf body =
                changesMethod(request.head(), response) ? Unpooled.EMPTY_BUFFER : request.body(exchange.allocator());
        info.redirects++;
        if (exchange.restart(next, body)) {
            return true;
        }
        stats.redirectNoRoute.increment();
        return false;
    }

    /**
     * The head of the request to where a response points.
     *
     * @param request as it was sent; it stays as it is
     * @return null where the redirect is not followed, which is counted
     */
    private static Http2Headers head(
            InternalRedirect policy, Http2Headers request, Http2Headers response, StreamInfo info, RouterStats stats) {
        CharSequence location = response.get(HttpHeaderNames.LOCATION);
        URI target = location == null ? null : absolute(location.toString());
        if (target == null) {
            stats.redirectBadLocation.increment();
            return null;
        }
        String scheme = String.valueOf(request.scheme());
        if (!policy.crossScheme() && !scheme.equalsIgnoreCase(target.getScheme())) {
            stats.redirectUnsafeScheme.increment();
            return null;
        }
        if (info.redirects >= policy.most()) {
            stats.redirectTooMany.increment();
            return null;
        }
        Http2Headers head = new DefaultHttp2Headers(false);
        head.setAll(request);
        head.set(ORIGINAL_URL, scheme + "://" + request.authority() + request.path());
        head.scheme(target.getScheme());
        head.authority(target.getRawAuthority());
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        head.path((target.getRawPath().isEmpty() ? "/" : target.getRawPath()) + query);
        for (String name : policy.copied()) {
            CharSequence value = response.get(name);
            if (value == null) {
                head.remove(name);
            } else {
                head.set(name, value);
            }
        }
        if (changesMethod(request, response)) {
            head.method("GET");
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
            head.remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
        return head;
    }

    /** What is seen at another place is got there (RFC 9110 section 15.4.4), without the body. */
    private static boolean changesMethod(Http2Headers request, Http2Headers response) {
        return Integer.toString(SEE_OTHER).contentEquals(response.status())
                && !"GET".contentEquals(request.method())
                && !"HEAD".contentEquals(request.method());
    }

    private static URI absolute(String location) {
        try {
            URI uri = new URI(location);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null && uri.getRawUserInfo() == null ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
