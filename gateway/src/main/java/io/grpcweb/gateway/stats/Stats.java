package io.grpcweb.gateway.stats;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All numbers of the gateway. Groups are asked for by name at wiring time, where asking twice gives the same one, so that
 * listeners that share a {@code stat_prefix} share its series; the pages walk through all of them.
 */
public final class Stats {
    private final ServerStats server = new ServerStats();
    private final ListenerManagerStats listenerManager = new ListenerManagerStats();
    private final ClusterManagerStats clusterManager = new ClusterManagerStats();
    private final FileStats files = new FileStats();
    private final Http1Stats http1 = new Http1Stats();
    private final Http2Stats http2 = new Http2Stats("http2", "envoy_http2", List.of());
    private final OverloadStats overload = new OverloadStats();
    private final ListenerStats adminListener = new ListenerStats();
    private final Map<String, StatGroup> groups = new ConcurrentSkipListMap<>();

    public Stats() {
        groups.put("server", server);
        groups.put("listener_manager", listenerManager);
        groups.put("cluster_manager", clusterManager);
        groups.put("filesystem", files);
        groups.put("http1", http1);
        groups.put("http2", http2);
        groups.put("listener.admin", adminListener);
        groups.put("overload", overload);
        for (StatGroup unused : UnusedStats.all()) {
            groups.put(unused.prefix(), unused);
        }
    }

    /** {@code http.<prefix>.*}. */
    public HttpStats http(String prefix) {
        return (HttpStats) groups.computeIfAbsent("http." + prefix, name -> new HttpStats(prefix));
    }

    /** {@code cluster.<name>.*}. */
    public ClusterStats cluster(String cluster) {
        return (ClusterStats) groups.computeIfAbsent("cluster." + cluster, name -> new ClusterStats(cluster));
    }

    /** The cluster is gone, and its series with it. */
    public void releaseCluster(String cluster) {
        groups.remove("cluster." + cluster);
    }

    /** The listener is gone, and its series with it. */
    public void releaseListener(String address) {
        groups.remove("listener/" + address);
    }

    /**
     * {@code listener.<address>.*}.
     *
     * @param address IP address, underscore, port, as {@code 0.0.0.0_8080}; or the listener's {@code stat_prefix}
     */
    public ListenerStats listener(String address) {
        return (ListenerStats) groups.computeIfAbsent("listener/" + address, name -> new ListenerStats(address));
    }

    /**
     * A group of a filter.
     *
     * @param name that no group of another kind has
     * @param make makes the group when it is first asked for
     */
    public <G extends StatGroup> G group(String name, Class<G> kind, Supplier<G> make) {
        return kind.cast(groups.computeIfAbsent(name, absent -> make.get()));
    }

    /** A group is gone, and its series with it. */
    public void releaseGroup(String name) {
        groups.remove(name);
    }

    /** {@code listener.admin.*}. */
    public ListenerStats adminListener() {
        return adminListener;
    }

    /** {@code server.*}. */
    public ServerStats server() {
        return server;
    }

    /** {@code listener_manager.*}. */
    public ListenerManagerStats listenerManager() {
        return listenerManager;
    }

    /** {@code cluster_manager.*}. */
    public ClusterManagerStats clusterManager() {
        return clusterManager;
    }

    /** {@code filesystem.*}. */
    public FileStats files() {
        return files;
    }

    /** {@code http1.*}: of connections with clients. */
    public Http1Stats http1() {
        return http1;
    }

    /** {@code http2.*}: of connections with clients. */
    public Http2Stats http2() {
        return http2;
    }

    /** {@code overload.*}. */
    public OverloadStats overload() {
        return overload;
    }

    /** Shows each number that is there already to a page, in no order. */
    public void forEach(Consumer<Stat> page) {
        for (StatGroup group : groups.values()) {
            group.forEach(stat -> {
                if (stat.present().getAsBoolean()) {
                    page.accept(stat);
                }
            });
        }
    }

    /** The numbers by dotted name. */
    public Map<String, Stat> byName() {
        Map<String, Stat> sorted = new TreeMap<>();
        forEach(stat -> sorted.put(stat.name(), stat));
        return sorted;
    }

    /** Sets every counter back to zero; gauges and histograms stay. */
    public void resetCounters() {
        forEach(stat -> stat.reset().run());
    }
}
