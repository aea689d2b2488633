package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.http.FieldValues;
import io.netty.handler.codec.http2.Http2Headers;

/** What a route changes of the path and the authority on the way to the backend. */
final class RequestRewrite {
    private static final String ORIGINAL_PATH = "x-envoy-original-path";
    private static final String ORIGINAL_HOST = "x-envoy-original-host";
    private static final String FORWARDED_HOST = "x-forwarded-host";

    private RequestRewrite() {}

    /** Rewrites the head; unless {@code quiet}, the backend is told what the client had sent. */
    static void apply(Http2Headers head, RouteConfig.Route route, Forward forward, boolean quiet) {
        String path = head.path().toString();
        authority(head, path, forward.hostRewrite(), quiet);
        if (forward.prefixRewrite().isPresent() || forward.regexRewrite().isPresent()) {
            if (!quiet) {
                head.set(ORIGINAL_PATH, path);
            }
            head.path(path(path, route.match().path(), forward));
        }
    }

    private static void authority(Http2Headers head, String path, RouteConfig.HostRewrite rewrite, boolean quiet) {
        if (rewrite.literal().isPresent()) {
            host(head, rewrite.literal().get(), rewrite, quiet);
        } else if (rewrite.header().isPresent()) {
            CharSequence value = head.get(rewrite.header().get());
            if (value != null && !value.isEmpty()) {
                host(head, value.toString(), rewrite, quiet);
            }
        } else if (rewrite.fromPath().isPresent()) {
            int mark = path.indexOf('?');
            String bare = mark < 0 ? path : path.substring(0, mark);
            host(head, rewrite.fromPath().get().in(bare), rewrite, quiet);
        }
    }

    /** The backend sees another authority; an endpoint without a name has none to give. */
    static void host(Http2Headers head, String host, RouteConfig.HostRewrite rewrite, boolean quiet) {
        if (host.isEmpty()) {
            return;
        }
        if (rewrite.forwardsOriginal()) {
            forwardOriginal(head);
        }
        if (!quiet) {
            head.set(ORIGINAL_HOST, head.authority());
        }
        head.authority(host);
    }

    /** Appends the old authority, unless it is the last one already. */
    private static void forwardOriginal(Http2Headers head) {
        CharSequence before = FieldValues.joined(head, FORWARDED_HOST);
        if (before == null) {
            head.set(FORWARDED_HOST, head.authority());
            return;
        }
        String hosts = before.toString();
        if (!hosts.substring(hosts.lastIndexOf(',') + 1).strip().contentEquals(head.authority())) {
            head.set(FORWARDED_HOST, hosts + "," + head.authority());
        }
    }

    /** The new path; the query stays. */
    static String path(String path, PathMatch match, Forward forward) {
        int mark = path.indexOf('?');
        String bare = mark < 0 ? path : path.substring(0, mark);
        String query = mark < 0 ? "" : path.substring(mark);
        if (forward.prefixRewrite().isPresent()) {
            String matched = matchedPart(bare, match);
            return forward.prefixRewrite().get() + bare.substring(matched.length()) + query;
        }
        if (forward.regexRewrite().isPresent()) {
            RouteConfig.RegexRewrite rewrite = forward.regexRewrite().get();
            return rewrite.in(bare) + query;
        }
        return path;
    }

    private static String matchedPart(String path, PathMatch match) {
        if (match instanceof PathMatch.Prefix prefix) {
            return prefix.prefix();
        }
        if (match instanceof PathMatch.SeparatedPrefix prefix) {
            return prefix.prefix();
        }
        return path;
    }
}
