package io.grpcweb.gateway.downstream.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the whole messages that a client has deflated (RFC 7692 section 7.2.2). One message is bounded like any other, and by
 * a multiple of the bytes that came, so that few bytes cannot keep an event loop busy.
 */
final class Inflating extends ChannelInboundHandlerAdapter {
    /** RSV1, of the three reserved bits of a frame: the message is deflated (section 6). */
    static final int DEFLATED = 4;

    /** What section 7.2.1 has a sender take off the end of a message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    /** As Envoy's decompressor has it. */
    private static final int MOST_TIMES = 100;

    /** Below this, the multiple does not matter. */
    private static final int SMALL = 64 * 1024;

    private static final int LEAST_ROOM = 512;

    private final int most;

    /**
     * For one WebSocket.
     *
     * @param most bytes of a message
     */
    Inflating(int most) {
        this.most = most;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        WebSocketFrame frame = (WebSocketFrame) message;
        if (frame.rsv() == 0 || !(frame instanceof BinaryWebSocketFrame)) {
            ctx.fireChannelRead(frame);
            return;
        }
        ByteBuf whole;
        try {
            whole = inflated(ctx, frame.content());
        } finally {
            frame.release();
        }
        ctx.fireChannelRead(new BinaryWebSocketFrame(whole));
    }

    private ByteBuf inflated(ChannelHandlerContext ctx, ByteBuf deflated) {
        int bound = (int) Math.min(most, SMALL + (long) MOST_TIMES * deflated.readableBytes());
        ByteBuf out = ctx.alloc().buffer((int) Math.min(bound, LEAST_ROOM + 2L * deflated.readableBytes()));
        Inflater inflater = new Inflater(true);
        boolean done = false;
        try {
            inflate(inflater, deflated.nioBuffer(), out, bound);
            inflate(inflater, ByteBuffer.wrap(TAIL), out, bound);
            done = true;
            return out;
        } catch (DataFormatException e) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a message that cannot be inflated", e);
        } finally {
            inflater.end();
            if (!done) {
                out.release();
            }
        }
    }

    /** All of the input. A block that says it is the last one may have others behind it (section 7.2.3.4). */
    private void inflate(Inflater inflater, ByteBuffer in, ByteBuf out, int bound) throws DataFormatException {
        inflater.setInput(in);
        while (true) {
            out.ensureWritable(LEAST_ROOM);
            int bytes = inflater.inflate(out.internalNioBuffer(out.writerIndex(), out.writableBytes()));
            out.writerIndex(out.writerIndex() + bytes);
            if (out.readableBytes() > bound) {
                throw tooLong(bound);
            }
            if (inflater.finished() && in.hasRemaining()) {
                inflater.reset();
                inflater.setInput(in);
            } else if (bytes == 0) {
                if (inflater.needsDictionary()) {
                    throw new DataFormatException("no dictionary was agreed on");
                }
                return;
            }
        }
    }

    private CodecException tooLong(int bound) {
        return bound == most
                ? new TooLongFrameException("a message that inflates to more than " + most + " bytes")
                : new CorruptedWebSocketFrameException(
                        WebSocketCloseStatus.POLICY_VIOLATION,
                        "a message that inflates to more than " + MOST_TIMES + " times its bytes");
    }
}
