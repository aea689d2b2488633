package io.grpcweb.gateway.admin;

import com.google.re2j.PatternSyntaxException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /config_dump}: the configuration in force, in the form of Envoy's dump, without keys. */
final class ConfigDumpPage implements Page {
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

    private final DumpedConfig config;
    private final String updated;

    /** One kind of resource: the dump it stands in, its own item there, and the names of both. */
    private record Kind(String dump, String item, String list, String field, String type) {}

    ConfigDumpPage(DumpedConfig config, Instant started) {
        this.config = config;
        this.updated = started.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        try {
            String regex = request.value("name_regex");
            return dump(request, regex == null || regex.isEmpty() ? null : new NameFilter(regex));
        } catch (PatternSyntaxException e) {
            return plain(400, "Error while parsing name_regex from " + e.getPattern());
        }
    }

    private AdminResponse dump(AdminRequest request, NameFilter names) {
        String resource = request.value("resource");
        String mask = request.value("mask");
        List<Map<String, Object>> configs;
        if (resource == null || resource.isEmpty()) {
            configs = all(names);
        } else if (resource.equals("bootstrap")) {
            return plain(400, "bootstrap is not a repeated field. Use ?mask=bootstrap to get only this field");
        } else {
            configs = resource(resource, names);
        }
        if (configs == null) {
            return plain(404, resource + " not found in config dump");
        }
        return mask == null || mask.isEmpty() ? json(configs) : masked(configs, mask);
    }

    private static AdminResponse masked(List<Map<String, Object>> configs, String mask) {
        FieldMask fields = new FieldMask(mask);
        List<Map<String, Object>> left = new ArrayList<>();
        for (Map<String, Object> config : configs) {
            Map<String, Object> rest = fields.apply(config);
            if (!FieldMask.isBare(rest)) {
                left.add(rest);
            }
        }
        return left.isEmpty() && !configs.isEmpty()
                ? plain(400, "FieldMask " + mask + " could not be successfully applied to any configs.")
                : json(left);
    }

    private static AdminResponse json(List<Map<String, Object>> configs) {
        return AdminResponse.json(Json.pretty(configs.isEmpty() ? Map.of() : Map.of("configs", configs)));
    }

    private List<Map<String, Object>> all(NameFilter names) {
        List<Map<String, Object>> out = new ArrayList<>();
        Map<String, Object> bootstrap = typed("BootstrapConfigDump");
        bootstrap.put("bootstrap", config.bootstrap());
        bootstrap.put("last_updated", updated);
        out.add(bootstrap);
        out.add(dump(CLUSTERS, config.clusters(), names));
        out.add(dump(LISTENERS, config.listeners(), names));
        out.add(typed("ScopedRoutesConfigDump"));
        out.add(dump(ROUTES, config.routes(), names));
        out.add(dump(SECRETS, config.secrets(), names));
        return out;
    }

    private Map<String, Object> dump(Kind kind, List<Map<?, ?>> resources, NameFilter names) {
        Map<String, Object> out = typed(kind.dump());
        List<Map<String, Object>> items = items(kind, resources, names);
        if (!items.isEmpty()) {
            out.put(kind.list(), items);
        }
        return out;
    }

    private List<Map<String, Object>> resource(String resource, NameFilter names) {
        return switch (resource) {
            case "static_clusters" -> typed(CLUSTERS, items(CLUSTERS, config.clusters(), names));
            case "static_listeners" -> typed(LISTENERS, items(LISTENERS, config.listeners(), names));
            case "static_route_configs" -> typed(ROUTES, items(ROUTES, config.routes(), names));
            case "static_secrets" -> typed(SECRETS, items(SECRETS, config.secrets(), names));
            default -> EMPTY.contains(resource) ? List.of() : null;
        };
    }

    private List<Map<String, Object>> items(Kind kind, List<Map<?, ?>> resources, NameFilter names) {
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

    private static AdminResponse plain(int status, String text) {
        return new AdminResponse(status, "text/plain", text, null);
    }
}
