package io.grpcweb.gateway.tcp;

import io.grpcweb.gateway.config.OverloadConfig.Timer;
import io.grpcweb.gateway.config.TcpConfig;
import io.grpcweb.gateway.downstream.ChainService;
import io.grpcweb.gateway.downstream.DrainState;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.stats.HttpStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** What the connections of a filter chain share that sends their bytes on as they are. */
public final class TcpProxy implements ChainService {
    private static final long HANDSHAKE_NANOS = Duration.ofSeconds(10).toNanos();

    private final String chain;
    private final TcpConfig config;
    private final ClusterManager clusters;
    private final TcpStats stats;
    private final ExchangeObserver logs;
    private final DrainState drain;
    private final Load load;
    private final int weights;

    /**
     * For a filter chain.
     *
     * @param chain its name; may be empty
     * @param logs is told of each connection when it is closed
     * @param drain whether its connections are to end
     * @param load how short the process runs
     */
    public TcpProxy(
            String chain,
            TcpConfig config,
            ClusterManager clusters,
            Stats stats,
            ExchangeObserver logs,
            DrainState drain,
            Load load) {
        this.chain = chain;
        this.config = config;
        this.clusters = clusters;
        this.stats = stats.group("tcp." + config.statPrefix(), TcpStats.class, () -> new TcpStats(config.statPrefix()));
        this.logs = logs;
        this.drain = drain;
        this.load = load;
        this.weights =
                config.clusters().stream().mapToInt(TcpConfig.Target::weight).sum();
    }

    @Override
    public void cleartext(ChannelPipeline pipeline) {
        pipeline.addLast(new TcpSession(this, false));
    }

    @Override
    public void tls(ChannelPipeline pipeline) {
        pipeline.addLast(new TcpSession(this, true));
    }

    @Override
    public DrainState drain() {
        return drain;
    }

    @Override
    public long handshakeNanos() {
        return load.nanos(Timer.TRANSPORT_SOCKET_CONNECT, HANDSHAKE_NANOS);
    }

    @Override
    public HttpStats stats() {
        return null;
    }

    @Override
    public void release() {
        logs.release();
    }

    /** Null where it has no name. */
    String chain() {
        return chain.isEmpty() ? null : chain;
    }

    TcpConfig config() {
        return config;
    }

    ClusterManager clusters() {
        return clusters;
    }

    TcpStats counters() {
        return stats;
    }

    ExchangeObserver logs() {
        return logs;
    }

    /** The cluster of a new connection. */
    String draw() {
        if (config.clusters().size() == 1) {
            return config.clusters().get(0).cluster();
        }
        int drawn = ThreadLocalRandom.current().nextInt(weights);
        int passed = 0;
        for (TcpConfig.Target target : config.clusters()) {
            passed += target.weight();
            if (drawn < passed) {
                return target.cluster();
            }
        }
        throw new IllegalStateException("weights of no sum");
    }
}
