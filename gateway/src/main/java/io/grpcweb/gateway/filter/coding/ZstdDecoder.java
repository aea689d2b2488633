package io.grpcweb.gateway.filter.coding;

import com.github.luben.zstd.ZstdDirectBufferDecompressingStreamNoFinalizer;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;

/** zstd (RFC 8878): frames one after the other, with windows of 8 MiB at most (RFC 9659). */
final class ZstdDecoder implements Decoder {
    private static final int WINDOW_BITS = 23;
    private static final int INPUT = 8 * 1024;

    /** What the library reads from, and the same for itself; null before anything has come. */
    private ByteBuf memory;

    private ByteBuffer input;

    /** Null between frames. */
    private ZstdDirectBufferDecompressingStreamNoFinalizer frame;

    @Override
    public boolean decode(ByteBuf in, ByteBuf out) throws CodingException {
        while (out.isWritable()) {
            take(in);
            if (frame == null) {
                if (!input.hasRemaining()) {
                    return false;
                }
                begin();
            }
            int before = input.remaining();
            int written = step(out);
            if (!frame.hasRemaining()) {
                end();
            } else if (written == 0 && before == input.remaining() && !in.isReadable()) {
                return false;
            }
        }
        return true;
    }

    private void take(ByteBuf in) {
        if (memory == null) {
            memory = in.alloc().directBuffer(INPUT, INPUT);
            input = memory.nioBuffer(0, INPUT).limit(0);
        }
        if (!input.hasRemaining() && in.isReadable()) {
            input.clear();
            input.limit(Math.min(INPUT, in.readableBytes()));
            in.readBytes(input);
            input.flip();
        }
    }

    private void begin() throws CodingException {
        frame = new ZstdDirectBufferDecompressingStreamNoFinalizer(input);
        try {
            frame.setLongMax(WINDOW_BITS);
        } catch (IOException e) {
            throw new CodingException("zstd: " + e.getMessage());
        }
    }

    private int step(ByteBuf out) throws CodingException {
        ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
        try {
            int written = frame.read(room);
            out.writerIndex(out.writerIndex() + written);
            return written;
        } catch (IOException e) {
            throw new CodingException("not zstd: " + e.getMessage());
        }
    }

    private void end() {
        frame.close();
        frame = null;
    }

    @Override
    public boolean isComplete() {
        return frame == null && (input == null || !input.hasRemaining());
    }

    @Override
    public void close() {
        if (frame != null) {
            end();
        }
        if (memory != null) {
            memory.release();
            memory = null;
        }
    }
}
