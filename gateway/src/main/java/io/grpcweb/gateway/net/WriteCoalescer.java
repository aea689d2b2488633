package io.grpcweb.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Copies the small writes of an HTTP/2 connection, frame heads and field blocks and short messages, into one buffer that
 * leaves at the flush: one entry of the socket's queue and one TLS record in place of a dozen. Large parts of a body
 * pass without a copy, in their order.
 *
 * <p>A write that was copied succeeds at once. What the socket makes of it later ends the connection, which tells every
 * stream; no more than {@value #GATHERED} bytes are out of sight of the channel's writability meanwhile. A peer that does
 * not read gets each write by itself, so that what waits for it can be counted and limited.
 */
public final class WriteCoalescer extends ChannelOutboundHandlerAdapter {
    /** What is smaller is copied. */
    static final int COPY_BELOW = 2048;

    private static final int GATHERED = 16 * 1024;
    private static final int FIRST = 1024;

    private ByteBuf gathered;
    private ChannelHandlerContext context;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Where a frame may be written behind what was gathered; null while every write has to go by itself. */
    ByteBuf room() {
        if (!context.channel().isActive() || !context.channel().isWritable()) {
            return null;
        }
        if (gathered == null) {
            gathered = context.alloc().buffer(FIRST);
        }
        return gathered;
    }

    /** A frame was written to {@link #room}. */
    void written() {
        if (gathered.readableBytes() >= GATHERED) {
            writeOut();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        // Whoever writes nothing waits for what was written before.
        ByteBuf to = message instanceof ByteBuf data && data.isReadable() && data.readableBytes() < COPY_BELOW
                ? room()
                : null;
        if (to == null) {
            writeOut();
            ctx.write(message, promise);
            return;
        }
        ByteBuf data = (ByteBuf) message;
        to.writeBytes(data);
        data.release();
        written();
        promise.trySuccess();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        writeOut();
        ctx.flush();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        // Who closes behind the last frame of a response was told that it had left.
        flush(ctx);
        ctx.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    private void writeOut() {
        ByteBuf whole = gathered;
        gathered = null;
        if (whole != null && whole.isReadable()) {
            context.write(whole);
        } else if (whole != null) {
            whole.release();
        }
    }
}
