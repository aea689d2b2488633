package io.grpcweb.gateway.filter.coding;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** gzip (RFC 1952): members one after the other, each checked against its checksum and its length. */
final class GzipDecoder implements Decoder {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    private static final int TRAILER = 8;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final GzipHeader header = new GzipHeader();
    private boolean inHeader = true;

    /** Bytes of the checksum and the length that were read, and what they say. */
    private int trailerRead;

    private long trailer;

    @Override
    public boolean decode(ByteBuf in, ByteBuf out) throws CodingException {
        while (in.isReadable() || !inHeader && !inflater.finished()) {
            if (inHeader) {
                if (!header.read(in)) {
                    return false;
                }
                inHeader = false;
            } else if (!inflater.finished()) {
                if (!inflate(in, out) && !inflater.finished()) {
                    return !out.isWritable();
                }
            } else if (!readTrailer(in)) {
                return false;
            }
        }
        return false;
    }

    /** Whether it has gone on. */
    private boolean inflate(ByteBuf in, ByteBuf out) throws CodingException {
        ByteBuffer from = in.isReadable() ? in.nioBuffers()[0] : NOTHING.duplicate();
        int before = from.position();
        ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
        inflater.setInput(from);
        int written;
        try {
            written = inflater.inflate(room);
        } catch (DataFormatException e) {
            throw new CodingException("not DEFLATE: " + e.getMessage());
        }
        if (inflater.needsDictionary()) {
            throw new CodingException("a DEFLATE dictionary, which gzip has not");
        }
        inflater.setInput(NOTHING);
        int taken = from.position() - before;
        in.skipBytes(taken);
        checksum.update(out.nioBuffer(out.writerIndex(), written));
        out.writerIndex(out.writerIndex() + written);
        return (taken > 0 || written > 0) && out.isWritable();
    }

    /** True once it is complete, and right. */
    private boolean readTrailer(ByteBuf in) throws CodingException {
        while (trailerRead < TRAILER) {
            if (!in.isReadable()) {
                return false;
            }
            trailer |= (long) in.readUnsignedByte() << 8 * trailerRead;
            trailerRead++;
        }
        long length = inflater.getBytesWritten() & 0xffff_ffffL;
        if (trailer != (length << 32 | checksum.getValue())) {
            throw new CodingException("a gzip checksum or length that does not fit");
        }
        inflater.reset();
        checksum.reset();
        header.reset();
        inHeader = true;
        trailerRead = 0;
        trailer = 0;
        return true;
    }

    @Override
    public boolean isComplete() {
        return inHeader && header.isEmpty();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
