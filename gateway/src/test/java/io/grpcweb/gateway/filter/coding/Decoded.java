package io.grpcweb.gateway.filter.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ImmediateEventExecutor;

/** What the beginning of a body holds; the decoders of others wait for its end. */
final class Decoded {
    private Decoded() {}

    static byte[] beginning(CodingKind kind, byte[] body, int length) {
        Decoders decoders = Decoders.of(kind);
        Decoder decoder = decoders.take(ImmediateEventExecutor.INSTANCE);
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(1 << 20, 1 << 20);
        try {
            decoder.decode(Unpooled.wrappedBuffer(body, 0, length), out);
            return ByteBufUtil.getBytes(out);
        } catch (CodingException e) {
            throw new AssertionError(e);
        } finally {
            out.release();
            decoders.giveBack(ImmediateEventExecutor.INSTANCE, decoder);
        }
    }
}
