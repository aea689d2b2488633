package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.stats.ClusterManagerStats;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.pool.ClusterManager.Entry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A step from some clusters to others. A cluster whose endpoints alone change stays and takes them over. Clusters that are new
 * or changed otherwise warm beside the old ones ({@link #warm}); then they take their names ({@link #commit}, {@link #finish}), or are given up ({@link #abandon}). One thread at a time makes steps.
 */
public final class ClusterChange {
    private final ClusterManager manager;
    private final Map<String, Entry> old;
    private final Map<String, Entry> next;
    private final List<Cluster> fresh;
    private final Map<Cluster, ClusterConfig> updates;

    /** @param updates the clusters whose endpoints alone change, with what they become */
    ClusterChange(
            ClusterManager manager,
            Map<String, Entry> old,
            Map<String, Entry> next,
            List<Cluster> fresh,
            Map<Cluster, ClusterConfig> updates) {
        this.manager = manager;
        this.old = old;
        this.next = next;
        this.fresh = fresh;
        this.updates = updates;
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

    /**
     * Puts the new clusters in force; those without a successor stay until {@link #finish}.
     *
     * @param most how long endpoints with new names may take to be resolved
     * @return false where that was not enough; they come into force later
     */
    public boolean commit(Duration most) throws InterruptedException {
        CountDownLatch taken = new CountDownLatch(updates.size());
        updates.forEach((cluster, config) -> cluster.update(config, taken::countDown));
        boolean inTime = taken.await(most.toNanos(), TimeUnit.NANOSECONDS);
        Map<String, Entry> both = new LinkedHashMap<>(next);
        old.forEach(both::putIfAbsent);
        manager.put(both);
        fresh.forEach(Cluster::showGauges);
        int replaced = 0;
        for (Map.Entry<String, Entry> one : old.entrySet()) {
            Entry now = next.get(one.getKey());
            if (now != null && fresh.contains(now.cluster())) {
                manager.retire(one.getValue().cluster());
                replaced++;
            }
        }
        ClusterManagerStats stats = manager.stats().clusterManager();
        stats.clusterAdded.add(fresh.size() - replaced);
        stats.clusterModified.add(replaced + updates.size());
        stats.warmingClusters.set(0);
        return inTime;
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
            manager.assignments().leave(cluster);
            cluster.close();
            if (!old.containsKey(cluster.config().name())) {
                manager.stats().releaseCluster(cluster.config().name());
            }
        });
        manager.stats().clusterManager().warmingClusters.set(0);
    }
}
