package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.net.HeaderBlockWatch;
import io.grpcweb.gateway.net.LoopChannels;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.upstream.host.EndpointTls;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Opens connections to the endpoints of a cluster: TCP, TLS and the peer's introduction within one connect timeout. */
final class Connector implements HostPool.ConnectionSource {
    /** How long the fields of a response may take once they have begun. */
    private static final Duration BLOCK_PATIENCE = Duration.ofSeconds(1);

    private final ClusterConfig config;
    private final EndpointTls tls;
    private final AtomicLong ids;

    /**
     * Prepares for a cluster.
     *
     * @param tls with each endpoint
     * @param ids numbers connections
     */
    Connector(ClusterConfig config, EndpointTls tls, AtomicLong ids) {
        this.ids = ids;
        this.config = config;
        this.tls = tls;
    }

    @Override
    public void connect(HostPool pool, PooledConnection pooled, boolean http2) {
        (http2 ? pool.stats().upstreamCxHttp2Total : pool.stats().upstreamCxHttp1Total).increment();
        open(new HttpWish(this, pool, pooled, http2));
    }

    @Override
    public void open(ConnectionWish wish) {
        new Opening(this, wish).begin();
    }

    /** For connections to the address, without handlers. */
    Bootstrap bootstrap(SocketAddress address, EventLoop loop) {
        Bootstrap bootstrap = new Bootstrap()
                .channel(new LoopChannels(loop).to(address))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, Transport.receiveBuffers())
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(config.bufferBytes() / 4, config.bufferBytes()));
        if (address instanceof InetSocketAddress) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
            config.tcpKeepalive().ifPresent(keepalive -> Transport.keepalive(bootstrap, loop, keepalive));
            config.bind().ifPresent(local -> bootstrap.localAddress(local(local)));
        }
        return bootstrap;
    }

    Duration timeout() {
        return config.connectTimeout();
    }

    /** Null for cleartext. */
    UpstreamTls tls(Host host) {
        return tls.of(host);
    }

    long nextId() {
        return ids.incrementAndGet();
    }

    private static InetSocketAddress local(Endpoint address) {
        return new InetSocketAddress(address.host(), Math.max(0, address.port()));
    }

    /**
     * Puts in what speaks the protocol.
     *
     * @param handshake of TLS, or null
     */
    void speak(Channel channel, SslHandler handshake, PooledConnection pooled, boolean asked) {
        boolean http2 = handshake != null && config.protocol() == ClusterConfig.Protocol.AUTO
                ? ApplicationProtocolNames.HTTP_2.equals(handshake.applicationProtocol())
                : asked;
        if (http2) {
            Http2ClientConnectionBuilder builder = new Http2ClientConnectionBuilder(config, pooled);
            Http2ClientConnection connection = builder.build();
            connection.setCumulator(ByteToMessageDecoder.COMPOSITE_CUMULATOR);
            channel.pipeline()
                    .addLast(
                            new FirstBytes(connection),
                            HeaderBlockWatch.ofServer(
                                    BLOCK_PATIENCE,
                                    stream -> connection.brokenBlock(
                                            "a header block was not ended within " + BLOCK_PATIENCE),
                                    builder.codec().meters()),
                            builder.codec().coalescer(),
                            connection);
        } else {
            ResponseDecoder decoder = new ResponseDecoder();
            channel.pipeline().addLast(decoder, new Http1ClientConnection(config, pooled, decoder));
        }
    }
}
