package io.grpcweb.gateway.config.hocon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration that a program puts together: one listener, clusters, and routes by prefix. */
public final class ProgrammaticConf {
    private String listen = "127.0.0.1:8080";
    private List<String> origins = List.of();
    private final Map<String, List<String>> clusters = new LinkedHashMap<>();
    private final List<Tree> routes = new ArrayList<>();

    public void listen(String address) {
        listen = address;
    }

    public void allowOrigins(List<String> pages) {
        origins = pages;
    }

    public void cluster(String name, List<String> endpoints) {
        clusters.put(name, endpoints);
    }

    public void route(String prefix, String cluster) {
        routes.add(new Tree().put("prefix", prefix).put("cluster", cluster));
    }

    /** Whether there are neither clusters nor routes. */
    public boolean isEmpty() {
        return clusters.isEmpty() && routes.isEmpty();
    }

    /** In the gateway's own format. */
    public String text() {
        Tree listener = new Tree().put("listen", listen).put("access-log", List.of());
        if (!origins.isEmpty()) {
            listener.put("cors", new Tree().put("origins", origins));
        }
        if (!routes.isEmpty()) {
            listener.put("routes", routes);
        }
        Tree groups = new Tree();
        clusters.forEach((name, endpoints) -> groups.put(name, new Tree().put("endpoints", endpoints)));
        return HoconText.of(
                new Tree().put("listeners", new Tree().put("main", listener)).put("clusters", groups));
    }
}
