package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.Action;
import io.grpcweb.gateway.config.RouteConfig.CannedReply;
import io.grpcweb.gateway.config.RouteConfig.DirectResponse;
import io.grpcweb.gateway.config.RouteConfig.Files;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.Match;
import io.grpcweb.gateway.config.RouteConfig.Redirect;
import io.grpcweb.gateway.config.RouteConfig.Route;
import io.grpcweb.gateway.config.RouteConfig.VirtualHost;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Virtual hosts and routes in the gateway's own format. */
final class RouteFormat {
    private static final DirectResponse RESPONSE = new DirectResponse(200, "");
    private static final Redirect REDIRECT = new Redirect(
            301,
            Optional.empty(),
            false,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);
    private static final Files FILES = new Files(Path.of("dist"), Optional.of("index.html"));
    private static final Brief<Files> FOLDER = Brief.of(
            (owner, key, text) -> Optional.of(new Files(Path.of(text), FILES.fallback())),
            files -> Optional.of(files.folder().toString())
                    .filter(any -> files.fallback().equals(FILES.fallback())));
    private static final Route ROUTE = new Route(
            "",
            MatchFormat.EVERYTHING,
            ForwardFormat.USUAL,
            HeaderRules.NONE,
            Map.of(),
            RateLimit.Rules.NONE,
            Origin.NONE);
    private static final VirtualHost HOST = host("");

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

    /** Where routes stand, and what the places around them say of filters. */
    private record Place(
            FilterFormats.Chain chain, Map<String, FilterConfig> settings, Map<String, FilterOverride> overrides) {}

    /** What holds in a listener of this name where nothing is written. */
    static RouteConfig usual(String name) {
        return new RouteConfig(name, List.of(host("default")), HeaderRules.NONE, false, false);
    }

    private static VirtualHost host(String name) {
        return new VirtualHost(
                name, List.of("*"), List.of(ROUTE), HeaderRules.NONE, Map.of(), List.of(), false, Origin.NONE);
    }

    /** A listener may have its routes at once, for any host, or several virtual hosts. */
    RouteConfig fields(Fields own, RouteConfig given, FilterFormats.Chain chain) {
        String name = own.text("routes-name", given.name());
        HeaderRules headers = HeaderFormat.rules(own, given.headers());
        boolean specificFirst = own.flag("most-specific-headers-first", given.mostSpecificFirst());
        boolean ignorePort = own.flag("ignore-port", given.ignorePort());
        List<String> internalOnly = own.texts("internal-only", given.internalOnly()).stream()
                .map(field -> field.toLowerCase(Locale.ROOT))
                .toList();
        List<VirtualHost> all = given.virtualHosts();
        boolean alone = all.size() == 1 && isPlain(all.get(0));
        Place place = place(own, alone ? all.get(0).filters() : Map.of(), chain, Map.of());
        Set<String> domains = new HashSet<>();
        Optional<List<VirtualHost>> several = own.ifWritten(
                "virtual-hosts",
                Optional.of(all).filter(hosts -> !alone),
                List.of(),
                (fields, hosts) ->
                        fields.sections("virtual-hosts", hosts, HOST, (one, host) -> host(one, host, place, domains)));
        if (several.isPresent() && own.has("routes")) {
            own.error("routes", "routes belong to one of the virtual-hosts");
        }
        return new RouteConfig(
                name,
                several.orElseGet(() -> List.of(only(own, all.get(0), place))),
                headers,
                specificFirst,
                ignorePort,
                internalOnly);
    }

    private static boolean isPlain(VirtualHost host) {
        return host.name().equals("default")
                && host.domains().equals(HOST.domains())
                && host.headers().isEmpty()
                && !host.attemptCount();
    }

    private VirtualHost only(Fields own, VirtualHost given, Place place) {
        return new VirtualHost(
                given.name(),
                given.domains(),
                routes(own, given.routes(), place),
                HeaderRules.NONE,
                filters.unrouted(place.chain(), place.settings()),
                RateLimitFormat.limits(own, given.rateLimits()),
                false,
                own.origin());
    }

    private VirtualHost host(Fields own, VirtualHost given, Place outer, Set<String> before) {
        List<String> domains = own.texts("domains", given.domains());
        for (String domain : domains) {
            if (!before.add(domain.toLowerCase(Locale.ROOT))) {
                own.error("domains", "the domain '" + domain + "' belongs to another virtual host already");
            }
        }
        Place place = place(own, given.filters(), outer.chain(), outer.settings());
        return new VirtualHost(
                own.text("name", given.name(), domains.isEmpty() ? "" : domains.get(0)),
                domains,
                routes(own, given.routes(), place),
                HeaderFormat.rules(own, given.headers()),
                filters.unrouted(place.chain(), place.settings()),
                RateLimitFormat.limits(own, given.rateLimits()),
                own.flag("attempt-count", given.attemptCount()),
                own.origin());
    }

