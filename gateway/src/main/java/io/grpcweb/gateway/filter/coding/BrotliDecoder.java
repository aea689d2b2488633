package io.grpcweb.gateway.filter.coding;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.aayushatharva.brotli4j.decoder.DecoderJNI.Status;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** brotli (RFC 7932). */
final class BrotliDecoder implements Decoder {
    private static final int INPUT = 8 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final DecoderJNI.Wrapper library;

    /** Output of the library that did not fit; it is overwritten when the library goes on. */
    private ByteBuffer pending = NOTHING;

    private boolean any;

    BrotliDecoder() {
        try {
            library = new DecoderJNI.Wrapper(INPUT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean decode(ByteBuf in, ByteBuf out) throws CodingException {
        while (true) {
            write(out);
            if (pending.hasRemaining()) {
                return true;
            }
            if (library.hasOutput()) {
                pending = library.pull();
            } else if (library.getStatus() == Status.DONE) {
                if (in.isReadable()) {
                    throw new CodingException("bytes behind the end of brotli");
                }
                return false;
            } else if (library.getStatus() == Status.ERROR) {
                throw new CodingException("not brotli");
            } else if (library.getStatus() == Status.NEEDS_MORE_INPUT) {
                if (!in.isReadable()) {
                    return false;
                }
                push(in);
            } else {
                library.push(0);
            }
        }
    }

    private void write(ByteBuf out) {
        int bytes = Math.min(pending.remaining(), out.writableBytes());
        if (bytes > 0) {
            ByteBuffer part = pending.duplicate();
            part.limit(part.position() + bytes);
            out.writeBytes(part);
            pending.position(pending.position() + bytes);
        }
    }

    private void push(ByteBuf in) {
        any = true;
        ByteBuffer room = library.getInputBuffer();
        room.clear();
        room.limit(Math.min(room.capacity(), in.readableBytes()));
        in.readBytes(room);
        library.push(room.limit());
    }

    @Override
    public boolean isComplete() {
        return !any || library.getStatus() == Status.DONE && !pending.hasRemaining() && !library.hasOutput();
    }

    @Override
    public void close() {
        library.destroy();
    }
}
