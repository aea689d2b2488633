package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.EndpointTls;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * All clusters by name, and what each event loop holds of them. Requests look a cluster up when they are routed, so a cluster
 * may be added, replaced and removed at any time ({@link ClusterChange}); calls that have begun stay with the one they found.
 */
public final class ClusterManager implements AutoCloseable {
    private final EventLoopGroup loops;
    private final Stats stats;
    private final FileWatch watch;
    private final Connecting connecting;
    private final Assignments assignments = new Assignments();
    private final AtomicLong connectionIds = new AtomicLong();
    private final Map<EventLoop, IdentityHashMap<Cluster, LoopPools>> pools = new ConcurrentHashMap<>();
    private final Map<String, Entry> byName = new ConcurrentHashMap<>();

    /** By number: the hash of a record takes 20 ms of a start to put together. */
    private final Map<Long, Entry> warming = new ConcurrentHashMap<>();

    private final AtomicLong made = new AtomicLong();

    /**
     * A cluster, and how connections to its endpoints are opened.
     *
     * @param number in the order in which clusters were made
     * @param isConfigured whether it stands in the configuration; else it comes from elsewhere
     */
    record Entry(Cluster cluster, HostPool.ConnectionSource connector, long number, boolean isConfigured) {}

    /** Makes what opens the connections of a cluster. */
    @FunctionalInterface
    interface Connecting {
        HostPool.ConnectionSource to(ClusterConfig config, EndpointTls tls, AtomicLong ids);
    }

    /**
     * Without clusters.
     *
     * @param loops the event loops that serve; clusters do their background work on them
     * @param stats where clusters are counted
     * @param watch has certificates read anew when their files change
     */
    public ClusterManager(EventLoopGroup loops, Stats stats, FileWatch watch) {
        this(loops, stats, watch, Connector::new);
    }

    /** The same, where connections are opened in another way. */
    ClusterManager(EventLoopGroup loops, Stats stats, FileWatch watch, Connecting connecting) {
        this.loops = loops;
        this.connecting = connecting;
        this.stats = stats;
        this.watch = watch;
        stats.clusterManager().activeClusters.follow(byName::size);
    }

    /** The cluster, or null where no cluster has that name; any thread. */
    public Cluster get(String name) {
        Entry found = byName.get(name);
        return found == null ? null : found.cluster;
    }

    /** What is counted of the cluster, or null where no cluster has that name; any thread. */
    public ClusterStats stats(String name) {
        Cluster found = get(name);
        return found == null ? null : found.stats();
    }

    /** The names of all clusters; any thread. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** In the order in which they were made; any thread. */
    public Collection<Cluster> all() {
        return inOrder(byName.values().stream());
    }

    /** The same with those that are not in force yet, where no other one has their name; any thread. */
    public Collection<Cluster> allAndFirst() {
        return inOrder(Stream.concat(
                byName.values().stream(),
                warming.values().stream()
                        .filter(one -> !has(one.cluster.config().name()))));
    }

    private static List<Cluster> inOrder(Stream<Entry> entries) {
        return entries.sorted(Comparator.comparingLong(Entry::number))
                .map(Entry::cluster)
                .toList();
    }

    /** Whether a cluster of that name stands in the configuration; any thread. */
    public boolean isConfigured(String name) {
        Entry found = byName.get(name);
        return found != null && found.isConfigured;
    }

    /** Where control planes put the endpoints that they name (EDS). */
    public Assignments assignments() {
        return assignments;
    }

    /** An event loop for work that is nobody's in particular. */
    public EventExecutor loop() {
        return loops.next();
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
     * Prepares the step to other clusters of the configuration: those that are new or changed in more than their endpoints are made
     * beside the old ones, and nothing is in force yet. Those that come from elsewhere are not touched.
     *
     * @param names of all clusters of the configuration, some of which are prepared by themselves
     * @throws IOException names every file of TLS that cannot be used; then nothing has changed
     */
    public ClusterChange prepare(List<ClusterConfig> next, Collection<String> names) throws IOException {
        List<ClusterStep> steps = new ArrayList<>();
        Map<Cluster, ClusterConfig> updates = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (ClusterConfig config : next) {
            Entry old = byName.get(config.name());
            boolean stays = old != null && old.isConfigured;
            if (stays && old.cluster.config().equals(config)) {
                continue;
            }
            if (stays && old.cluster.config().with(config.assignment()).equals(config)) {
                updates.put(old.cluster, config);
                continue;
            }
            try {
                steps.add(step(config, true));
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            steps.forEach(ClusterStep::abandon);
            throw new IOException(String.join("\n", problems));
        }
        List<String> gone = byName.entrySet().stream()
                .filter(one -> one.getValue().isConfigured && !names.contains(one.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        return new ClusterChange(this, new LinkedHashSet<>(names), steps, updates, gone);
    }

    /** The same, where all of them are prepared together. */
    public ClusterChange prepare(List<ClusterConfig> next) throws IOException {
        return prepare(next, next.stream().map(ClusterConfig::name).toList());
    }

    /**
     * Makes one cluster that comes from elsewhere, beside the one of its name, if there is one.
     *
     * @throws IOException names the file of TLS that cannot be used; then nothing has changed
     */
    public ClusterStep prepare(ClusterConfig next) throws IOException {
        return step(next, false);
    }

    private ClusterStep step(ClusterConfig config, boolean configured) throws IOException {
        EndpointTls tls = EndpointTls.of(config, watch);
        Cluster cluster = new Cluster(config, loops, stats.cluster(config.name()));
        cluster.useTls(tls);
        HostPool.ConnectionSource connector = connecting.to(config, tls, connectionIds);
        return new ClusterStep(this, new Entry(cluster, connector, made.incrementAndGet(), configured));
    }

    /** One is made, and not in force yet. */
    void warms(Entry entry) {
        warming.put(entry.number, entry);
    }

    /** It is in force, or given up. */
    void warmsNoLonger(Entry entry) {
        warming.remove(entry.number);
    }

    /** Puts a cluster in force; gives the one of its name before, or null. */
    Entry put(Entry entry) {
        return byName.put(entry.cluster.config().name(), entry);
    }

    /** Whether a cluster has that name. */
    boolean has(String name) {
        return byName.containsKey(name);
    }

    /** Takes a cluster out: calls to it fail from now on, those that have begun go on. */
    public void remove(String name) {
        Entry gone = byName.remove(name);
        if (gone != null) {
            retire(gone.cluster);
            stats.releaseCluster(name);
            stats.clusterManager().clusterRemoved.increment();
        }
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
