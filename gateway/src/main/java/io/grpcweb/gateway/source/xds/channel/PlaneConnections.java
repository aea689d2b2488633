package io.grpcweb.gateway.source.xds.channel;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to an endpoint, with the TLS of its cluster below what gRPC puts on them: names, authorities and certificates are
 * handled as in every other cluster. Certificates that have changed are used by the next connection.
 */
final class PlaneConnections implements ChannelFactory<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(PlaneConnections.class);

    private final ChannelFactory<? extends Channel> plain;
    private final ClusterConfig.Host config;
    private final UpstreamTls tls;

    /** @param tls null for cleartext */
    PlaneConnections(Class<? extends Channel> kind, ClusterConfig.Host config, UpstreamTls tls) {
        this.plain = new ReflectiveChannelFactory<>(kind);
        this.config = config;
        this.tls = tls;
    }

    @Override
    public Channel newChannel() {
        Channel channel = plain.newChannel();
        if (tls != null) {
            SocketAddress address = address(config.address());
            Host host = new Host(nowhere(), config, List.of(address), -1, System.nanoTime());
            SslHandler handler = tls.handler(channel.alloc(), address, tls.serverName(host, null));
            handler.handshakeFuture().addListener(done -> {
                String problem = done.isSuccess() ? tls.problemWith(handler) : null;
                if (problem != null) {
                    LOG.warn("the control plane at {} is not trusted: {}", config.address(), problem);
                    channel.close();
                }
            });
            channel.pipeline().addLast("tls", handler);
        }
        return channel;
    }

    /** Where it is; a name stays one. */
    static SocketAddress address(Endpoint endpoint) {
        return endpoint.isPipe()
                ? new DomainSocketAddress(endpoint.host())
                : InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port());
    }

    private static ClusterConfig.Locality nowhere() {
        return new ClusterConfig.Locality("", "", "", 0, 1, Metadata.NONE, List.of());
    }
}
