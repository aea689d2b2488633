package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.Route;
import io.grpcweb.gateway.config.RouteConfig.VirtualHost;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.RequestView;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * The virtual hosts of a listener. An authority goes to the one with its exact domain, else the longest {@code *.suffix},
 * else the longest {@code prefix.*}, else {@code *} (Envoy's route_components.proto, VirtualHost.domains).
 */
public final class RouteTable {
    private final Map<String, Routes> exact = new HashMap<>();
    private final List<Wildcard> suffixes = new ArrayList<>();
    private final List<Wildcard> prefixes = new ArrayList<>();
    private final boolean ignorePort;
    private Routes any;

    private record Wildcard(String text, Routes routes) {}

    private record Routes(VirtualHost host, RouteIndex index) {}

    /**
     * What a request was matched to; either part may be null.
     *
     * @param refusal where a route cannot say whether it takes the request, what its client is told; null otherwise
     */
    public record Result(VirtualHost virtualHost, Route route, LocalReply refusal) {
        Result(VirtualHost virtualHost, Route route) {
            this(virtualHost, route, null);
        }
    }

    /** No virtual host and no route. */
    static final Result NOTHING = new Result(null, null);

    /**
     * The routes of a listener.
     *
     * @param services decides on routes that take the services of a backend
     */
    public RouteTable(RouteConfig config, KnownServices services) {
        ignorePort = config.ignorePort();
        for (VirtualHost host : config.virtualHosts()) {
            Routes routes = new Routes(host, new RouteIndex(host.routes(), services));
            for (String domain : host.domains()) {
                String name = domain.toLowerCase(Locale.ROOT);
                if (name.equals("*")) {
                    any = routes;
                } else if (name.startsWith("*")) {
                    suffixes.add(new Wildcard(name.substring(1), routes));
                } else if (name.endsWith("*")) {
                    prefixes.add(new Wildcard(name.substring(0, name.length() - 1), routes));
                } else {
                    exact.put(name, routes);
                }
            }
        }
        Comparator<Wildcard> longestFirst = (one, other) -> Integer.compare(other.text.length(), one.text.length());
        suffixes.sort(longestFirst);
        prefixes.sort(longestFirst);
    }

    /** For what only looks at a file: each backend is taken to have each service. */
    public static RouteTable onPaper(RouteConfig config) {
        return new RouteTable(config, KnownServices.EVERYWHERE);
    }

    /**
     * The route of a request.
     *
     * @param head as the client sent it
     * @param random from 0, inclusive, to 1, exclusive, asked once for each route that takes a share of its requests
     */
    public Result match(Http2Headers head, DoubleSupplier random) {
        Routes routes = virtualHost(head.authority());
        if (routes == null) {
            return NOTHING;
        }
        RequestView request = new RequestView(head);
        RouteMatcher[] candidates = routes.index.candidates(request.path());
        for (RouteMatcher matcher : candidates) {
            if (matcher.cannotRead(request.path())) {
                return new Result(routes.host, null, LocalReply.badPath());
            }
            if (matcher.matches(request, random)) {
                switch (matcher.service(request.path())) {
                    case HERE -> {
                        return matcher.cannotRewrite(request.path())
                                ? new Result(routes.host, null, LocalReply.badPath())
                                : new Result(routes.host, matcher.route());
                    }
                    case UNKNOWN -> {
                        // It may be the route of this call, and the next one is not asked instead; pages get theirs.
                        if (request.isPost()) {
                            return new Result(routes.host, null, LocalReply.unknownServices());
                        }
                    }
                    case ELSEWHERE -> {}
                }
            }
        }
        if (request.isPreflight()) {
            // A preflight never carries the fields of the call that it asks for, so they cannot decide its route.
            for (RouteMatcher matcher : candidates) {
                if (matcher.isCrossOrigin()
                        && matcher.matchesPath(request.path())
                        && matcher.service(request.path()) != KnownServices.Answer.ELSEWHERE) {
                    return new Result(routes.host, matcher.route());
                }
            }
        }
        return new Result(routes.host, null);
    }

    /** The virtual host of a request that is not served, whatever its path. */
    Result withoutRoute(Http2Headers head) {
        Routes routes = virtualHost(head.authority());
        return routes == null ? NOTHING : new Result(routes.host, null);
    }

    private Routes virtualHost(CharSequence authority) {
        if (exact.isEmpty() && suffixes.isEmpty() && prefixes.isEmpty()) {
            return any;
        }
        String name = authority == null ? "" : authority.toString().toLowerCase(Locale.ROOT);
        int port = ignorePort ? HostForm.portStart(name) : 0;
        if (port > 0) {
            name = name.substring(0, port - 1);
        }
        Routes found = exact.get(name);
        if (found != null) {
            return found;
        }
        for (Wildcard suffix : suffixes) {
            if (name.length() > suffix.text.length() && name.endsWith(suffix.text)) {
                return suffix.routes;
            }
        }
        for (Wildcard prefix : prefixes) {
            if (name.length() > prefix.text.length() && name.startsWith(prefix.text)) {
                return prefix.routes;
            }
        }
        return any;
    }
}
