package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.net.ConnectionFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where chains of both kinds share a port, waits for the first byte: TLS begins with a handshake record (RFC 8446 section 5.1).
 * Makes way for the one it is.
 */
final class CleartextOrTls extends ByteToMessageDecoder {
    private static final int HANDSHAKE = 22;

    private final Consumer<ChannelPipeline> cleartext;
    private final Consumer<ChannelPipeline> tls;
    private final OpeningClock clock;

    /**
     * Adds what goes on behind itself, by one of the two.
     *
     * @param patience how long it waits; zero: for ever
     */
    CleartextOrTls(Duration patience, Consumer<ChannelPipeline> cleartext, Consumer<ChannelPipeline> tls) {
        this.clock = new OpeningClock(patience);
        this.cleartext = cleartext;
        this.tls = tls;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        clock.start(ctx);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        clock.stop();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        boolean handshake = in.getUnsignedByte(in.readerIndex()) == HANDSHAKE;
        (handshake ? tls : cleartext).accept(ctx.pipeline());
        ctx.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ConnectionFault.close(ctx, cause);
    }
}
