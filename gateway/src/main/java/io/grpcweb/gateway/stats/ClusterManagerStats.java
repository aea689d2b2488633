package io.grpcweb.gateway.stats;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What became of the clusters: {@code cluster_manager.*}. */
public final class ClusterManagerStats extends StatGroup {
    public final LongAdder clusterAdded = counter("cluster_added");
    public final LongAdder clusterModified = counter("cluster_modified");
    public final LongAdder clusterRemoved = counter("cluster_removed");
    public final Gauge activeClusters = gauge("active_clusters");
    public final Gauge warmingClusters = gauge("warming_clusters");

    ClusterManagerStats() {
        super("cluster_manager", "envoy_cluster_manager", List.of());
        zeroCounters(
                "cluster_updated", "cluster_updated_via_merge", "update_merge_cancelled", "update_out_of_merge_window");
    }
}
