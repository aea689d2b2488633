package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a dump is made of: the Envoy bootstrap that was read, or the records that the own format was read to, without keys.
 *
 * @param bootstrap all of it
 */
record DumpedConfig(
        Map<String, Object> bootstrap,
        List<Map<?, ?>> listeners,
        List<Map<?, ?>> clusters,
        List<Map<?, ?>> routes,
        List<Map<?, ?>> secrets) {

    static DumpedConfig of(GatewayConfig config) {
        return config.document().map(DumpedConfig::ofBootstrap).orElseGet(() -> ofRecords(config));
    }

    private static DumpedConfig ofBootstrap(Map<String, Object> bootstrap) {
        Map<?, ?> resources = map(bootstrap.get("static_resources"));
        List<Map<?, ?>> listeners = maps(resources.get("listeners"));
        return new DumpedConfig(
                bootstrap,
                listeners,
                maps(resources.get("clusters")),
                inlineRoutes(listeners),
                maps(resources.get("secrets")));
    }

    /** The route configurations that stand in listeners. */
    static List<Map<?, ?>> inlineRoutes(List<? extends Map<?, ?>> listeners) {
        List<Map<?, ?>> routes = new ArrayList<>();
        for (Map<?, ?> listener : listeners) {
            List<Map<?, ?>> chains = new ArrayList<>(maps(listener.get("filter_chains")));
            chains.add(map(listener.get("default_filter_chain")));
            for (Map<?, ?> chain : chains) {
                for (Map<?, ?> filter : maps(chain.get("filters"))) {
                    Map<?, ?> manager = map(filter.get("typed_config"));
                    if (manager.get("route_config") instanceof Map<?, ?> config) {
                        routes.add(config);
                    }
                }
            }
        }
        return routes;
    }

    private static DumpedConfig ofRecords(GatewayConfig config) {
        List<Map<?, ?>> routes = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            listener.httpChains()
                    .forEach(chain -> routes.add(map(ConfigTree.of(chain.http().routes()))));
        }
        Map<String, Object> resources = new LinkedHashMap<>();
        resources.put("listeners", ConfigTree.of(config.listeners()));
        resources.put("clusters", ConfigTree.of(config.clusters()));
        Map<String, Object> bootstrap = new LinkedHashMap<>();
        bootstrap.put("node", ConfigTree.of(config.node()));
        bootstrap.put("static_resources", resources);
        config.admin().ifPresent(admin -> bootstrap.put("admin", ConfigTree.of(admin)));
        bootstrap.put("error_format", ConfigTree.of(config.errorFormat()));
        bootstrap.put("drain", ConfigTree.of(config.drain()));
        return new DumpedConfig(
                bootstrap, maps(resources.get("listeners")), maps(resources.get("clusters")), routes, List.of());
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<Map<?, ?>> maps(Object value) {
        List<Map<?, ?>> found = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> found.add(map(item)));
        }
        return found;
    }
}
