package io.grpcweb.gateway.tcp;

import io.grpcweb.gateway.config.TcpConfig;
import io.grpcweb.gateway.downstream.ConnectionFacts;
import io.grpcweb.gateway.downstream.DrainState;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.grpcweb.gateway.upstream.pool.LoopPools;
import io.grpcweb.gateway.upstream.pool.TcpAttempt;
import io.grpcweb.gateway.upstream.pool.UpstreamFacts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A client's connection, and the one with a backend that it is given: what comes on one leaves on the other, and the end of one
 * direction is told on. Nothing is read from a side while the other takes no more. It is the last handler of the client's
 * connection, and everything happens on that event loop.
 */
final class TcpSession extends ChannelInboundHandlerAdapter implements TcpAttempt.Owner {
    private final TcpProxy proxy;
    private final TcpConfig config;
    private final TcpStats stats;
    private final boolean tls;
    private final PickContext pick = PickContext.withoutHash();

    /** What came before there was a backend: one read, or what the client had sent before its end. */
    private final Deque<ByteBuf> early = new ArrayDeque<>();

    private End client;
    private End backend;
    private TcpClock clock;
    private StreamInfo info;
    private LoopPools pools;
    private TcpAttempt attempt;
    private boolean begun;
    private boolean over;

    /** @param tls whether a handshake comes first */
    TcpSession(TcpProxy proxy, boolean tls) {
        this.proxy = proxy;
        this.config = proxy.config();
        this.stats = proxy.counters();
        this.tls = tls;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        stats.downstreamCxTotal.increment();
        Channel channel = ctx.channel();
        client = new End(channel);
        info = new StreamInfo(ConnectionFacts.of(channel), System.nanoTime());
        clock = new TcpClock(ctx.executor(), config, this::idled, this::aged);
        channel.closeFuture().addListener(closed -> closed());
        if (channel.isActive() && !tls) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!tls) {
            begin();
        }
        ctx.fireChannelActive();
    }

    private void begin() {
        if (begun || over) {
            return;
        }
        begun = true;
        // What is known only now: the address in a PROXY header, TLS.
        info = new StreamInfo(ConnectionFacts.of(client.channel()), info.startMillis, info.startNanos);
        info.filterChain = proxy.chain();
        client.read(false);
        clock.start();
        String cluster = proxy.draw();
        pools = proxy.clusters().pools(client.channel().eventLoop(), cluster);
        if (pools == null) {
            stats.downstreamCxNoRoute.increment();
            refuse(ResponseFlag.NO_CLUSTER);
            return;
        }
        info.cluster = cluster;
        connect();
    }

    private void connect() {
        if (pools.cluster().drops()) {
            boolean all = pools.cluster().assignment().policy().dropped() >= 1;
            refuse(all ? ResponseFlag.UNCONDITIONAL_DROP_OVERLOAD : ResponseFlag.DROP_OVERLOAD);
            return;
        }
        Host host = pools.balancer().choose(pick);
        if (host == null) {
            pools.cluster().stats().upstreamCxNoneHealthy.increment();
            refuse(ResponseFlag.NO_HEALTHY_UPSTREAM);
            return;
        }
        TcpAttempt next = pools.tcp(host, this);
        if (!next.admit()) {
            refuse(ResponseFlag.UPSTREAM_OVERFLOW);
            return;
        }
        pick.avoid(host);
        info.attempts++;
        info.upstreamHost = host.hostname();
        info.upstreamRemote = host.address();
        attempt = next;
        next.start();
    }

    @Override
    public void failed(UpstreamFailure failure, String reason) {
        attempt = null;
        if (over) {
            return;
        }
        info.upstreamFailure = failure.transport(reason);
        if (info.attempts < config.attempts()) {
            connect();
            return;
        }
        pools.cluster().stats().upstreamCxConnectAttemptsExceeded.increment();
        info.flag(ResponseFlag.UPSTREAM_RETRY_LIMIT);
        refuse(failure.flag());
    }

    private void refuse(ResponseFlag flag) {
        info.flag(flag);
        client.channel().close();
    }

    @Override
    public void connected(Channel channel, UpstreamFacts facts) {
        attempt = null;
        if (over) {
            channel.close();
            return;
        }
        backend = new End(channel);
        info.upstreamFailure = null;
        info.upstreamLocal = channel.localAddress();
        info.upstreamConnectionId = facts.id();
        info.upstreamTls = facts.tls();
        info.upstreamServerName = facts.serverName();
        channel.pipeline().addLast(new FromBackend());
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            channel.write(bytes);
        }
        channel.flush();
        if (config.logsConnected()) {
            proxy.logs().ended(info);
        }
        if (client.isEnded()) {
            backend.finish();
        }
        client.read(channel.isWritable());
        backend.read(client.channel().isWritable());
    }

    // From the client.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        clock.touch();
        info.bytesReceived += bytes.readableBytes();
        stats.downstreamCxRxBytesTotal.add(bytes.readableBytes());
        if (over) {
            bytes.release();
        } else if (backend == null) {
            early.add(bytes);
        } else {
            backend.channel().write(bytes);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (backend != null) {
            backend.channel().flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (backend != null) {
            boolean writable = ctx.channel().isWritable();
            backend.read(writable);
            (writable
                            ? pools.cluster().stats().upstreamFlowControlResumedReadingTotal
                            : pools.cluster().stats().upstreamFlowControlPausedReadingTotal)
                    .increment();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == DrainState.Event.FINISH) {
            stats.downstreamCxDrainClose.increment();
            end();
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                begin();
            } else {
                ctx.close();
            }
        } else if (End.isEnd(event)) {
            ended(client, backend);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        client.broken(ctx, cause);
    }

    // From the backend.

    /** The last handler of the connection with the backend. */
    private final class FromBackend extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().closeFuture().addListener(closed -> {
                if (!over && backend.isReset()) {
                    info.flag(ResponseFlag.UPSTREAM_REMOTE_RESET);
                    client.reset();
                } else {
                    end();
                }
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            clock.touch();
            info.bytesSent += bytes.readableBytes();
            stats.downstreamCxTxBytesTotal.add(bytes.readableBytes());
            client.channel().write(bytes);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            client.channel().flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            boolean writable = ctx.channel().isWritable();
            client.read(writable);
            (writable ? stats.resumedReading : stats.pausedReading).increment();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (End.isEnd(event)) {
                ended(backend, client);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            backend.broken(ctx, cause);
        }
    }

    // The end.

    /** One side will send nothing more: the other is told, and when both are done, so is the connection. */
    private void ended(End from, End to) {
        if (!from.end()) {
            return;
        }
        clock.touch();
        if (to == null) {
            return;
        }
        if (to.isEnded()) {
            end();
        } else {
            to.finish();
        }
    }

    private void idled() {
        stats.idleTimeout.increment();
        end();
    }

    private void aged() {
        stats.maxDuration.increment();
        info.flag(ResponseFlag.DURATION_TIMEOUT);
        end();
    }

    /** Closes the client's connection behind what was written to it; the backend's follows. */
    private void end() {
        if (!over) {
            client.closeFlushed();
        }
    }

    /** The client's connection is closed. */
    private void closed() {
        over = true;
        clock.stop();
        early.forEach(ByteBuf::release);
        early.clear();
        if (attempt != null) {
            attempt.cancel();
        }
        if (backend != null && backend.channel().isActive()) {
            if (client.isReset()) {
                backend.reset();
            } else {
                stats.upstreamFlushTotal.increment();
                stats.upstreamFlushActive.increment();
                backend.channel().closeFuture().addListener(gone -> stats.upstreamFlushActive.decrement());
                backend.closeFlushed();
            }
        }
        info.endNanos = System.nanoTime();
        proxy.logs().ended(info);
    }
}
