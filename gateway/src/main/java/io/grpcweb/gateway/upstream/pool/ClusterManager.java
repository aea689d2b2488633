package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All clusters by name, and what each event loop holds of them. Requests look a cluster up when they are routed, so a cluster
 * may be added, replaced and removed at any time ({@link ClusterChange}); calls that have begun stay with the one they found.
 */
public final class ClusterManager implements AutoCloseable {
    private final EventLoopGroup loops;
    private final Stats stats;
    private final FileWatch watch;
    private final Assignments assignments = new Assignments();
    private final AtomicLong connectionIds = new AtomicLong();
    private final Map<EventLoop, IdentityHashMap<Cluster, LoopPools>> pools = new ConcurrentHashMap<>();
    private volatile Map<String, Entry> byName = Map.of();

    /** A cluster, and how connections to its endpoints are opened. */
    record Entry(Cluster cluster, Connector connector) {}

    /**
     * Without clusters.
     *
     * @param loops the event loops that serve; clusters do their background work on them
     * @param stats where clusters are counted
     * @param watch has certificates read anew when their files change
     */
    public ClusterManager(EventLoopGroup loops, Stats stats, FileWatch watch) {
        this.loops = loops;
        this.stats = stats;
        this.watch = watch;
    }

    /** The cluster, or null where no cluster has that name; any thread. */
    public Cluster get(String name) {
        Entry found = byName.get(name);
        return found == null ? null : found.cluster;
    }

    /** The names of all clusters; any thread. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** In the order of the configuration; any thread. */
    public Collection<Cluster> all() {
        return byName.values().stream().map(Entry::cluster).toList();
    }

    /** Where control planes put the endpoints that they name (EDS). */
    public Assignments assignments() {
        return assignments;
    }

    /** What the event loop, which is the caller's, holds of a cluster; null where no cluster has that name. */
    public LoopPools pools(EventLoop loop, String name) {
        Entry entry = byName.get(name);
        if (entry == null) {
            return null;
        }
        IdentityHashMap<Cluster, LoopPools> own = pools.get(loop);
        if (own == null) {
            own = new IdentityHashMap<>();
            pools.put(loop, own);
        }
        LoopPools found = own.get(entry.cluster);
        if (found == null) {
            found = new LoopPools(entry.cluster, loop, entry.connector);
            own.put(entry.cluster, found);
        }
        return found;
    }

    /**
     * Prepares the step to other clusters: those that are new or changed in more than their endpoints are made beside the old
     * ones, and nothing is in force yet.
     *
     * @throws IOException names every file of TLS that cannot be used; then nothing has changed
     */
    public ClusterChange prepare(List<ClusterConfig> next) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<Cluster> fresh = new ArrayList<>();
        Map<Cluster, ClusterConfig> updates = new IdentityHashMap<>();
        List<String> problems = new ArrayList<>();
        for (ClusterConfig config : next) {
            Entry old = byName.get(config.name());
            if (old != null && old.cluster.config().equals(config)) {
                entries.put(config.name(), old);
                continue;
            }
            if (old != null && old.cluster.config().with(config.assignment()).equals(config)) {
                entries.put(config.name(), old);
                updates.put(old.cluster, config);
                continue;
            }
            try {
                Entry made = make(config);
                fresh.add(made.cluster);
                entries.put(config.name(), made);
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            fresh.forEach(Cluster::close);
            throw new IOException(String.join("\n", problems));
        }
        fresh.forEach(assignments::join);
        return new ClusterChange(this, byName, entries, fresh, updates);
    }

    private Entry make(ClusterConfig config) throws IOException {
        UpstreamTls tls =
                config.tls().isPresent() ? new UpstreamTls(config, config.tls().get(), watch) : null;
        Cluster cluster = new Cluster(config, loops, stats.cluster(config.name()));
        cluster.useTls(tls);
        return new Entry(cluster, new Connector(config, tls, connectionIds));
    }

    /** Puts other clusters in force. */
    void put(Map<String, Entry> entries) {
        byName = entries;
    }

    /** The cluster is out of use: its background work ends, and its connections close behind their last streams. */
    void retire(Cluster cluster) {
        assignments.leave(cluster);
        cluster.close();
        for (EventExecutor loop : loops) {
            if (loop.isShuttingDown()) {
                // It closes its connections itself.
                continue;
            }
            loop.execute(() -> retire((EventLoop) loop, cluster));
        }
    }

    private void retire(EventLoop loop, Cluster cluster) {
        IdentityHashMap<Cluster, LoopPools> own = pools.get(loop);
        LoopPools left = own == null ? null : own.remove(cluster);
        if (left != null) {
            left.close();
        }
    }

    Stats stats() {
        return stats;
    }

    @Override
    public void close() {
        all().forEach(this::retire);
    }
}
