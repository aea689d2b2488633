package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** All clusters, and what each event loop holds of each of them. */
public final class Upstreams implements AutoCloseable {
    private final Clusters clusters;
    private final Map<String, Connector> connectors = new HashMap<>();
    private final Map<EventLoop, IdentityHashMap<Cluster, LoopPools>> pools = new ConcurrentHashMap<>();

    /**
     * Reads the TLS files of all clusters.
     *
     * @param stats where they are counted
     * @param watch has certificates read anew when their files change
     * @throws IOException names every file that cannot be used
     */
    public Upstreams(List<ClusterConfig> configs, EventLoopGroup background, Stats stats, FileWatch watch)
            throws IOException {
        clusters = new Clusters(configs, background, stats);
        AtomicLong connectionIds = new AtomicLong();
        List<String> problems = new ArrayList<>();
        for (ClusterConfig config : configs) {
            try {
                UpstreamTls tls = config.tls().isPresent()
                        ? new UpstreamTls(config, config.tls().get(), watch)
                        : null;
                connectors.put(config.name(), new Connector(config, tls, connectionIds));
                clusters.get(config.name()).checkWith(tls);
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\n", problems));
        }
    }

    public Clusters clusters() {
        return clusters;
    }

    /** What the event loop holds of a cluster, or null where no cluster has that name. */
    public LoopPools pools(EventLoop loop, String name) {
        Cluster cluster = clusters.get(name);
        if (cluster == null) {
            return null;
        }
        IdentityHashMap<Cluster, LoopPools> own = pools.get(loop);
        if (own == null) {
            own = new IdentityHashMap<>();
            pools.put(loop, own);
        }
        LoopPools found = own.get(cluster);
        if (found == null) {
            found = new LoopPools(cluster, loop, connectors.get(name));
            own.put(cluster, found);
        }
        return found;
    }

    @Override
    public void close() {
        clusters.close();
    }
}
