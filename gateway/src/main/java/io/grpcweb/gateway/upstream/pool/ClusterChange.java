package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.stats.ClusterManagerStats;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.pool.ClusterManager.Entry;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A step from some clusters to others. Clusters that are new or changed warm beside the old ones ({@link #warm}); then they
 * take their names ({@link #commit}, {@link #finish}), or are given up ({@link #abandon}). One thread at a time makes steps.
 */
public final class ClusterChange {
    private final ClusterManager manager;
    private final Map<String, Entry> old;
    private final Map<String, Entry> next;
    private final List<Cluster> fresh;

    ClusterChange(ClusterManager manager, Map<String, Entry> old, Map<String, Entry> next, List<Cluster> fresh) {
        this.manager = manager;
        this.old = old;
        this.next = next;
        this.fresh = fresh;
    }

    /**
     * Begins the first resolution and the first health checks of the clusters that are new or changed.
     *
     * @param ready called once, on some thread, when each of them has been through both, however they went
     */
    public void warm(Runnable ready) {
        if (fresh.isEmpty()) {
            ready.run();
            return;
        }
        AtomicInteger waiting = new AtomicInteger(fresh.size());
        manager.stats().clusterManager().warmingClusters.set(fresh.size());
        fresh.forEach(cluster -> cluster.start(done -> {
            if (waiting.decrementAndGet() == 0) {
                ready.run();
            }
        }));
    }

    /** The names of all clusters, the old ones among them. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(next.keySet());
        names.addAll(old.keySet());
        return names;
    }

    /** Puts the new clusters in force; those without a successor stay until {@link #finish}. */
    public void commit() {
        Map<String, Entry> both = new LinkedHashMap<>(next);
        old.forEach(both::putIfAbsent);
        manager.put(both);
        fresh.forEach(Cluster::showGauges);
        int modified = 0;
        for (Map.Entry<String, Entry> one : old.entrySet()) {
            Entry now = next.get(one.getKey());
            if (now != null && fresh.contains(now.cluster())) {
                manager.retire(one.getValue().cluster());
                modified++;
            }
        }
        ClusterManagerStats stats = manager.stats().clusterManager();
        stats.clusterAdded.add(fresh.size() - modified);
        stats.clusterModified.add(modified);
        stats.warmingClusters.set(0);
    }

    /** Takes out the clusters that have no successor. */
    public void finish() {
        manager.put(next);
        ClusterManagerStats stats = manager.stats().clusterManager();
        old.forEach((name, entry) -> {
            if (!next.containsKey(name)) {
                manager.retire(entry.cluster());
                manager.stats().releaseCluster(name);
                stats.clusterRemoved.increment();
            }
        });
        stats.activeClusters.set(next.size());
    }

    /** Gives the new clusters up; the old ones stay. */
    public void abandon() {
        fresh.forEach(cluster -> {
            cluster.close();
            if (!old.containsKey(cluster.config().name())) {
                manager.stats().releaseCluster(cluster.config().name());
            }
        });
        manager.stats().clusterManager().warmingClusters.set(0);
    }
}
