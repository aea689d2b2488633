package io.grpcweb.gateway.admin;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The configuration in force, in the form of Envoy's dump, without keys; where a later one failed, why. */
final class ConfigDump {
    private static final String ADMIN = "type.googleapis.com/envoy.admin.v3.";
    private static final Kind LISTENERS = new Kind(
            "ListenersConfigDump", "StaticListener", "static_listeners", "listener", "config.listener.v3.Listener");
    private static final Kind CLUSTERS =
            new Kind("ClustersConfigDump", "StaticCluster", "static_clusters", "cluster", "config.cluster.v3.Cluster");
    private static final Kind ROUTES = new Kind(
            "RoutesConfigDump",
            "StaticRouteConfig",
            "static_route_configs",
            "route_config",
            "config.route.v3.RouteConfiguration");
    private static final Kind SECRETS = new Kind(
            "SecretsConfigDump",
            "StaticSecret",
            "static_secrets",
            "secret",
            "extensions.transport_sockets.tls.v3.Secret");

    private static final Kind ENDPOINTS = new Kind(
            "EndpointsConfigDump",
            "StaticEndpointConfig",
            "static_endpoint_configs",
            "endpoint_config",
            "config.endpoint.v3.ClusterLoadAssignment");

    /** Lists of Envoy's dump that are always empty here. */
    private static final Set<String> EMPTY = Set.of("inline_scoped_route_configs", "dynamic_scoped_route_configs");

    private final Snapshots snapshots;
    private final DumpedConfig config;
    private final NameFilter names;
    private final String updated;
    private final DynamicDump dynamic;

    /** One kind of resource: the dump it stands in, its own item there, and the names of both. */
    private record Kind(String dump, String item, String list, String field, String type) {}

    /** Of this moment; {@code names} is null where every name is wanted. */
    ConfigDump(Snapshots snapshots, NameFilter names) {
        this.snapshots = snapshots;
        this.config = DumpedConfig.of(snapshots.config());
        this.names = names;
        this.updated = time(snapshots.configuredAt());
        this.dynamic = new DynamicDump(snapshots.dynamic(), names);
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** As Envoy's {@code UpdateFailureState}. */
    private static Map<String, Object> error(Snapshots.FailedReload failed) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("last_update_attempt", time(failed.when()));
        out.put("details", failed.text());
        return out;
    }

    /**
     * All kinds of resources.
     *
     * @param endpoints whether those of clusters are among them, which are many
     */
    List<Map<String, Object>> all(boolean endpoints) {
        List<Map<String, Object>> out = new ArrayList<>();
        Map<String, Object> bootstrap = typed("BootstrapConfigDump");
        bootstrap.put("bootstrap", config.bootstrap());
        bootstrap.put("last_updated", updated);
        snapshots.failedReload().ifPresent(failed -> bootstrap.put("error_state", error(failed)));
        out.add(bootstrap);
        Map<String, Object> clusters = dump(CLUSTERS, config.clusters(), dynamic.clustersVersion());
        put(clusters, "dynamic_active_clusters", dynamic.activeClusters());
        put(clusters, "dynamic_warming_clusters", dynamic.warmingClusters());
        out.add(clusters);
        if (endpoints) {
            Map<String, Object> assignments = typed("EndpointsConfigDump");
            put(assignments, "dynamic_endpoint_configs", dynamic.endpoints());
            out.add(assignments);
        }
        Map<String, Object> listeners = dump(LISTENERS, config.listeners(), dynamic.listenersVersion());
        put(listeners, "dynamic_listeners", dynamic.listeners());
        out.add(listeners);
        out.add(typed("ScopedRoutesConfigDump"));
        Map<String, Object> routes = dump(ROUTES, staticRoutes(), "");
        put(routes, "dynamic_route_configs", dynamic.routes());
        out.add(routes);
        Map<String, Object> secrets = dump(SECRETS, config.secrets(), "");
        put(secrets, "dynamic_active_secrets", dynamic.activeSecrets());
        put(secrets, "dynamic_warming_secrets", dynamic.warmingSecrets());
        out.add(secrets);
        return out;
    }

    /** Those that stand in listeners, wherever these come from. */
    private List<Map<?, ?>> staticRoutes() {
        List<Map<?, ?>> routes = new ArrayList<>(config.routes());
        routes.addAll(DumpedConfig.inlineRoutes(dynamic.listenerDocuments()));
        return routes;
    }

    private Map<String, Object> dump(Kind kind, List<Map<?, ?>> resources, String version) {
        Map<String, Object> out = typed(kind.dump());
        if (!version.isEmpty()) {
            out.put("version_info", version);
        }
        put(out, kind.list(), items(kind, resources));
        return out;
    }

    private static void put(Map<String, Object> out, String list, List<Map<String, Object>> items) {
        if (!items.isEmpty()) {
            out.put(list, items);
        }
    }

    /** The resources of one list; null where there is no such list. */
    List<Map<String, Object>> resource(String resource) {
        return switch (resource) {
            case "static_clusters" -> typed(CLUSTERS, items(CLUSTERS, config.clusters()));
            case "static_listeners" -> typed(LISTENERS, items(LISTENERS, config.listeners()));
            case "static_route_configs" -> typed(ROUTES, items(ROUTES, staticRoutes()));
            case "static_secrets" -> typed(SECRETS, items(SECRETS, config.secrets()));
            case "dynamic_active_clusters" -> typed(CLUSTERS, "DynamicCluster", dynamic.activeClusters());
            case "dynamic_warming_clusters" -> typed(CLUSTERS, "DynamicCluster", dynamic.warmingClusters());
            case "dynamic_listeners" -> typed(LISTENERS, "DynamicListener", dynamic.listeners());
            case "dynamic_route_configs" -> typed(ROUTES, "DynamicRouteConfig", dynamic.routes());
            case "dynamic_active_secrets" -> typed(SECRETS, "DynamicSecret", dynamic.activeSecrets());
            case "dynamic_warming_secrets" -> typed(SECRETS, "DynamicSecret", dynamic.warmingSecrets());
            case "dynamic_endpoint_configs" -> typed(ENDPOINTS, "DynamicEndpointConfig", dynamic.endpoints());
            default -> EMPTY.contains(resource) ? List.of() : null;
        };
    }

    private List<Map<String, Object>> items(Kind kind, List<Map<?, ?>> resources) {
        List<Map<String, Object>> out = new ArrayList<>();
        for (Map<?, ?> resource : resources) {
            String name = resource.get("name") instanceof String text ? text : "";
            if (names == null || names.matches(name)) {
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("@type", "type.googleapis.com/envoy." + kind.type());
                resource.forEach((key, value) -> body.put(key.toString(), value));
                Map<String, Object> item = new LinkedHashMap<>();
                if (kind.equals(SECRETS)) {
                    item.put("name", name);
                }
                item.put(kind.field(), body);
                item.put("last_updated", updated);
                out.add(item);
            }
        }
        return out;
    }

    /** As they stand alone, each with its type. */
    private static List<Map<String, Object>> typed(Kind kind, List<Map<String, Object>> items) {
        return typed(kind, kind.item(), items);
    }

    private static List<Map<String, Object>> typed(Kind kind, String name, List<Map<String, Object>> items) {
        List<Map<String, Object>> out = new ArrayList<>();
        for (Map<String, Object> item : items) {
            Map<String, Object> one = typed(kind.dump() + "." + name);
            one.putAll(item);
            out.add(one);
        }
        return out;
    }

    private static Map<String, Object> typed(String dump) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("@type", ADMIN + dump);
        return out;
    }
}
