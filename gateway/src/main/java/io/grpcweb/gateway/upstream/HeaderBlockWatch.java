package io.grpcweb.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Watches for a header block that is begun and not ended. Nothing else may come on a connection until it is (RFC 9113
 * section 6.10), so a backend that stops there, or whose block is garbage that will never be complete, would hold up every
 * call. It follows frame headers and looks at nothing else.
 */
final class HeaderBlockWatch extends ChannelInboundHandlerAdapter {
    private static final int FRAME_HEADER = 9;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 0x4;
    private static final long PATIENCE_MILLIS = 1000;

    private final Http2ClientConnection connection;
    private long payloadLeft;
    private int headerRead;
    private int length;
    private int type;
    private boolean open;
    private Future<?> timeout;

    HeaderBlockWatch(Http2ClientConnection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            boolean before = open;
            follow(bytes);
            if (open && !before) {
                timeout = ctx.executor()
                        .schedule(
                                () -> connection.brokenBlock(
                                        "a header block was not ended within " + PATIENCE_MILLIS + " ms"),
                                PATIENCE_MILLIS,
                                TimeUnit.MILLISECONDS);
            } else if (before && !open) {
                timeout.cancel(false);
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
            } else if (headerRead == 0 && end - at >= FRAME_HEADER) {
                frame(bytes.getUnsignedMedium(at), bytes.getByte(at + 3), bytes.getByte(at + 4));
                at += FRAME_HEADER;
            } else {
                partial(bytes.getUnsignedByte(at++));
            }
        }
    }

    private void partial(int octet) {
        if (headerRead < 3) {
            length = headerRead == 0 ? octet : length << 8 | octet;
        } else if (headerRead == 3) {
            type = octet;
        } else if (headerRead == 4) {
            frame(length, type, octet);
        }
        headerRead = headerRead == FRAME_HEADER - 1 ? 0 : headerRead + 1;
        if (headerRead != 0) {
            return;
        }
        payloadLeft = length;
    }

    private void frame(int payload, int kind, int flags) {
        if (kind == HEADERS || kind == CONTINUATION) {
            open = (flags & END_HEADERS) == 0;
        }
        if (headerRead == 0) {
            payloadLeft = payload;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        if (timeout != null) {
            timeout.cancel(false);
        }
        super.channelInactive(ctx);
    }
}
