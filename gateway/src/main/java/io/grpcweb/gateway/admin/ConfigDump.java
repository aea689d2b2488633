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

    /** Lists of Envoy's dump that are always empty here: nothing comes from a control plane. */
    private static final Set<String> EMPTY = Set.of(
            "dynamic_listeners",
            "dynamic_active_clusters",
            "dynamic_warming_clusters",
            "dynamic_route_configs",
            "dynamic_active_secrets",
            "dynamic_warming_secrets",
            "inline_scoped_route_configs",
            "dynamic_scoped_route_configs");

    private final Snapshots snapshots;
    private final DumpedConfig config;
    private final NameFilter names;
    private final String updated;

    /** One kind of resource: the dump it stands in, its own item there, and the names of both. */
    private record Kind(String dump, String item, String list, String field, String type) {}

    /** Of this moment; {@code names} is null where every name is wanted. */
    ConfigDump(Snapshots snapshots, NameFilter names) {
        this.snapshots = snapshots;
        this.config = DumpedConfig.of(snapshots.config());
        this.names = names;
        this.updated = time(snapshots.configuredAt());
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** As Envoy's {@code UpdateFailureState}. */
    private static Map<String, Object> error(Snapshots.FailedReload failed) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("last_update_attempt", time(failed.when()));
        out.put("details", failed.text());
        return out;
    }

    /** All kinds of resources. */
    List<Map<String, Object>> all() {
        List<Map<String, Object>> out = new ArrayList<>();
        Map<String, Object> bootstrap = typed("BootstrapConfigDump");
        bootstrap.put("bootstrap", config.bootstrap());
        bootstrap.put("last_updated", updated);
        snapshots.failedReload().ifPresent(failed -> bootstrap.put("error_state", error(failed)));
        out.add(bootstrap);
        out.add(dump(CLUSTERS, config.clusters()));
        out.add(dump(LISTENERS, config.listeners()));
        out.add(typed("ScopedRoutesConfigDump"));
        out.add(dump(ROUTES, config.routes()));
        out.add(dump(SECRETS, config.secrets()));
        return out;
    }

    private Map<String, Object> dump(Kind kind, List<Map<?, ?>> resources) {
        Map<String, Object> out = typed(kind.dump());
        List<Map<String, Object>> items = items(kind, resources);
        if (!items.isEmpty()) {
            out.put(kind.list(), items);
        }
        return out;
    }

    /** The resources of one list; null where there is no such list. */
    List<Map<String, Object>> resource(String resource) {
        return switch (resource) {
            case "static_clusters" -> typed(CLUSTERS, items(CLUSTERS, config.clusters()));
            case "static_listeners" -> typed(LISTENERS, items(LISTENERS, config.listeners()));
            case "static_route_configs" -> typed(ROUTES, items(ROUTES, config.routes()));
            case "static_secrets" -> typed(SECRETS, items(SECRETS, config.secrets()));
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
        List<Map<String, Object>> out = new ArrayList<>();
        for (Map<String, Object> item : items) {
            Map<String, Object> one = typed(kind.dump() + "." + kind.item());
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
