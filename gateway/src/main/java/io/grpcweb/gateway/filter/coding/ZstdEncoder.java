package io.grpcweb.gateway.filter.coding;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** zstd (RFC 8878). */
final class ZstdEncoder implements Encoder {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final int chunk;

    ZstdEncoder(Coding.Zstd settings) {
        context.setLevel(settings.level());
        context.setChecksum(settings.checksum());
        if (settings.strategy() != Coding.ZstdStrategy.DEFAULT) {
            context.setStrategy(settings.strategy().number());
        }
        chunk = settings.chunk();
    }

    @Override
    public void add(ByteBuf in, ByteBuf out) {
        if (in.isDirect()) {
            for (ByteBuffer part : in.nioBuffers()) {
                run(part, out, EndDirective.CONTINUE);
            }
            return;
        }
        ByteBuf direct = out.alloc().directBuffer(in.readableBytes());
        try {
            direct.writeBytes(in, in.readerIndex(), in.readableBytes());
            run(direct.nioBuffer(), out, EndDirective.CONTINUE);
        } finally {
            direct.release();
        }
    }

    @Override
    public void flush(ByteBuf out) {
        run(NOTHING.duplicate(), out, EndDirective.FLUSH);
    }

    @Override
    public void finish(ByteBuf out) {
        run(NOTHING.duplicate(), out, EndDirective.END);
    }

    private void run(ByteBuffer in, ByteBuf out, EndDirective directive) {
        boolean done = false;
        while (!done) {
            out.ensureWritable(chunk);
            ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
            boolean flushed = context.compressDirectByteBufferStream(room, in, directive);
            out.writerIndex(out.writerIndex() + room.position());
            done = directive == EndDirective.CONTINUE ? !in.hasRemaining() : flushed;
        }
    }

    @Override
    public boolean reset() {
        return false;
    }

    @Override
    public void close() {
        context.close();
    }
}
