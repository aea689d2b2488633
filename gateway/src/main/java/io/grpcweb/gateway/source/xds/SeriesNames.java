package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.Stats;
import java.util.List;

/** What the series of subscriptions are called: Envoy's names. */
public final class SeriesNames {
    private final Stats stats;

    public SeriesNames(Stats stats) {
        this.stats = stats;
    }

    /** @param owner a cluster, or a prefix of HTTP series; empty where the kind has none */
    SubscriptionStats stats(ResourceType type, String owner, String name) {
        SubscriptionStats made =
                switch (type) {
                    case CLUSTER ->
                        new SubscriptionStats("cluster_manager.cds", "envoy_cluster_manager_cds", List.of());
                    case LISTENER ->
                        new SubscriptionStats("listener_manager.lds", "envoy_listener_manager_lds", List.of());
                    case ENDPOINTS ->
                        new SubscriptionStats(
                                "cluster." + owner, "envoy_cluster", List.of(new Label("envoy_cluster_name", owner)));
                    case ROUTES ->
                        new SubscriptionStats(
                                "http." + owner + ".rds." + name,
                                "envoy_http_rds",
                                List.of(
                                        new Label("envoy_rds_route_config", name),
                                        new Label("envoy_http_conn_manager_prefix", owner)));
                    case SECRET ->
                        new SubscriptionStats("sds." + name, "envoy_sds", List.of(new Label("envoy_sds_secret", name)));
                };
        return stats.group(key(made), SubscriptionStats.class, () -> made);
    }

    /** It counts no longer. */
    void release(ResourceType type, SubscriptionStats gone) {
        if (!type.isAll()) {
            stats.releaseGroup(key(gone));
        }
    }

    private static String key(SubscriptionStats one) {
        return "discovery/" + one.name();
    }

    PlaneStats plane() {
        return stats.group("control_plane", PlaneStats.class, PlaneStats::new);
    }
}
