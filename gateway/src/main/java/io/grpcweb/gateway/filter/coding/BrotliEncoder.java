package io.grpcweb.gateway.filter.coding;

import com.aayushatharva.brotli4j.encoder.Encoder.Mode;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** brotli (RFC 7932). */
final class BrotliEncoder implements Encoder {
    private static final int INPUT = 16 * 1024;

    private final EncoderJNI.Wrapper library;

    BrotliEncoder(Coding.Brotli settings) {
        Mode mode =
                switch (settings.mode()) {
                    case GENERIC -> Mode.GENERIC;
                    case TEXT -> Mode.TEXT;
                    case FONT -> Mode.FONT;
                };
        try {
            library = new EncoderJNI.Wrapper(INPUT, settings.quality(), settings.windowBits(), mode);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void add(ByteBuf in, ByteBuf out) {
        ByteBuffer room = library.getInputBuffer();
        int at = in.readerIndex();
        while (at < in.writerIndex()) {
            room.clear();
            room.limit(Math.min(room.capacity(), in.writerIndex() - at));
            in.getBytes(at, room);
            at += room.limit();
            run(Operation.PROCESS, room.limit(), out);
        }
    }

    @Override
    public void flush(ByteBuf out) {
        run(Operation.FLUSH, 0, out);
    }

    @Override
    public void finish(ByteBuf out) {
        run(Operation.FINISH, 0, out);
    }

    private void run(Operation operation, int bytes, ByteBuf out) {
        library.push(operation, bytes);
        while (true) {
            if (!library.isSuccess()) {
                throw new IllegalStateException("brotli failed");
            }
            if (library.hasMoreOutput()) {
                out.writeBytes(library.pull());
            } else if (library.hasRemainingInput()) {
                library.push(operation, 0);
            } else {
                return;
            }
        }
    }

    @Override
    public boolean reset() {
        return false;
    }

    @Override
    public void close() {
        library.destroy();
    }
}
