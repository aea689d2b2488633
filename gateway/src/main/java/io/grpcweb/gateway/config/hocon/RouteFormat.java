package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Virtual hosts and routes in the gateway's own format. */
final class RouteFormat {
    private static final List<String> ANY = List.of("*");

    private final ForwardFormat forwards;
    private final RouteFilters filters;

    RouteFormat(
            Map<String, ClusterConfig> clusters,
            boolean unknownAllowed,
            Set<String> idempotent,
            FilterFormats formats) {
        this.filters = new RouteFilters(formats);
        this.forwards = new ForwardFormat(clusters, unknownAllowed, idempotent);
    }

    /** A listener may have its routes at once, for any host, or several virtual hosts. */
    RouteConfig read(Section listener, String name, FilterFormats.Chain chain) {
        Map<String, FilterConfig> places = filters.places(listener, chain, Map.of());
        List<RouteConfig.VirtualHost> hosts = new ArrayList<>();
        if (listener.has("virtual-hosts")) {
            if (listener.has("routes")) {
                listener.error("routes", "routes belong to one of the virtual-hosts");
            }
            Set<String> domains = new HashSet<>();
            for (Section host : listener.sections("virtual-hosts")) {
                hosts.add(virtualHost(host, chain, places, domains));
            }
        } else {
            hosts.add(new RouteConfig.VirtualHost(
                    "default",
                    ANY,
                    routes(listener, chain, places),
                    HeaderRules.NONE,
                    filters.unrouted(chain, places),
                    false,
                    new Origin(listener.place())));
        }
        return new RouteConfig(
                listener.text("routes-name", name),
                hosts,
                HeaderFormat.read(listener),
                listener.flag("most-specific-headers-first", false),
                listener.flag("ignore-port", false));
    }

    private RouteConfig.VirtualHost virtualHost(
            Section host, FilterFormats.Chain chain, Map<String, FilterConfig> outer, Set<String> domains) {
        Map<String, FilterConfig> places = filters.places(host, chain, outer);
        List<String> here = host.has("domains") ? host.texts("domains") : ANY;
        for (String domain : here) {
            if (!domains.add(domain.toLowerCase(Locale.ROOT))) {
                host.error("domains", "the domain '" + domain + "' belongs to another virtual host already");
            }
        }
        return new RouteConfig.VirtualHost(
                host.text("name", here.isEmpty() ? "" : here.get(0)),
                here,
                routes(host, chain, places),
                HeaderFormat.read(host),
                filters.unrouted(chain, places),
                host.flag("attempt-count", false),
                new Origin(host.place()));
    }

    /** Without any, everything goes to the one cluster. */
    private List<RouteConfig.Route> routes(Section owner, FilterFormats.Chain chain, Map<String, FilterConfig> places) {
        List<RouteConfig.Route> found = new ArrayList<>();
        if (!owner.has("routes")) {
            found.add(route(owner.sectionOrEmpty("routes"), chain, places));
        }
        for (Section route : owner.sections("routes")) {
            found.add(route(route, chain, places));
        }
        return found;
    }

    private RouteConfig.Route route(Section route, FilterFormats.Chain chain, Map<String, FilterConfig> outer) {
        RouteConfig.Action action;
        if (route.has("respond")) {
            Section respond = route.sectionOrEmpty("respond");
            action = new RouteConfig.DirectResponse(respond.integer("status", 200, 200, 599), respond.text("body", ""));
        } else if (route.has("redirect")) {
            action = redirect(route.sectionOrEmpty("redirect"));
        } else {
            action = forwards.read(route);
        }
        return new RouteConfig.Route(
                route.text("name", ""),
                MatchFormat.match(route),
                action,
                HeaderFormat.read(route),
                filters.overrides(route, chain, outer),
                new Origin(route.place()));
    }

    private static RouteConfig.Redirect redirect(Section redirect) {
        return new RouteConfig.Redirect(
                redirect.integer("status", 301, 300, 399),
                redirect.text("scheme"),
                redirect.flag("https", false),
                redirect.text("host"),
                redirect.integer("port"),
                redirect.text("path"),
                redirect.text("prefix-rewrite"),
                MatchFormat.rewrite(redirect, "regex-rewrite"),
                redirect.flag("strip-query", false));
    }

    void write(Tree listener, RouteConfig config, String name, Set<String> offByDefault) {
        boolean alone = config.virtualHosts().size() == 1
                && isDefault(config.virtualHosts().get(0));
        listener.put("routes-name", config.name(), name);
        HeaderFormat.write(listener, config.headers());
        listener.put("most-specific-headers-first", config.mostSpecificFirst(), false)
                .put("ignore-port", config.ignorePort(), false);
        if (alone) {
            RouteConfig.VirtualHost host = config.virtualHosts().get(0);
            filters.writeOverrides(listener, host.filters(), Map.of(), Set.of());
            writeRoutes(listener, host, offByDefault);
            return;
        }
        listener.put(
                "virtual-hosts",
                config.virtualHosts().stream()
                        .map(host -> write(host, offByDefault))
                        .toList());
    }

    private static boolean isDefault(RouteConfig.VirtualHost host) {
        return host.name().equals("default")
                && host.domains().equals(ANY)
                && host.headers().isEmpty()
                && !host.attemptCount();
    }

    private Tree write(RouteConfig.VirtualHost host, Set<String> offByDefault) {
        Tree tree = new Tree()
                .put(
                        "name",
                        host.name(),
                        host.domains().isEmpty() ? "" : host.domains().get(0))
                .put("domains", host.domains(), ANY);
        filters.writeOverrides(tree, host.filters(), Map.of(), Set.of());
        HeaderFormat.write(tree, host.headers());
        tree.put("attempt-count", host.attemptCount(), false);
        writeRoutes(tree, host, offByDefault);
        return tree;
    }

    private void writeRoutes(Tree owner, RouteConfig.VirtualHost host, Set<String> offByDefault) {
        owner.put(
                "routes",
                host.routes().stream()
                        .map(route -> write(route, host.filters(), offByDefault))
                        .toList());
    }

    private Tree write(RouteConfig.Route route, Map<String, FilterOverride> outer, Set<String> offByDefault) {
        Tree tree = new Tree().put("name", route.name(), "");
        MatchFormat.write(tree, route.match());
        if (route.action() instanceof RouteConfig.Forward forward) {
            forwards.write(tree, forward);
        } else if (route.action() instanceof RouteConfig.DirectResponse response) {
            tree.put("respond", new Tree().put("status", response.status()).put("body", response.body(), ""));
        } else {
            tree.put("redirect", write((RouteConfig.Redirect) route.action()));
        }
        HeaderFormat.write(tree, route.headers());
        filters.writeOverrides(tree, route.filters(), outer, offByDefault);
        return tree;
    }

    private static Tree write(RouteConfig.Redirect redirect) {
        OptionalInt port = redirect.port();
        Tree tree = new Tree()
                .put("status", redirect.status(), 301)
                .put("scheme", redirect.scheme())
                .put("https", redirect.httpsRedirect(), false)
                .put("host", redirect.host())
                .put("port", port)
                .put("path", redirect.path())
                .put("prefix-rewrite", redirect.prefixRewrite());
        redirect.regexRewrite().ifPresent(rewrite -> tree.put("regex-rewrite", MatchFormat.write(rewrite)));
        return tree.put("strip-query", redirect.stripQuery(), false);
    }
}
