package io.grpcweb.gateway.upstream.pool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Looks at the first byte of a backend that should speak HTTP/2, so that it can be said what it speaks instead. An HTTP/2
 * server begins with a SETTINGS frame (RFC 9113 section 3.4), whose length of three bytes begins with zero.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int SHOWN = 8;

    private final Http2ClientConnection connection;

    FirstBytes(Http2ClientConnection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            ctx.fireChannelRead(message);
            return;
        }
        String other = otherProtocol(bytes);
        if (other == null) {
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(message);
        } else {
            bytes.release();
            connection.notHttp2(other);
        }
    }

    private static String otherProtocol(ByteBuf bytes) {
        return switch (bytes.getUnsignedByte(bytes.readerIndex())) {
            case 0 -> null;
            case 'H' -> "speaks HTTP/1 where HTTP/2 is expected";
            case TLS_ALERT, TLS_HANDSHAKE -> "speaks TLS where cleartext is expected";
            default ->
                "does not speak HTTP/2; its first bytes are "
                        + ByteBufUtil.hexDump(bytes, bytes.readerIndex(), Math.min(SHOWN, bytes.readableBytes()));
        };
    }
}
