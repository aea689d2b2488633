package io.grpcweb.gateway.net;

import static io.netty.handler.codec.http2.Http2CodecUtil.FRAME_HEADER_LENGTH;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Watches for a header block that is begun and not ended. Nothing else may come on a connection until it is (RFC 9113
 * section 6.10), so a peer that stops there, or whose block is garbage that will never be complete, holds up every call.
 * It follows frame headers and looks at nothing else; so it is who tells what frames have come.
 */
public final class HeaderBlockWatch extends ChannelInboundHandlerAdapter {
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 0x4;

    /** What a client sends before its first frame (RFC 9113 section 3.4). */
    private static final int PREFACE = 24;

    private final Duration patience;
    private final IntConsumer late;
    private final StreamMeters meters;
    private final ByteBuf header = Unpooled.buffer(FRAME_HEADER_LENGTH, FRAME_HEADER_LENGTH);
    private long payloadLeft;
    private boolean open;
    private boolean lastPart;
    private int streamId;
    private long blocks;
    private long timedBlock;
    private Future<?> timeout;

    private HeaderBlockWatch(Duration patience, IntConsumer late, StreamMeters meters, int preface) {
        this.patience = patience;
        this.meters = meters;
        this.late = late;
        this.payloadLeft = preface;
    }

    /** For what a client sends; {@code late} gets the number of the stream. */
    public static HeaderBlockWatch ofClient(Duration patience, IntConsumer late, StreamMeters meters) {
        return new HeaderBlockWatch(patience, late, meters, PREFACE);
    }

    /** For what a server sends; {@code late} gets the number of the stream. */
    public static HeaderBlockWatch ofServer(Duration patience, IntConsumer late, StreamMeters meters) {
        return new HeaderBlockWatch(patience, late, meters, 0);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            follow(bytes);
            if (!open) {
                stop();
            } else if (timeout == null || timedBlock != blocks) {
                stop();
                timedBlock = blocks;
                int id = streamId;
                timeout = ctx.executor().schedule(() -> late.accept(id), patience.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        ctx.fireChannelRead(message);
    }

    private void follow(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (payloadLeft > 0) {
                long step = Math.min(payloadLeft, end - at);
                payloadLeft -= step;
                at += (int) step;
                if (payloadLeft == 0 && lastPart) {
                    open = false;
                }
            } else if (!header.isReadable() && end - at >= FRAME_HEADER_LENGTH) {
                frame(bytes, at);
                at += FRAME_HEADER_LENGTH;
            } else {
                header.writeByte(bytes.getByte(at++));
                if (!header.isWritable()) {
                    frame(header, 0);
                    header.clear();
                }
            }
        }
    }

    private void frame(ByteBuf from, int at) {
        payloadLeft = from.getUnsignedMedium(at);
        int type = from.getByte(at + 3);
        meters.received(from.getInt(at + 5) & 0x7fffffff, type, (int) payloadLeft);
        if (type != HEADERS && type != CONTINUATION) {
            lastPart = false;
            return;
        }
        if (type == HEADERS) {
            streamId = from.getInt(at + 5) & 0x7fffffff;
            blocks++;
        }
        lastPart = (from.getByte(at + 4) & END_HEADERS) != 0;
        open = !lastPart || payloadLeft > 0;
    }

    private void stop() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stop();
    }
}
