package io.grpcweb.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.LongAdder;

/** Counts the bytes on the wire of a connection; the first handler, so that TLS is counted as it is sent. */
public class WireCounter extends ChannelDuplexHandler {
    private LongAdder received = new LongAdder();
    private LongAdder sent = new LongAdder();
    private final long startNanos = System.nanoTime();
    private boolean closedHere;

    /** Adds to these. */
    public WireCounter(LongAdder received, LongAdder sent) {
        this.received = received;
        this.sent = sent;
    }

    /** Counts for itself until it is known who wants to know. */
    public WireCounter() {}

    /** Adds to these from now on, and what was counted so far. */
    protected final void countInto(LongAdder received, LongAdder sent) {
        received.add(this.received.sum());
        sent.add(this.sent.sum());
        this.received = received;
        this.sent = sent;
    }

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            received.add(bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public final void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            sent.add(bytes.readableBytes());
        }
        ctx.write(message, promise);
    }

    @Override
    public final void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        closedHere = true;
        ctx.close(promise);
    }

    /** Whether it was this side that closed the connection. */
    public final boolean closedHere() {
        return closedHere;
    }

    /** Since when the connection is there. */
    public final long startNanos() {
        return startNanos;
    }
}
