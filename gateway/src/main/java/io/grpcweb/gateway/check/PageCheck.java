package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.filter.cors.CorsConfig;
import io.grpcweb.gateway.filter.cors.CorsPolicy;
import io.grpcweb.gateway.http.MediaType;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Calls each route of a listener as a page would, with a preflight before it, from each origin that is to call. */
final class PageCheck {
    private static final List<String> STATUS = List.of("grpc-status", "grpc-message");

    private final Surroundings around;
    private final PageTrials trials;
    private final Set<Finding> findings = new LinkedHashSet<>();

    /** Whether the filter chain that is looked at carries policies out. */
    private boolean filtered;

    PageCheck(Surroundings around, PageTrials trials) {
        this.around = around;
        this.trials = trials;
    }

    List<Finding> of(ListenerConfig listener) {
        for (ListenerConfig.FilterChain chain : listener.httpChains()) {
            if (chain.routes().isPresent()) {
                continue;
            }
            boolean anyPolicy = false;
            filtered = chain.http().filters().stream().anyMatch(CorsConfig.class::isInstance);
            try (PageTrials.PageTrial trial = trials.open(listener, chain)) {
                for (RouteConfig.VirtualHost host : chain.http().routes().virtualHosts()) {
                    for (RouteConfig.Route route : host.routes()) {
                        anyPolicy |= look(listener, host, route, trial);
                    }
                }
            }
            if (!anyPolicy && around.origins().isEmpty()) {
                findings.add(Finding.doubtful(
                        "listener " + listener.name(),
                        "",
                        "no page of another origin may call, since there is no CORS policy",
                        around.words().policy() + " unless pages come from the gateway's own origin"));
            }
        }
        return List.copyOf(findings);
    }

    /** Returns whether the route has a policy. */
    private boolean look(
            ListenerConfig listener,
            RouteConfig.VirtualHost host,
            RouteConfig.Route route,
            PageTrials.PageTrial trial) {
        Optional<CorsPolicy> policy = CorsPolicy.of(route.filters());
        Optional<String> path = RouteSample.path(route.match());
        if (!(route.action() instanceof RouteConfig.Forward) || path.isEmpty()) {
            return policy.isPresent();
        }
        String where =
                policy.map(one -> one.place().text()).orElse(route.place().text());
        String what = "listener " + listener.name() + ", calls of " + path.get();
        for (String origin : origins(policy, what, where)) {
            Browser browser = new Browser(origin, RouteSample.authority(host), path.get());
            ask(browser, what, where, trial);
        }
        return policy.isPresent();
    }

    /** Those to be tried: as written, or made up for a pattern that says how they begin or end. */
    private Set<String> origins(Optional<CorsPolicy> policy, String what, String where) {
        Set<String> found = new LinkedHashSet<>(around.origins());
        for (StringMatch match : policy.map(CorsPolicy::origins).orElse(List.of())) {
            if (match.matches("*")) {
                found.add("https://app.example");
            } else if (match instanceof StringMatch.Exact exact) {
                if (exact.text().equals("null") || isOrigin(exact.text())) {
                    found.add(exact.text());
                } else {
                    findings.add(Finding.broken(
                            what,
                            where,
                            "no browser ever sends the origin \"" + exact.text() + "\"",
                            "write scheme, host and port alone, such as https://app.example, without a slash"
                                    + " at the end"));
                }
            } else if (match instanceof StringMatch.Suffix suffix) {
                found.add(suffix.text().contains("://") ? suffix.text() : "https://app" + suffix.text());
            } else if (match instanceof StringMatch.Prefix prefix) {
                found.add(prefix.text().endsWith("/") ? prefix.text() + "app.example" : prefix.text());
            }
        }
        return found;
    }

    /** Scheme, host and port in the form that browsers send (RFC 6454 section 6.1). */
    private static boolean isOrigin(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getScheme() != null
                    && uri.getRawAuthority() != null
                    && text.equals(uri.getScheme() + "://" + uri.getRawAuthority())
                    && uri.getUserInfo() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void ask(Browser browser, String what, String where, PageTrials.PageTrial trial) {
        Words words = around.words();
        String page = "a page of " + browser.origin();
        Http2Headers preflight = trial.ask(browser.preflight()).answer();
        if (preflight == null || !browser.mayRead(preflight)) {
            findings.add(Finding.broken(
                    what,
                    where,
                    page + " may not call: its preflight is answered "
                            + (preflight == null ? "not at all" : "HTTP " + preflight.status())
                            + " without access-control-allow-origin",
                    filtered ? words.origins(browser.origin()) : words.filter("cors", "envoy.filters.http.cors")));
            return;
        }
        if (!preflight.status().toString().startsWith("2")) {
            findings.add(Finding.broken(
                    what,
                    where,
                    "the preflight of " + page + " is answered HTTP " + preflight.status() + ", which browsers refuse",
                    "let OPTIONS pass"));
            return;
        }
        List<String> refused = Browser.refused(preflight, Browser.NEEDED);
        if (!refused.isEmpty()) {
            findings.add(Finding.broken(
                    what,
                    where,
                    page + " may not send " + String.join(", ", refused) + ", which each client of gRPC-Web sends",
                    words.allowHeaders(String.join(", ", refused))));
        } else if (!Browser.refused(preflight, List.of(Browser.DEADLINE)).isEmpty()) {
            findings.add(Finding.doubtful(
                    what,
                    where,
                    page + " may not send " + Browser.DEADLINE + ", so that its calls with a deadline fail",
                    words.allowHeaders(Browser.DEADLINE)));
        }
        call(browser, what, where, trial.ask(browser.call()));
    }

    private void call(Browser browser, String what, String where, PageTrials.Outcome outcome) {
        Words words = around.words();
        Http2Headers answer = outcome.answer();
        if (answer == null) {
            return;
        }
        if (outcome.forwarded() == null) {
            // A filter wants more than a made-up call has; its answer has to be readable all the same.
            if (!browser.mayRead(answer)) {
                findings.add(Finding.broken(
                        what,
                        where,
                        "what a filter answers, HTTP " + answer.status() + ", cannot be read by a page of "
                                + browser.origin(),
                        "put the cors filter in front of the others"));
            }
            return;
        }
        if (isGrpcWeb(outcome.forwarded().get("content-type"))) {
            findings.add(Finding.broken(
                    what,
                    where,
                    "calls of gRPC-Web go to the backend as they are, since nothing translates them",
                    words.filter("grpc-web", "envoy.filters.http.grpc_web")));
            return;
        }
        List<String> hidden = new ArrayList<>(Browser.hidden(answer, STATUS));
        if (!hidden.isEmpty()) {
            findings.add(Finding.broken(
                    what,
                    where,
                    "a page of " + browser.origin() + " cannot read " + String.join(" and ", hidden)
                            + " of a call that fails, and so not why",
                    words.exposeHeaders(String.join(", ", STATUS))));
        }
    }

    private static boolean isGrpcWeb(CharSequence contentType) {
        return MediaType.formatOf(contentType).isGrpcWeb();
    }
}
