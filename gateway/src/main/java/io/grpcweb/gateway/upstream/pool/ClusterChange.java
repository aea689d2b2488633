package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.upstream.Cluster;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A step from the clusters of one configuration to those of another. A cluster whose endpoints alone change stays and takes them
 * over. Clusters that are new or changed otherwise warm beside the old ones ({@link #warm}); then they take their names ({@link
 * #commit}, {@link #finish}), or are given up ({@link #abandon}). One thread at a time makes steps.
 */
public final class ClusterChange {
    private final ClusterManager manager;
    private final Set<String> next;
    private final List<ClusterStep> steps;
    private final Map<Cluster, ClusterConfig> updates;
    private final List<String> gone;

    /**
     * Prepares nothing itself.
     *
     * @param next the names of all clusters of the next configuration
     * @param steps those of them that are made anew
     * @param updates the clusters whose endpoints alone change, with what they become
     * @param gone the names of those that have no successor
     */
    ClusterChange(
            ClusterManager manager,
            Set<String> next,
            List<ClusterStep> steps,
            Map<Cluster, ClusterConfig> updates,
            List<String> gone) {
        this.manager = manager;
        this.next = next;
        this.steps = steps;
        this.updates = updates;
        this.gone = gone;
    }

    /**
     * Begins the first resolution and the first health checks of the clusters that are new or changed.
     *
     * @param ready called once, on some thread, when each of them has been through both, however they went
     */
    public void warm(Runnable ready) {
        if (steps.isEmpty()) {
            ready.run();
            return;
        }
        AtomicInteger waiting = new AtomicInteger(steps.size());
        steps.forEach(step -> step.warm(() -> {
            if (waiting.decrementAndGet() == 0) {
                ready.run();
            }
        }));
    }

    /** The names of all clusters, the old ones among them. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(next);
        names.addAll(manager.names());
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
        steps.forEach(ClusterStep::commit);
        manager.stats().clusterManager().clusterModified.add(updates.size());
        return inTime;
    }

    /** Takes out the clusters that have no successor. */
    public void finish() {
        gone.forEach(manager::remove);
    }

    /** Gives the new clusters up; the old ones stay. */
    public void abandon() {
        steps.forEach(ClusterStep::abandon);
    }
}
