package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.Patterns;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.config.RouteConfig.Route;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.http.RequestMatch;
import io.grpcweb.gateway.http.RequestView;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Whether a request fits a route; all parts of its match must. */
final class RouteMatcher {
    private final Route route;
    private final RouteConfig.Match match;
    private final RequestMatch matcher;
    private final boolean crossOrigin;
    private final KnownServices services;

    /** Whose backend says which services it takes; null where the path alone decides. */
    private final String cluster;

    RouteMatcher(Route route, KnownServices services) {
        this.route = route;
        this.services = services;
        this.cluster = reflected(route);
        this.match = route.match();
        this.matcher = new RequestMatch(match);
        this.crossOrigin = route.filters().values().stream().anyMatch(FilterOverride::crossOrigin);
    }

    private static String reflected(Route route) {
        return route.match().path() instanceof PathMatch.Reflected
                        && route.action() instanceof RouteConfig.Forward forward
                        && forward.cluster() instanceof RouteConfig.ClusterChoice.Named named
                ? named.cluster()
                : null;
    }

    Route route() {
        return route;
    }

    /** Whether the backend has the service of a path that fits otherwise. */
    KnownServices.Answer service(String path) {
        return cluster == null ? KnownServices.Answer.HERE : services.of(cluster, path);
    }

    /** Whether pages of other origins may call it, as far as its settings say. */
    boolean isCrossOrigin() {
        return crossOrigin;
    }

    boolean matches(RequestView request, DoubleSupplier random) {
        return matcher.matches(request, random);
    }

    boolean matchesPath(String path) {
        return matcher.matchesPath(path);
    }

    /** Whether a regular expression would have to look at more of the path than it may. */
    boolean cannotRead(String path) {
        return match.path() instanceof PathMatch.Regex regex && !Patterns.reaches(regex.pattern(), path.length());
    }

    /** Whether the path is longer than what the route rewrites by a regular expression. */
    boolean cannotRewrite(String path) {
        Optional<RouteConfig.RegexRewrite> rewrite = route.action() instanceof RouteConfig.Forward forward
                ? forward.regexRewrite()
                : route.action() instanceof RouteConfig.Redirect redirect ? redirect.regexRewrite() : Optional.empty();
        return rewrite.isPresent() && !Patterns.reaches(rewrite.get().pattern(), path.length());
    }

    /** What every path that fits begins with; empty where the letters do not tell. */
    String literal() {
        PathMatch wanted = match.path();
        if (wanted instanceof PathMatch.Prefix prefix) {
            return prefix.ignoreCase() ? "" : prefix.prefix();
        }
        if (wanted instanceof PathMatch.Exact exact) {
            return exact.ignoreCase() ? "" : exact.path();
        }
        return wanted instanceof PathMatch.SeparatedPrefix separated && !separated.ignoreCase()
                ? separated.prefix()
                : "";
    }
}
