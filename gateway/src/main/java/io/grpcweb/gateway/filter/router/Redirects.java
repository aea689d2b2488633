package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.config.RouteConfig.Redirect;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** Where a redirect route leads. */
final class Redirects {
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");

    private Redirects() {}

    static String location(Redirect redirect, RouteConfig.Route route, Http2Headers request) {
        String scheme = redirect.httpsRedirect() ? "https" : redirect.scheme().orElse(String.valueOf(request.scheme()));
        String authority = request.authority().toString();
        String port = redirect.port().isPresent() ? ":" + redirect.port().getAsInt() : "";
        String host = redirect.host()
                .orElseGet(
                        () -> port.isEmpty() && !isPortOf(request, authority, scheme) ? authority : hostOf(authority));
        String path = path(redirect, route.match().path(), request.path().toString());
        if (host.isEmpty()) {
            // Clients would take the first segment of the path for the host that is missing.
            return path.startsWith("/") ? path : "/" + path;
        }
        // What does not begin like a path would go on with the host's name.
        boolean apart = path.isEmpty() || path.charAt(0) == '/' || path.charAt(0) == '?';
        return scheme + "://" + host + port + (apart ? path : "/" + path);
    }

    /** The URL that was asked for. */
    static String itself(Http2Headers request) {
        return request.scheme() + "://" + request.authority() + request.path();
    }

    /** Whether the port of an authority goes without saying in the scheme of the client's connection, and another scheme comes. */
    private static boolean isPortOf(Http2Headers request, String authority, String scheme) {
        CharSequence before = request.get(FORWARDED_PROTO);
        if (before == null || scheme.contentEquals(before)) {
            return false;
        }
        String port = authority.substring(hostOf(authority).length());
        return "https".contentEquals(before) && port.equals(":443")
                || "http".contentEquals(before) && port.equals(":80");
    }

    private static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    private static String path(Redirect redirect, PathMatch match, String full) {
        int mark = full.indexOf('?');
        String bare = mark < 0 ? full : full.substring(0, mark);
        String query = mark < 0 || redirect.stripQuery() ? "" : full.substring(mark);
        if (redirect.path().isPresent()) {
            String replaced = redirect.path().get();
            return replaced.indexOf('?') >= 0 ? replaced : replaced + query;
        }
        if (redirect.prefixRewrite().isPresent()) {
            String matched = match instanceof PathMatch.Prefix prefix
                    ? prefix.prefix()
                    : match instanceof PathMatch.SeparatedPrefix separated ? separated.prefix() : bare;
            return redirect.prefixRewrite().get() + bare.substring(matched.length()) + query;
        }
        if (redirect.regexRewrite().isPresent()) {
            return redirect.regexRewrite().get().in(bare) + query;
        }
        return bare + query;
    }
}
