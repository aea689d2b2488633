package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.stats.ClusterManagerStats;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.pool.ClusterManager.Entry;

/**
 * A cluster that was made beside the one of its name that is in force, if there is one. It warms ({@link #warm}); then it takes the
 * name ({@link #commit}), or is given up ({@link #abandon}). One thread at a time makes steps.
 */
public final class ClusterStep {
    private final ClusterManager manager;
    private final Entry entry;

    ClusterStep(ClusterManager manager, Entry entry) {
        this.manager = manager;
        this.entry = entry;
        manager.assignments().join(entry.cluster());
        counts().warmingClusters.increment();
        manager.warms(entry);
    }

    private ClusterManagerStats counts() {
        return manager.stats().clusterManager();
    }

    /**
     * Begins its first resolution and its first health checks.
     *
     * @param ready called once, on some thread, when it has been through both, however they went
     */
    public void warm(Runnable ready) {
        entry.cluster().start(done -> ready.run());
    }

    /** Puts it in force; the one before ends behind its calls. */
    public void commit() {
        counts().warmingClusters.decrement();
        Entry before = manager.put(entry);
        manager.warmsNoLonger(entry);
        entry.cluster().showGauges();
        if (before == null) {
            counts().clusterAdded.increment();
        } else {
            counts().clusterModified.increment();
            manager.retire(before.cluster());
        }
    }

    /** Gives it up; the one before stays. */
    public void abandon() {
        counts().warmingClusters.decrement();
        manager.warmsNoLonger(entry);
        Cluster cluster = entry.cluster();
        manager.assignments().leave(cluster);
        cluster.close();
        if (!manager.has(cluster.config().name())) {
            manager.stats().releaseCluster(cluster.config().name());
        }
    }
}
