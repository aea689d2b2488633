package io.grpcweb.gateway.explain;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.filter.cors.CorsConfig;
import io.grpcweb.gateway.filter.cors.CorsPolicy;
import io.grpcweb.gateway.route.RouteTable;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Prints what one call meets, line by line, each with the place or the resource that decided it. */
final class Explanation {
    private final List<ClusterConfig> clusters;
    private final HttpConfig http;
    private final Places.Of places;
    private final Places all;
    private final Optional<String> origin;
    private final PrintStream out;

    /**
     * Of one filter chain.
     *
     * @param places where its routes stand
     */
    Explanation(
            List<ClusterConfig> clusters,
            HttpConfig http,
            Places all,
            Places.Of places,
            Optional<String> origin,
            PrintStream out) {
        this.clusters = clusters;
        this.http = http;
        this.all = all;
        this.places = places;
        this.origin = origin;
        this.out = out;
    }

    /**
     * Prints it.
     *
     * @param filters what each filter does to the call
     */
    void print(String authority, RouteTable.Result found, List<FilterTrial.Row> filters) {
        if (found.virtualHost() == null) {
            line("virtual host", "none for '" + authority + "': the call is answered 404", "");
            return;
        }
        line(
                "virtual host",
                found.virtualHost().name() + " ("
                        + String.join(", ", found.virtualHost().domains()) + ")",
                places.text(found.virtualHost().place()));
        if (found.route() == null) {
            line("route", "none fits: the call is answered 404", "");
            cors(found.virtualHost().filters());
            return;
        }
        RouteConfig.Route route = found.route();
        line(
                "route",
                path(route.match()) + (route.name().isEmpty() ? "" : " \"" + route.name() + "\""),
                places.text(route.place()));
        line("filters", filters(route), "");
        filters.forEach(row -> line("", row.filter() + " " + row.text(), places.text(row.place())));
        cors(route.filters());
        if (route.action() instanceof RouteConfig.Forward forward) {
            forward(forward);
        } else if (route.action() instanceof RouteConfig.DirectResponse response) {
            line("answer", "HTTP " + response.status() + " by the gateway, nothing is forwarded", "");
        } else if (route.action() instanceof RouteConfig.CannedReply canned) {
            line("answer", "the message " + canned.json() + ", nothing is forwarded", "");
        } else if (route.action() instanceof RouteConfig.Files files) {
            line("answer", "a file of the folder " + files.folder() + ", nothing is forwarded", "");
        } else {
            line("answer", "a redirect, HTTP " + ((RouteConfig.Redirect) route.action()).status(), "");
        }
    }

    private void line(String label, String text, String place) {
        out.printf("  %-14s%s%n", label, text);
        if (!place.isEmpty()) {
            out.printf("  %-14s  %s%n", "", place);
        }
    }

    private static String path(RouteConfig.Match match) {
        String conditions = (match.headers().isEmpty()
                        ? ""
                        : " with " + match.headers().size() + " header conditions")
                + (match.query().isEmpty() ? "" : " with " + match.query().size() + " query conditions")
                + (match.fraction() < 1 ? " for " + match.fraction() * 100 + " % of the calls" : "");
        if (match.path() instanceof RouteConfig.PathMatch.Exact exact) {
            return "path " + exact.path() + conditions;
        }
        if (match.path() instanceof RouteConfig.PathMatch.Regex regex) {
            return "regex " + regex.pattern() + conditions;
        }
        if (match.path() instanceof RouteConfig.PathMatch.Reflected) {
            return "services of its backend by reflection, which is taken to have this one" + conditions;
        }
        return match.path() instanceof RouteConfig.PathMatch.SeparatedPrefix separated
                ? "path-prefix " + separated.prefix() + conditions
                : "prefix " + ((RouteConfig.PathMatch.Prefix) match.path()).prefix() + conditions;
    }

    private String filters(RouteConfig.Route route) {
        List<String> names = http.filters().stream()
                .map(filter -> {
                    RouteConfig.FilterOverride override = route.filters().get(filter.name());
                    if (override == null || override.crossOrigin()) {
                        boolean off = override == null && http.offByDefault().contains(filter.name());
                        return filter.name() + (off ? " (off)" : "");
                    }
                    return filter.name()
                            + (override instanceof RouteConfig.FilterOverride.Disabled
                                    ? " (off for this route)"
                                    : " (with settings of this route)");
                })
                .toList();
        return String.join(", ", names);
    }

