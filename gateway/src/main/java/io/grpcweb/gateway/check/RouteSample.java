package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.RouteConfig.Match;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.config.RouteConfig.VirtualHost;
import java.util.Optional;

/** Makes up requests that meet a virtual host or a route. */
final class RouteSample {
    private static final String SERVICE = "check.Check";
    private static final String METHOD = "Call";

    private RouteSample() {}

    /** An authority that one of its domains fits. */
    static String authority(VirtualHost host) {
        String domain = host.domains().get(0);
        if (domain.equals("*")) {
            return "gateway.example";
        }
        return domain.startsWith("*") ? "a" + domain.substring(1) : domain.replace("*", "example");
    }

    /** A path of a method that the match may take; empty for regular expressions, which fit nothing that is made up. */
    static Optional<String> path(Match match) {
        if (match.path() instanceof PathMatch.Exact exact) {
            return Optional.of(exact.path());
        }
        if (match.path() instanceof PathMatch.Prefix prefix) {
            return Optional.of(completed(prefix.prefix()));
        }
        return match.path() instanceof PathMatch.SeparatedPrefix separated
                ? Optional.of(completed(separated.prefix() + "/"))
                : Optional.empty();
    }

    private static String completed(String prefix) {
        String begin = prefix.startsWith("/") ? prefix : "/" + prefix;
        int slash = begin.lastIndexOf('/');
        return slash > 0 ? begin + METHOD : begin + (begin.endsWith("/") ? "" : ".") + SERVICE + "/" + METHOD;
    }

    /** The service that all paths of the match are of; empty where there may be several. */
    static Optional<String> service(Match match) {
        String text = match.path() instanceof PathMatch.Exact exact
                ? exact.path()
                : match.path() instanceof PathMatch.Prefix prefix
                        ? prefix.prefix()
                        : match.path() instanceof PathMatch.SeparatedPrefix separated ? separated.prefix() + "/" : "";
        int end = text.indexOf('/', 1);
        return end > 1 && text.charAt(0) == '/' && text.indexOf('/', end + 1) < 0
                ? Optional.of(text.substring(1, end))
                : Optional.empty();
    }
}
