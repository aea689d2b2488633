package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.dynamic.DynamicSnapshot;
import io.grpcweb.gateway.dynamic.DynamicSnapshot.Item;
import io.grpcweb.gateway.explain.Places;
import java.util.List;
import java.util.Optional;

/** Names what comes from elsewhere by its resource and the version of that, and everything else by its line. */
final class ResourcePlaces implements Places {
    private final DynamicSnapshot snapshot;

    ResourcePlaces(DynamicSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    @Override
    public String listener(ListenerConfig listener) {
        return resource("Listener", snapshot.listeners(), listener.name()).orElse("");
    }

    @Override
    public Of routes(ListenerConfig listener, ListenerConfig.FilterChain chain) {
        Optional<String> resource = chain.routes()
                .map(source -> resource("RouteConfiguration", snapshot.routes(), source.name())
                        .orElse("RouteConfiguration " + source.name() + " has not come"))
                .or(() -> resource("Listener", snapshot.listeners(), listener.name()));
        return place -> with(resource, place);
    }

    @Override
    public String cluster(ClusterConfig cluster) {
        String own = with(resource("Cluster", snapshot.clusters(), cluster.name()), cluster.place());
        if (cluster.discovery().source().isEmpty()) {
            return own;
        }
        String service = cluster.discovery().service();
        return own + "; "
                + resource("ClusterLoadAssignment", snapshot.endpoints(), service)
                        .orElse("ClusterLoadAssignment " + service + " has not come");
    }

    private static String with(Optional<String> resource, Origin place) {
        if (resource.isEmpty()) {
            return place.text();
        }
        return resource.get() + (place.text().isEmpty() ? "" : " (" + place.text() + ")");
    }

    private static Optional<String> resource(String kind, List<Item> items, String name) {
        return items.stream()
                .filter(item -> item.name().equals(name) && item.active() != null)
                .findFirst()
                .map(item -> kind + " " + name
                        + (item.active().version().isEmpty()
                                ? ""
                                : ", version " + item.active().version()));
    }
}
