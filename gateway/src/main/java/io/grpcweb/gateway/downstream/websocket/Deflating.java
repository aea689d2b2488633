package io.grpcweb.gateway.downstream.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.util.zip.Deflater;

/**
 * Deflates messages to a client (RFC 7692 section 7.2.1), each by itself. A short one, and one that gets no shorter because it was
 * compressed before, goes as it is.
 */
final class Deflating extends ChannelOutboundHandlerAdapter {
    /** In bytes: what it would save is less than what it costs to set up a deflater. */
    static final int LEAST = 1024;

    /** 0x00 0x00 0xff 0xff, which ends what is flushed and is left out. */
    private static final int TAIL = 4;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        Object frame = message;
        if (message instanceof BinaryWebSocketFrame plain && plain.content().readableBytes() >= LEAST) {
            ByteBuf deflated = deflated(ctx, plain.content());
            if (deflated != null) {
                plain.release();
                frame = new BinaryWebSocketFrame(true, Inflating.DEFLATED, deflated);
            }
        }
        ctx.write(frame, promise);
    }

    /** Null where it gets no shorter. */
    private static ByteBuf deflated(ChannelHandlerContext ctx, ByteBuf content) {
        int room = content.readableBytes();
        ByteBuf out = ctx.alloc().buffer(room);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        int bytes = room;
        try {
            deflater.setInput(content.nioBuffer());
            bytes = deflater.deflate(out.internalNioBuffer(0, room), Deflater.SYNC_FLUSH);
        } finally {
            deflater.end();
            if (bytes == room) {
                out.release();
            }
        }
        // A full buffer may not have been enough.
        return bytes == room ? null : out.writerIndex(bytes - TAIL);
    }
}
