package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.StringMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** An {@code envoy.config.route.v3.RouteConfiguration} with its virtual hosts and routes. */
final class Routes {
    private final Reading reading;
    private final Matchers matchers;
    private final Headers headers;
    private final Filters filters;
    private final RouteActions actions;
    private final Tracings tracings;

    Routes(Reading reading, Matchers matchers, Headers headers, Filters filters) {
        this.reading = reading;
        this.matchers = matchers;
        this.headers = headers;
        this.filters = filters;
        this.actions = new RouteActions(reading, matchers, headers);
        this.tracings = new Tracings(reading);
    }

    RouteConfig read(Msg config, List<FilterConfig> chain) {
        reading.unknownClustersAllowed = !config.flag("validate_clusters", !reading.unknownClustersByDefault);
        List<RouteConfig.VirtualHost> hosts = new ArrayList<>();
        Map<String, Msg> domains = new HashMap<>();
        Set<String> names = new HashSet<>();
        Filters.Place outer = filters.place(config, chain);
        for (Msg host : config.messages("virtual_hosts")) {
            domains(host, domains);
            if (!names.add(host.text("name"))) {
                reading.error(host, "name", "two virtual hosts are called '" + host.text("name") + "'");
            }
            hosts.add(virtualHost(host, config, chain, outer));
        }
        reading.unknownClustersAllowed = false;
        actions.warnOfDefaultTimeouts();
        return new RouteConfig(
                config.text("name"),
                hosts,
                headers.rules(config),
                config.flag("most_specific_header_mutations_wins", false),
                config.flag("ignore_port_in_host_matching", false),
                config.texts("internal_only_headers").stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList());
    }

    private void domains(Msg host, Map<String, Msg> taken) {
        for (String domain : host.texts("domains")) {
            Msg other = taken.put(domain.toLowerCase(Locale.ROOT), host);
            if (other != null) {
                reading.error(
                        host,
                        "domains",
                        "the domain '" + domain + "' is in the virtual host '" + other.text("name") + "' already (line "
                                + other.mark().line() + ")");
            }
            int star = domain.indexOf('*');
            if (star > 0 && star < domain.length() - 1) {
                reading.error(host, "domains", "'" + domain + "': a star may stand at the begin or at the end only");
            }
        }
    }

    private RouteConfig.VirtualHost virtualHost(Msg host, Msg config, List<FilterConfig> chain, Filters.Place outer) {
        List<Filters.Place> inherited = List.of(filters.place(host, chain, host), outer);
        List<RouteConfig.Route> routes = new ArrayList<>(cleartext(host));
        for (Msg route : host.messages("routes")) {
            route(route, host, config, chain, inherited).ifPresent(routes::add);
        }
        return new RouteConfig.VirtualHost(
                host.text("name"),
                host.texts("domains"),
                routes,
                headers.rules(host),
                crossOrigin(filters.overrides(inherited, chain)),
                reading.rateLimits().ofPlace(host),
                host.flag("include_request_attempt_count", false),
                new Origin(host.place()));
    }

    /** The route that {@code require_tls} stands for: what has come in cleartext is sent to the same address with https. */
    private static List<RouteConfig.Route> cleartext(Msg host) {
        String required = host.text("require_tls", "NONE");
        if (required.equals("NONE")) {
            return List.of();
        }
        List<RouteConfig.HeaderMatch> conditions = new ArrayList<>();
        conditions.add(isNot("x-forwarded-proto", "https"));
        if (required.equals("EXTERNAL_ONLY")) {
            conditions.add(isNot("x-envoy-internal", "true"));
        }
        return List.of(new RouteConfig.Route(
                "",
                new RouteConfig.Match(new RouteConfig.PathMatch.Prefix("/", false), conditions, List.of(), false, 1),
                new RouteConfig.Redirect(
                        301,
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false),
                HeaderRules.NONE,
                Map.of(),
                RateLimit.Rules.NONE,
                new Origin(host.place())));
    }

    private static RouteConfig.HeaderMatch isNot(String name, String value) {
        return new RouteConfig.HeaderMatch(
                name, Optional.of(new StringMatch.Exact(value, false)), Optional.empty(), true, true);
    }

    /** What holds for requests that no route takes. */
    private static Map<String, FilterOverride> crossOrigin(Map<String, FilterOverride> overrides) {
        Map<String, FilterOverride> found = new HashMap<>(overrides);
        found.values().removeIf(override -> !override.crossOrigin());
        return found;
    }

    private Optional<RouteConfig.Route> route(
            Msg route, Msg host, Msg config, List<FilterConfig> chain, List<Filters.Place> inherited) {
        List<Filters.Place> places = new ArrayList<>();
        places.add(filters.place(route, chain, route.message("route").stream().toArray(Msg[]::new)));
        places.addAll(inherited);
        Optional<RouteConfig.Action> action =
                actions.read(route, host, config, cluster -> ofCluster(cluster, chain, places));
        Optional<Msg> match = route.message("match");
        if (action.isEmpty() || match.isEmpty()) {
            return Optional.empty();
        }
        HeaderRules rules = headers.rules(route);
        return Optional.of(new RouteConfig.Route(
                route.text("name"),
                matchers.request(match.get()),
                action.get(),
                rules,
                filters.overrides(places, chain),
                route.message("route").map(this::rateLimits).orElse(RateLimit.Rules.NONE),
                tracings.route(route),
                Reading.metadata(route, "metadata"),
                new Origin(route.place())));
    }

    /** What a cluster with a weight says of filters, with what the route says; nothing where it is silent. */
    private Map<String, FilterOverride> ofCluster(Msg cluster, List<FilterConfig> chain, List<Filters.Place> route) {
        Filters.Place own = filters.place(cluster, chain);
        if (own.filters().isEmpty()) {
            return Map.of();
        }
        List<Filters.Place> places = new ArrayList<>();
        places.add(own);
        places.addAll(route);
        return filters.overrides(places, chain);
    }

    private RateLimit.Rules rateLimits(Msg action) {
        return new RateLimit.Rules(reading.rateLimits().ofPlace(action), action.flag("include_vh_rate_limits", false));
    }
}
