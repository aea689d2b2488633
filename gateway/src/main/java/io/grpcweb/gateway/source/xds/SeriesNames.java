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
                    case CLUSTER -> of(type, "cluster_manager.cds", "cluster_manager_cds");
                    case LISTENER -> of(type, "listener_manager.lds", "listener_manager_lds");
                    case ENDPOINTS -> new SubscriptionStats(stats.cluster(owner), owner);
                    case ROUTES ->
                        of(
                                type,
                                "http." + owner + ".rds." + name,
                                "http_rds",
                                new Label("envoy_rds_route_config", name),
                                new Label("envoy_http_conn_manager_prefix", owner));
                    case SECRET -> of(type, "sds." + name, "sds", new Label("envoy_sds_secret", name));
                };
        return stats.group(key(made), SubscriptionStats.class, () -> made);
    }

    private static SubscriptionStats of(ResourceType type, String prefix, String family, Label... labels) {
        return new SubscriptionStats(type, prefix, "envoy_" + family, List.of(labels));
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