    private Place place(
            Fields own,
            Map<String, FilterOverride> overrides,
            FilterFormats.Chain chain,
            Map<String, FilterConfig> outer) {
        Map<String, FilterConfig> settings = own.by(
                outer,
                section -> filters.places(section, chain, outer),
                (tree, same) -> filters.writeOverrides(tree, overrides, Map.of(), Set.of()));
        return new Place(chain, settings, overrides);
    }

    /** Without any, everything goes to the one cluster. */
    private List<Route> routes(Fields own, List<Route> given, Place place) {
        return own.has("routes") || own.writing()
                ? own.sections("routes", given, ROUTE, (one, route) -> route(one, route, place))
                : List.of(route(own.in("routes"), ROUTE, place));
    }

    private Route route(Fields own, Route given, Place place) {
        String name = own.text("name", given.name());
        Match match = MatchFormat.ofRoute(own, given.match());
        Map<String, FilterOverride> overrides = own.by(
                given.filters(),
                section -> filters.overrides(section, place.chain(), place.settings()),
                (tree, said) -> filters.writeOverrides(
                        tree, said, place.overrides(), place.chain().offByDefault()));
        Action action =
                action(own, given.action(), match, (cluster, said) -> ofCluster(cluster, said, overrides, place));
        if (match.path() instanceof RouteConfig.PathMatch.Reflected
                && !(action instanceof Forward forward
                        && forward.cluster() instanceof RouteConfig.ClusterChoice.Named)) {
            own.error("services", "a backend has services: the route needs a 'cluster'");
        }
        return new Route(
                name,
                match,
                action,
                HeaderFormat.rules(own, given.headers()),
                overrides,
                RateLimitFormat.rules(own, given.rateLimits()),
                TracingFormat.route(own, given.tracing()),
                EndpointFormat.metadata(own, given.metadata()),
                own.origin());
    }

    /** What a cluster with a weight says of filters, over what its route says. */
    private Map<String, FilterOverride> ofCluster(
            Fields cluster, Map<String, FilterOverride> given, Map<String, FilterOverride> route, Place place) {
        return cluster.by(
                given,
                section -> filters.ofCluster(section, place.chain(), route),
                (tree, said) -> filters.writeOfCluster(tree, said, route, place.chain()));
    }

    private Action action(Fields own, Action given, Match match, ForwardFormat.ClusterFilters clusterFilters) {
        Optional<Action> written = Optional.of(given);
        Optional<Action> response = own.section(
                "respond",
                written.filter(one -> one instanceof DirectResponse || one instanceof CannedReply),
                RESPONSE,
                (one, base) -> response(one, base, match.path()));
        if (response.isPresent()) {
            return response.get();
        }
        Optional<Redirect> redirect =
                own.section("redirect", Either.part(written, Redirect.class), REDIRECT, RouteFormat::redirect);
        if (redirect.isPresent()) {
            return redirect.get();
        }
        Optional<Files> files =
                own.section("files", Either.part(written, Files.class), FILES, RouteFormat::files, FOLDER);
        if (files.isEmpty()) {
            return forwards.fields(own, (Forward) given, clusterFilters);
        }
        if (!java.nio.file.Files.isDirectory(files.get().folder())) {
            own.error(
                    "files",
                    "there is no folder '" + files.get().folder() + "' (the working directory is "
                            + Path.of("").toAbsolutePath() + ")");
        }
        return files.get();
    }

    private static Action response(Fields own, Action given, RouteConfig.PathMatch path) {
        DirectResponse plain = given instanceof DirectResponse one ? one : RESPONSE;
        Optional<CannedReply> canned =
                CannedFormat.reply(own, Either.part(Optional.of(given), CannedReply.class), path);
        DirectResponse response =
                new DirectResponse(own.integer("status", plain.status(), 200, 599), own.text("body", plain.body()));
        return canned.isPresent() ? canned.get() : response;
    }

    private static Files files(Fields own, Files given) {
        return new Files(
                Path.of(own.text("folder", given.folder().toString())),
                Optional.of(own.text("fallback", given.fallback().orElse(""))).filter(name -> !name.isEmpty()));
    }

    private static Redirect redirect(Fields own, Redirect given) {
        return new Redirect(
                own.integer("status", given.status(), 300, 399),
                own.text("scheme", given.scheme()),
                own.flag("https", given.httpsRedirect()),
                own.text("host", given.host()),
                own.integer("port", given.port()),
                own.text("path", given.path()),
                own.text("prefix-rewrite", given.prefixRewrite()),
                MatchFormat.rewrite(own, "regex-rewrite", given.regexRewrite()),
                own.flag("strip-query", given.stripQuery()));
    }
}
