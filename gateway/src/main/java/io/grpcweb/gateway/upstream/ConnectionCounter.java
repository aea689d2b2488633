package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.stats.ClusterStats;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts a connection with a backend and the bytes on its wire; the first handler, so that TLS is counted as it is sent. */
final class ConnectionCounter extends ChannelDuplexHandler {
    private final ClusterStats stats;
    private final PooledConnection pooled;
    private final boolean http2;
    private final long start = System.nanoTime();
    private boolean closedHere;
    private boolean connected;

    ConnectionCounter(ClusterStats stats, PooledConnection pooled, boolean http2) {
        this.stats = stats;
        this.pooled = pooled;
        this.http2 = http2;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        stats.upstreamCxTotal.increment();
        stats.upstreamCxActive.increment();
        (http2 ? stats.upstreamCxHttp2Total : stats.upstreamCxHttp1Total).increment();
        // Comes before channelInactive, so that streams that are cut off can still be counted.
        ctx.channel().closeFuture().addListener(closed -> closed());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // A second time comes when TLS is done.
        if (!connected) {
            connected = true;
            stats.upstreamCxConnectMs.recordNanos(System.nanoTime() - start);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            stats.upstreamCxRxBytesTotal.add(bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            stats.upstreamCxTxBytesTotal.add(bytes.readableBytes());
        }
        ctx.write(message, promise);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        closedHere = true;
        ctx.close(promise);
    }

    private void closed() {
        UpstreamConnection connection = pooled.connection();
        // A connection that was refused is closed by the bootstrap, but it was the backend that did not want it.
        boolean local = closedHere && connected;
        stats.upstreamCxActive.decrement();
        stats.upstreamCxLengthMs.recordNanos(System.nanoTime() - start);
        stats.upstreamCxDestroy.increment();
        (local ? stats.upstreamCxDestroyLocal : stats.upstreamCxDestroyRemote).increment();
        if (connection != null) {
            stats.upstreamRqPerCx.record(connection.served());
            if (connection.active() > 0) {
                stats.upstreamCxDestroyWithActiveRq.increment();
                (closedHere ? stats.upstreamCxDestroyLocalWithActiveRq : stats.upstreamCxDestroyRemoteWithActiveRq)
                        .increment();
            }
        }
    }
}
