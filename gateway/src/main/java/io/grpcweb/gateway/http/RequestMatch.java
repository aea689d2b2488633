package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.Patterns;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import java.util.function.DoubleSupplier;

/** Whether a request fits the match of a route, or of a rule of a filter; all parts of it must. */
public final class RequestMatch {
    private final RouteConfig.Match match;

    public RequestMatch(RouteConfig.Match match) {
        this.match = match;
    }

    /**
     * Whether it fits.
     *
     * @param random from 0, inclusive, to 1, exclusive; asked where only a share of the requests is to fit
     */
    public boolean matches(RequestView request, DoubleSupplier random) {
        return matchesPath(request.path())
                && (!match.grpc() || MediaType.formatOf(request.header("content-type")) == CallFormat.GRPC)
                && matchesHeaders(request)
                && matchesQuery(request)
                && (match.fraction() >= 1 || random.getAsDouble() < match.fraction());
    }

    /** Whether the path fits, as far as it decides; which services a backend has is for {@link KnownServices} to say. */
    public boolean matchesPath(String path) {
        PathMatch wanted = match.path();
        if (wanted instanceof PathMatch.Prefix prefix) {
            return startsWith(path, prefix.prefix(), prefix.ignoreCase());
        }
        if (wanted instanceof PathMatch.Exact exact) {
            return exact.ignoreCase() ? path.equalsIgnoreCase(exact.path()) : path.equals(exact.path());
        }
        if (wanted instanceof PathMatch.Regex regex) {
            return Patterns.matches(regex.pattern(), path);
        }
        if (wanted instanceof PathMatch.Reflected) {
            return true;
        }
        PathMatch.SeparatedPrefix separated = (PathMatch.SeparatedPrefix) wanted;
        int length = separated.prefix().length();
        return startsWith(path, separated.prefix(), separated.ignoreCase())
                && (path.length() == length || path.charAt(length) == '/');
    }

    private static boolean startsWith(String path, String prefix, boolean ignoreCase) {
        return path.regionMatches(ignoreCase, 0, prefix, 0, prefix.length());
    }

    private boolean matchesHeaders(RequestView request) {
        for (HeaderMatch wanted : match.headers()) {
            if (!wanted.fits(request.header(wanted.name()))) {
                return false;
            }
        }
        return true;
    }

    private boolean matchesQuery(RequestView request) {
        for (RouteConfig.QueryMatch wanted : match.query()) {
            if (!wanted.fits(request.parameter(wanted.name()))) {
                return false;
            }
        }
        return true;
    }
}
