package io.grpcweb.gateway.filter.coding;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** gzip (RFC 1952): a header of ten bytes, DEFLATE of Java's own library, the checksum and the length. */
final class GzipEncoder implements Encoder {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    private static final int UNKNOWN_SYSTEM = 255;

    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private final int chunk;
    private int length;
    private boolean begun;

    GzipEncoder(Coding.Gzip settings) {
        deflater = new Deflater(settings.level(), true);
        deflater.setStrategy(
                switch (settings.strategy()) {
                    case DEFAULT -> Deflater.DEFAULT_STRATEGY;
                    case FILTERED -> Deflater.FILTERED;
                    case HUFFMAN_ONLY -> Deflater.HUFFMAN_ONLY;
                });
        chunk = settings.chunk();
    }

    @Override
    public void add(ByteBuf in, ByteBuf out) {
        begin(out);
        for (ByteBuffer part : in.nioBuffers()) {
            length += part.remaining();
            checksum.update(part.duplicate());
            deflater.setInput(part);
            // The first call after a change of the strategy takes nothing.
            while (part.hasRemaining()) {
                run(out, Deflater.NO_FLUSH);
            }
        }
        deflater.setInput(NOTHING);
    }

    @Override
    public void flush(ByteBuf out) {
        begin(out);
        run(out, Deflater.SYNC_FLUSH);
    }

    @Override
    public void finish(ByteBuf out) {
        begin(out);
        deflater.finish();
        while (!deflater.finished()) {
            run(out, Deflater.NO_FLUSH);
        }
        out.writeIntLE((int) checksum.getValue()).writeIntLE(length);
    }

    private void begin(ByteBuf out) {
        if (!begun) {
            begun = true;
            // Two bytes that tell the format, DEFLATE, no optional fields, no time, no special effort.
            out.writeShort(0x1f8b)
                    .writeByte(8)
                    .writeByte(0)
                    .writeInt(0)
                    .writeByte(0)
                    .writeByte(UNKNOWN_SYSTEM);
        }
    }

    /** zlib is done when it has left room. */
    private void run(ByteBuf out, int flush) {
        boolean more = true;
        while (more) {
            out.ensureWritable(chunk);
            ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
            int written = deflater.deflate(room, flush);
            out.writerIndex(out.writerIndex() + written);
            more = !room.hasRemaining();
        }
    }

    @Override
    public boolean reset() {
        deflater.reset();
        checksum.reset();
        length = 0;
        begun = false;
        return true;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
