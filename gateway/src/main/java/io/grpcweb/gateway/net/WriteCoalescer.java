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
    private static final int COPY_BELOW = 2048;
    private static final int GATHERED = 16 * 1024;
    private static final int FIRST = 1024;

    private ByteBuf gathered;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf data)
                || data.readableBytes() >= COPY_BELOW
                // Whoever writes nothing waits for what was written before.
                || !data.isReadable()
                || !ctx.channel().isActive()
                || !ctx.channel().isWritable()) {
            writeOut(ctx);
            ctx.write(message, promise);
            return;
        }
        if (gathered == null) {
            gathered = ctx.alloc().buffer(FIRST);
        }
        gathered.writeBytes(data);
        data.release();
        if (gathered.readableBytes() >= GATHERED) {
            writeOut(ctx);
        }
        promise.trySuccess();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        writeOut(ctx);
        ctx.flush();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        // Who closes behind the last frame of an answer was told that it had left.
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

    private void writeOut(ChannelHandlerContext ctx) {
        if (gathered != null) {
            ByteBuf whole = gathered;
            gathered = null;
            ctx.write(whole);
        }
    }
}
