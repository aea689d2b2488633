package io.grpcweb.gateway.admin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /config_dump}: the configuration as it is in force, in the frame of Envoy's dump, without keys. */
final class ConfigDumpPage implements Page {
    private static final String ADMIN = "type.googleapis.com/envoy.admin.v3.";
    private static final String TYPE = "type.googleapis.com/envoy.config.";

    private final GatewayConfig config;

    ConfigDumpPage(GatewayConfig config) {
        this.config = config;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        Pattern names;
        try {
            String regex = request.value("name_regex");
            names = regex == null || regex.isEmpty() ? null : Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            return plain(400, "Error while parsing name_regex from " + request.value("name_regex"));
        }
        String resource = request.value("resource");
        Object configs = resource == null || resource.isEmpty()
                ? List.of(
                        section("BootstrapConfigDump", "bootstrap", bootstrap()),
                        section("ClustersConfigDump", "static_clusters", clusters(names)),
                        section("ListenersConfigDump", "static_listeners", listeners(names)),
                        Map.of("@type", ADMIN + "ScopedRoutesConfigDump"),
                        section("RoutesConfigDump", "static_route_configs", routes(names)),
                        Map.of("@type", ADMIN + "SecretsConfigDump"))
                : resource(resource, names);
        return configs == null
                ? plain(404, resource + " not found in config dump")
                : AdminResponse.json(Json.pretty(Map.of("configs", configs)));
    }

    private Object resource(String resource, Pattern names) {
        return switch (resource) {
            case "bootstrap" -> List.of(section("BootstrapConfigDump", "bootstrap", bootstrap()));
            case "static_clusters" -> clusters(names);
            case "static_listeners" -> listeners(names);
            case "static_route_configs" -> routes(names);
            default -> null;
        };
    }

    private Map<String, Object> bootstrap() {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("node", ConfigTree.of(config.node()));
        Map<String, Object> resources = new LinkedHashMap<>();
        resources.put("listeners", ConfigTree.of(config.listeners()));
        resources.put("clusters", ConfigTree.of(config.clusters()));
        out.put("static_resources", resources);
        config.admin().ifPresent(admin -> out.put("admin", ConfigTree.of(admin)));
        out.put("error_format", ConfigTree.of(config.errorFormat()));
        out.put("drain", ConfigTree.of(config.drain()));
        return out;
    }

    private List<Object> clusters(Pattern names) {
        List<Object> out = new ArrayList<>();
        for (ClusterConfig cluster : config.clusters()) {
            if (fits(names, cluster.name())) {
                out.add(item("ClustersConfigDump.StaticCluster", "cluster", "cluster.v3.Cluster", cluster));
            }
        }
        return out;
    }

    private List<Object> listeners(Pattern names) {
        List<Object> out = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            if (fits(names, listener.name())) {
                out.add(item("ListenersConfigDump.StaticListener", "listener", "listener.v3.Listener", listener));
            }
        }
        return out;
    }

    private List<Object> routes(Pattern names) {
        List<Object> out = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            for (ListenerConfig.FilterChain chain : listener.chains()) {
                RouteConfig routes = chain.http().routes();
                if (fits(names, routes.name())) {
                    out.add(item(
                            "RoutesConfigDump.StaticRouteConfig",
                            "route_config",
                            "route.v3.RouteConfiguration",
                            routes));
                }
            }
        }
        return out;
    }

    private static boolean fits(Pattern names, String name) {
        return names == null || names.matches(name);
    }

    private static Map<String, Object> item(String dump, String key, String type, Object config) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("@type", TYPE + type);
        ((Map<?, ?>) ConfigTree.of(config)).forEach((name, value) -> body.put(name.toString(), value));
        return section(dump, key, body);
    }

    private static Map<String, Object> section(String dump, String key, Object body) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("@type", ADMIN + dump);
        out.put(key, body);
        return out;
    }

    private static AdminResponse plain(int status, String text) {
        return new AdminResponse(status, "text/plain", text, null);
    }
}
