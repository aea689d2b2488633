package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.hocon.Spelling;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.route.RouteTable;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Holds what backends tell of their services against the routes: services that no route reaches, and routes to none. */
final class ReachCheck {
    /** Those that no page calls. */
    private static final List<String> INFRASTRUCTURE = List.of("grpc.", "envoy.");

    private final List<ListenerConfig> listeners;
    private final Words words;

    ReachCheck(List<ListenerConfig> listeners, Words words) {
        this.listeners = listeners;
        this.words = words;
    }

    /** @param known what the endpoints of clusters have told */
    List<Finding> of(Map<ClusterConfig, ProtoSchema> known) {
        List<Finding> findings = new ArrayList<>();
        known.forEach((cluster, schema) -> {
            Set<String> services = services(schema);
            for (String service : services) {
                if (!isReached(schema, service, cluster)) {
                    findings.add(Finding.doubtful(
                            "cluster " + cluster.name(),
                            cluster.place().text(),
                            "no route reaches its service " + service,
                            words.route(service, cluster.name()) + " if pages are to call it"));
                }
            }
            listeners.stream()
                    .flatMap(listener -> listener.httpChains().stream())
                    .flatMap(chain -> chain.http().routes().virtualHosts().stream())
                    .flatMap(host -> host.routes().stream())
                    .forEach(route -> missing(route, cluster, schema, services).ifPresent(findings::add));
        });
        listeners.stream()
                .flatMap(listener -> listener.httpChains().stream())
                .forEach(chain -> hidden(chain.http(), findings));
        return findings;
    }

    /** Routes whose calls another one before them takes. */
    private static void hidden(HttpConfig http, List<Finding> findings) {
        RouteTable table = new RouteTable(http.routes(), (cluster, path) -> KnownServices.Answer.ELSEWHERE);
        for (RouteConfig.VirtualHost host : http.routes().virtualHosts()) {
            for (RouteConfig.Route route : host.routes()) {
                RouteConfig.Match match = route.match();
                boolean plain = match.headers().isEmpty() && match.query().isEmpty() && match.fraction() == 1;
                RouteConfig.Route taken = plain
                        ? RouteSample.path(match)
                                .map(path -> new Browser("https://app.example", RouteSample.authority(host), path))
                                .map(browser ->
                                        table.match(browser.call(), () -> 0.0).route())
                                .orElse(route)
                        : route;
                if (taken != null
                        && !taken.equals(route)
                        && host.routes().indexOf(taken) < host.routes().indexOf(route)) {
                    findings.add(Finding.doubtful(
                            "route " + RouteSample.path(match).orElse(""),
                            route.place().text(),
                            "no call reaches it, since the route before it takes them (" + taken.place() + ")",
                            "put it in front of that one"));
                }
            }
        }
    }

    private static Set<String> services(ProtoSchema schema) {
        Set<String> names = new TreeSet<>();
        schema.services().forEach(service -> names.add(service.getFullName()));
        names.removeIf(name -> INFRASTRUCTURE.stream().anyMatch(name::startsWith));
        return names;
    }

    /** Whether a call of one of its methods may go to the cluster, by some authority. */
    private boolean isReached(ProtoSchema schema, String service, ClusterConfig cluster) {
        return schema.service(service).getMethods().stream()
                .map(method -> "/" + service + "/" + method.getName())
                .anyMatch(path -> listeners.stream()
                        .flatMap(listener -> listener.httpChains().stream())
                        .map(ListenerConfig.FilterChain::http)
                        .anyMatch(http -> leads(http, path, cluster.name())));
    }

    private static boolean leads(HttpConfig http, String path, String cluster) {
        RouteTable table = new RouteTable(
                http.routes(),
                (name, any) -> name.equals(cluster) ? KnownServices.Answer.HERE : KnownServices.Answer.ELSEWHERE);
        return http.routes().virtualHosts().stream().anyMatch(host -> {
            Browser browser = new Browser("https://app.example", RouteSample.authority(host), path);
            RouteConfig.Route found = table.match(browser.call(), () -> 0.0).route();
            return found != null
                    && found.action() instanceof RouteConfig.Forward forward
                    && (forward.cluster() instanceof RouteConfig.ClusterChoice.ByHeader
                            || forward.clusterNames().contains(cluster));
        });
    }

    /** A route that sends calls of one service alone, to a backend that does not have it. */
    private static Optional<Finding> missing(
            RouteConfig.Route route, ClusterConfig cluster, ProtoSchema schema, Set<String> services) {
        if (!(route.action() instanceof RouteConfig.Forward forward)
                || !(forward.cluster() instanceof RouteConfig.ClusterChoice.Named named)
                || !named.cluster().equals(cluster.name())
                || forward.prefixRewrite().isPresent()
                || forward.regexRewrite().isPresent()) {
            return Optional.empty();
        }
        return RouteSample.service(route.match())
                .filter(service -> schema.service(service) == null)
                .map(service -> Finding.broken(
                        "route to cluster " + cluster.name(),
                        route.place().text(),
                        "the backend has no service " + service + Spelling.hint(service, services),
                        "its services are " + (services.isEmpty() ? "none" : String.join(", ", services))));
    }
}
