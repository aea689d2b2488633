package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.http.TlsFacts;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.net.HeaderBlockWatch;
import io.grpcweb.gateway.net.TlsSessions;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.net.WriteCoalescer;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.Attribute;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Opens connections to the endpoints of a cluster: TCP, TLS and the peer's introduction within one connect timeout. */
final class Connector {
    /** How long the fields of an answer may take once they have begun. */
    private static final Duration BLOCK_PATIENCE = Duration.ofSeconds(1);

    private final ClusterConfig config;
    private final UpstreamTls tls;
    private final AtomicLong ids;

    /**
     * Prepares for a cluster.
     *
     * @param tls null for cleartext
     * @param ids numbers connections
     */
    Connector(ClusterConfig config, UpstreamTls tls, AtomicLong ids) {
        this.ids = ids;
        this.config = config;
        this.tls = tls;
    }

    void connect(HostPool pool, PooledConnection pooled, boolean http2) {
        boolean pipe = pool.host().address() instanceof DomainSocketAddress;
        Bootstrap bootstrap = new Bootstrap()
                .group(pool.loop())
                .channel(Transport.clientChannel(pipe))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, Transport.receiveBuffers())
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(config.bufferBytes() / 4, config.bufferBytes()))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.attr(UpstreamFacts.KEY).set(new UpstreamFacts(ids.incrementAndGet(), null, null));
                        channel.pipeline().addLast(new ConnectionCounter(pool.stats(), pooled, http2));
                        if (tls == null) {
                            speak(channel, pooled, http2);
                        } else {
                            SslHandler handler = tls.handler(channel.alloc(), pool.host(), pool.serverName());
                            channel.pipeline().addLast(handler, new AfterHandshake(handler, pooled, http2));
                        }
                    }
                });
        if (!pipe) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
            config.tcpKeepalive().ifPresent(keepalive -> Transport.keepalive(bootstrap, keepalive));
            config.bind().ifPresent(local -> bootstrap.localAddress(local(local)));
        }
        ChannelFuture connect = bootstrap.connect(pool.host().address());
        Future<?> timeout = pool.loop()
                .schedule(
                        () -> {
                            if (pooled.isConnecting()) {
                                pooled.broken(UpstreamFailure.CONNECTION_TIMEOUT, lateness(connect.channel()));
                                connect.cancel(false);
                                connect.channel().close();
                            }
                        },
                        config.connectTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
        connect.addListener((ChannelFutureListener) done -> {
            if (pool.loop().inEventLoop()) {
                tried(done, pooled, timeout);
            } else {
                // There was not even a socket, as without a file descriptor: Netty says so on a thread of its own.
                pool.loop().execute(() -> tried(done, pooled, timeout));
            }
        });
    }

    private static void tried(ChannelFuture done, PooledConnection pooled, Future<?> timeout) {
        if (!done.isSuccess()) {
            timeout.cancel(false);
            pooled.broken(failure(done.cause()), reason(done.cause()));
            return;
        }
        done.channel().closeFuture().addListener(closed -> {
            timeout.cancel(false);
            pooled.closed();
        });
    }

    /** What of a connection was there when its time was over. */
    private String lateness(Channel channel) {
        String what = "no TCP connection";
        if (channel.isActive()) {
            what = channel.pipeline().get(AfterHandshake.class) == null
                    ? "accepts connections and says nothing, not even HTTP/2 SETTINGS,"
                    : "accepts connections and does not finish the TLS handshake";
        }
        return what + " within " + config.connectTimeout().toMillis() + " ms";
    }

    private static InetSocketAddress local(Endpoint address) {
        return new InetSocketAddress(address.host(), Math.max(0, address.port()));
    }

    private static UpstreamFailure failure(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return UpstreamFailure.CONNECTION_TIMEOUT;
        }
        return cause instanceof ConnectException
                ? UpstreamFailure.CONNECTION_FAILURE
                : UpstreamFailure.LOCAL_CONNECTION_FAILURE;
    }

    /** The innermost cause: TLS engines wrap what went wrong into words that say nothing. */
    private static String reason(Throwable cause) {
        Throwable innermost = cause;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        if (innermost instanceof ClosedChannelException) {
            return "the backend closed the connection";
        }
        return innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
    }

    private void speak(Channel channel, PooledConnection pooled, boolean http2) {
        if (http2) {
            Http2ClientConnection connection = new Http2ClientConnectionBuilder(config, pooled).build();
            connection.setCumulator(ByteToMessageDecoder.COMPOSITE_CUMULATOR);
            channel.pipeline()
                    .addLast(
                            new FirstBytes(connection),
                            HeaderBlockWatch.ofServer(
                                    BLOCK_PATIENCE,
                                    stream -> connection.brokenBlock(
                                            "a header block was not ended within " + BLOCK_PATIENCE)),
                            new WriteCoalescer(),
                            connection);
        } else {
            ResponseDecoder decoder = new ResponseDecoder();
            channel.pipeline().addLast(decoder, new Http1ClientConnection(config, pooled, decoder));
        }
    }

    /** Goes on when TLS is done, with the protocol that was agreed on. */
    private final class AfterHandshake extends ChannelInboundHandlerAdapter {
        private final SslHandler handler;
        private final PooledConnection pooled;
        private final boolean http2;

        AfterHandshake(SslHandler handler, PooledConnection pooled, boolean http2) {
            this.handler = handler;
            this.pooled = pooled;
            this.http2 = http2;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
                ctx.fireUserEventTriggered(event);
                return;
            }
            String problem = handshake.isSuccess() ? tls.problemWith(handler) : reason(handshake.cause());
            if (problem != null) {
                pooled.stats().tls().connectionError.increment();
                pooled.broken(UpstreamFailure.CONNECTION_FAILURE, "TLS_error: " + problem);
                ctx.close();
                return;
            }
            TlsFacts facts = TlsSessions.facts(handler.engine().getSession());
            pooled.stats().tls().handshake(facts.version(), facts.cipher(), null);
            Attribute<UpstreamFacts> known = ctx.channel().attr(UpstreamFacts.KEY);
            known.set(
                    new UpstreamFacts(known.get().id(), facts, handler.engine().getPeerHost()));
            boolean agreed = config.protocol() == ClusterConfig.Protocol.AUTO
                    ? ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol())
                    : http2;
            speak(ctx.channel(), pooled, agreed);
            ctx.pipeline().remove(this);
            ctx.pipeline().fireChannelActive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            pooled.broken(UpstreamFailure.CONNECTION_FAILURE, "TLS_error: " + reason(cause));
            ctx.close();
        }
    }
}