    private void cors(Map<String, RouteConfig.FilterOverride> filters) {
        Optional<CorsPolicy> policy = CorsPolicy.of(filters);
        boolean filtered = http.filters().stream().anyMatch(CorsConfig.class::isInstance);
        if (policy.isEmpty() || !filtered) {
            line(
                    "CORS",
                    policy.isEmpty()
                            ? "no policy: pages of other origins cannot read any answer, preflights go to the backend"
                            : "the policy does nothing, since the listener has no cors filter",
                    policy.map(one -> places.text(one.place())).orElse(""));
            return;
        }
        CorsPolicy cors = policy.get();
        if (origin.isEmpty()) {
            line(
                    "CORS",
                    "origins " + texts(cors.origins()) + "; give --origin for the answer to one",
                    places.text(cors.place()));
            return;
        }
        Optional<StringMatch> fits = cors.origins().stream()
                .filter(matcher -> matcher.matches("*") || matcher.matches(origin.get()))
                .findFirst();
        if (fits.isEmpty()) {
            line(
                    "CORS",
                    origin.get() + " is refused by " + texts(cors.origins()) + "; a preflight "
                            + (cors.forwardNotMatching().orElse(true)
                                    ? "goes to the backend"
                                    : "is answered without permission"),
                    places.text(cors.place()));
            return;
        }
        line(
                "CORS",
                origin.get() + " is allowed by " + text(fits.get())
                        + (cors.allowCredentials().orElse(false) ? ", with cookies" : "")
                        + "; methods: " + said(cors.allowMethods())
                        + "; headers: " + said(cors.allowHeaders())
                        + "; readable: " + said(cors.exposeHeaders())
                        + "; kept for: " + said(cors.maxAge()) + " s",
                places.text(cors.place()));
    }

    private static String said(String text) {
        return text.isEmpty() ? "(not said)" : text;
    }

    private static String texts(List<StringMatch> matchers) {
        return matchers.isEmpty()
                ? "an empty list"
                : String.join(" or ", matchers.stream().map(Explanation::text).toList());
    }

    private static String text(StringMatch match) {
        if (match instanceof StringMatch.Exact exact) {
            return "exact \"" + exact.text() + "\"";
        }
        if (match instanceof StringMatch.Prefix prefix) {
            return "prefix \"" + prefix.text() + "\"";
        }
        if (match instanceof StringMatch.Suffix suffix) {
            return "suffix \"" + suffix.text() + "\"";
        }
        return match instanceof StringMatch.Contains contains
                ? "contains \"" + contains.text() + "\""
                : "regex \"" + ((StringMatch.Regex) match).pattern() + "\"";
    }

    private void forward(RouteConfig.Forward forward) {
        line("deadline", deadline(forward), "");
        Duration idle = forward.idleTimeout().orElse(http.timeouts().streamIdle());
        line("idle timeout", duration(idle), "");
        forward.retry()
                .ifPresent(retry ->
                        line("retries", "up to " + retry.retries() + " on " + String.join(", ", retry.on()), ""));
        forward.prefixRewrite().ifPresent(prefix -> line("path", "the prefix becomes " + prefix, ""));
        forward.hostRewrite().literal().ifPresent(name -> line("authority", name, ""));
        if (forward.cluster() instanceof ClusterChoice.Named named) {
            cluster(named.cluster(), "");
        } else if (forward.cluster() instanceof ClusterChoice.Weighted weighted) {
            weighted.clusters().forEach(one -> cluster(one.cluster(), " with weight " + one.weight()));
        } else {
            line("cluster", "named by the header field " + ((ClusterChoice.ByHeader) forward.cluster()).header(), "");
        }
    }

    private static String deadline(RouteConfig.Forward forward) {
        if (forward.streamLimits().isPresent()) {
            RouteConfig.StreamLimits limits = forward.streamLimits().get();
            String header = limits.grpcHeaderMax()
                    .map(cap -> "grpc-timeout is enforced" + (cap.isZero() ? "" : ", at most " + duration(cap)))
                    .orElse("grpc-timeout is not enforced here");
            return header + "; without it: "
                    + limits.max().map(Explanation::duration).orElse("none");
        }
        if (forward.maxGrpcTimeout().isPresent()) {
            Duration cap = forward.maxGrpcTimeout().get();
            return "grpc-timeout is enforced" + (cap.isZero() ? "" : ", at most " + duration(cap))
                    + "; without it: none";
        }
        return (forward.timeout().isZero() ? "none" : "the whole answer within " + duration(forward.timeout()))
                + "; grpc-timeout is not enforced here";
    }

    private static String duration(Duration duration) {
        if (duration.isZero()) {
            return "none";
        }
        return String.format(Locale.ROOT, "%s s", duration.toMillis() / 1000.0).replace(".0 s", " s");
    }

    private void cluster(String name, String weight) {
        Optional<ClusterConfig> found =
                clusters.stream().filter(cluster -> cluster.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            line("cluster", name + ": there is no such cluster", "");
            return;
        }
        ClusterConfig cluster = found.get();
        String hosts = String.join(
                ", ",
                cluster.localities().stream()
                        .flatMap(locality -> locality.hosts().stream())
                        .map(one -> one.address().toString())
                        .toList());
        line(
                "cluster",
                name + weight + ": " + cluster.protocol() + (cluster.tls().isPresent() ? " over TLS" : "") + " to "
                        + hosts,
                all.cluster(cluster));
    }
}
