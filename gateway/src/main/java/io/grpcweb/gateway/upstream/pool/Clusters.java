package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.upstream.Cluster;
import io.netty.channel.EventLoopGroup;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The clusters of a configuration, by name; never changed. */
public final class Clusters implements AutoCloseable {
    private final Map<String, Cluster> byName = new LinkedHashMap<>();

    public Clusters(List<ClusterConfig> configs, EventLoopGroup background, Stats stats) {
        configs.forEach(
                config -> byName.put(config.name(), new Cluster(config, background, stats.cluster(config.name()))));
    }

    /** The cluster, or null where no cluster has that name. */
    public Cluster get(String name) {
        return byName.get(name);
    }

    /** In the order of the configuration. */
    public Collection<Cluster> all() {
        return byName.values();
    }

    /** Starts all; {@code ready} is called once, on some event loop, when each of them is ready. */
    public void start(Runnable ready) {
        if (byName.isEmpty()) {
            ready.run();
            return;
        }
        AtomicInteger waiting = new AtomicInteger(byName.size());
        byName.values()
                .forEach(cluster -> cluster.start(done -> {
                    if (waiting.decrementAndGet() == 0) {
                        ready.run();
                    }
                }));
    }

    @Override
    public void close() {
        byName.values().forEach(Cluster::close);
    }
}
