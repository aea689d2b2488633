package io.grpcweb.gateway.source.xds.channel;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.LoopChannels;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The connection to the endpoints of a control plane's cluster, one endpoint at a time: the next one is tried when one cannot be
 * reached. On the loop.
 */
final class PlaneChannel {
    /** Larger messages end the stream: what they would take of the heap is that of calls. */
    private static final int LARGEST_MESSAGE = 32 << 20;

    private final ClusterConfig cluster;
    private final String authority;
    private final EventLoop loop;
    private final UpstreamTls tls;
    private final List<ClusterConfig.Host> hosts;
    private int current;
    private ManagedChannel channel;

    /** @throws IOException when there is no endpoint, or TLS cannot be set up */
    PlaneChannel(ClusterConfig cluster, String authority, EventLoop loop, FileWatch watch) throws IOException {
        this.cluster = cluster;
        this.authority = authority.isEmpty() ? cluster.name() : authority;
        this.loop = loop;
        this.hosts = cluster.localities().stream()
                .flatMap(place -> place.hosts().stream())
                .toList();
        if (hosts.isEmpty()) {
            throw new IOException("cluster " + cluster.name() + " has no endpoint");
        }
        this.tls = cluster.tls().isPresent()
                ? new UpstreamTls(cluster, cluster.tls().get(), watch)
                : null;
    }

    /** For one more stream; tries to connect at once where it is not connected. */
    ManagedChannel forCall() {
        if (channel == null) {
            channel = open(hosts.get(current));
        }
        channel.resetConnectBackoff();
        return channel;
    }

    /** The endpoint could not be reached. */
    void failed() {
        if (hosts.size() > 1 && channel != null) {
            current = (current + 1) % hosts.size();
            channel.shutdown();
            channel = null;
        }
    }

    private ManagedChannel open(ClusterConfig.Host host) {
        Endpoint endpoint = host.address();
        SocketAddress address = PlaneConnections.address(endpoint);
        NettyChannelBuilder builder = endpoint.isPipe()
                ? NettyChannelBuilder.forAddress(address)
                : NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port());
        keepAlive(builder);
        return builder.eventLoopGroup(loop)
                .channelFactory(new PlaneConnections(new LoopChannels(loop).to(address), host, tls))
                .executor(loop)
                .usePlaintext()
                .overrideAuthority(authority)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .disableRetry()
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(Integer.MAX_VALUE, cluster.connectTimeout().toMillis()))
                .build();
    }

    void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        if (tls != null) {
            tls.close();
        }
    }

    /** Dead connections are noticed where the cluster says how. */
    private void keepAlive(NettyChannelBuilder builder) {
        HttpConfig.Keepalive keepalive = cluster.http2().keepalive();
        if (!keepalive.interval().isZero()) {
            builder.keepAliveTime(keepalive.interval().toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTimeout(keepalive.timeout().toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
