package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.http.FrameScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Encodes a response in the text form as it arrives. Each frame is padded at its end, so that the text is whole quartets
 * there. A frame that is not complete is held back while it is small: half a message is of no use to a client, and if
 * the backend fails the status can still be told. A large one flows as whole quartets with up to two bytes kept back.
 */
final class TextEncoder {
    private static final byte[] LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);

    /** Bytes that are encoded at a time, whole groups: array to array, because every access to a buffer is checked. */
    private static final int SLICE = 3 * 1024;

    private static final int HOLD = 16 * 1024;

    private final FrameScanner scanner;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private boolean flowing;

    TextEncoder(FrameScanner scanner) {
        this.scanner = scanner;
    }

    /** Whether nothing of the current frame has left, so that something else may stand in its place. */
    boolean canBeReplaced() {
        return !flowing;
    }

    /** Forgets what is held back. */
    void drop() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
        flowing = false;
    }

    /** The text for the next bytes of the response, possibly empty; null at a frame with flags that gRPC does not know. */
    ByteBuf encode(ByteBuf data, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer((data.readableBytes() + held.readableBytes()) / 3 * 4 + 64);
        int end = data.writerIndex();
        while (data.isReadable()) {
            int from = data.readerIndex();
            int to = scanner.step(data, from, end);
            if ((scanner.flags() & 0x7e) != 0 && (scanner.remaining() > 0 || scanner.atBoundary())) {
                out.release();
                return null;
            }
            ByteBuf part = data.readSlice(to - from);
            if (scanner.atBoundary()) {
                last(part, out);
            } else if (flowing || held.readableBytes() + part.readableBytes() > HOLD) {
                flow(part, out);
            } else {
                hold(part, allocator);
            }
        }
        return out;
    }

    /** A whole frame that did not come through {@link #encode}. */
    static ByteBuf encodeFrame(ByteBuf frame, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer((frame.readableBytes() + 2) / 3 * 4);
        encodeAll(frame, out);
        return out;
    }

    private void last(ByteBuf part, ByteBuf out) {
        if (held.isReadable()) {
            ByteBuf all = held;
            held = Unpooled.EMPTY_BUFFER;
            all.writeBytes(part);
            encodeAll(all, out);
            all.release();
        } else {
            encodeAll(part, out);
        }
        flowing = false;
    }

    private void hold(ByteBuf part, ByteBufAllocator allocator) {
        if (held.capacity() == 0) {
            held = allocator.buffer(Math.max(64, part.readableBytes() * 2));
        }
        held.writeBytes(part);
    }

    private void flow(ByteBuf part, ByteBuf out) {
        flowing = true;
        if (held.isReadable()) {
            // The few bytes that complete what is held; the rest of the part is encoded where it stands.
            int missing = (3 - held.readableBytes() % 3) % 3;
            held.writeBytes(part, Math.min(missing, part.readableBytes()));
            encodeGroups(held, out);
        }
        encodeGroups(part, out);
        if (part.isReadable()) {
            hold(part, part.alloc());
        } else if (!held.isReadable()) {
            held.release();
            held = Unpooled.EMPTY_BUFFER;
        }
    }

    private static void encodeGroups(ByteBuf in, ByteBuf out) {
        int left = in.readableBytes() / 3 * 3;
        byte[] source = new byte[Math.min(left, SLICE)];
        byte[] target = new byte[source.length / 3 * 4];
        out.ensureWritable(left / 3 * 4 + 4);
        while (left > 0) {
            int bytes = Math.min(left, source.length);
            in.readBytes(source, 0, bytes);
            out.writeBytes(target, 0, encode(source, bytes, target));
            left -= bytes;
        }
    }

    private static int encode(byte[] source, int bytes, byte[] target) {
        int to = 0;
        for (int from = 0; from < bytes; from += 3) {
            int three = (source[from] & 0xff) << 16 | (source[from + 1] & 0xff) << 8 | source[from + 2] & 0xff;
            target[to] = LETTERS[three >>> 18];
            target[to + 1] = LETTERS[three >>> 12 & 63];
            target[to + 2] = LETTERS[three >>> 6 & 63];
            target[to + 3] = LETTERS[three & 63];
            to += 4;
        }
        return to;
    }

    private static void encodeAll(ByteBuf in, ByteBuf out) {
        encodeGroups(in, out);
        int left = in.readableBytes();
        if (left == 0) {
            return;
        }
        int two = in.readUnsignedByte() << 8 | (left == 2 ? in.readUnsignedByte() : 0);
        out.writeByte(LETTERS[two >>> 10]);
        out.writeByte(LETTERS[two >>> 4 & 63]);
        out.writeByte(left == 2 ? LETTERS[two << 2 & 63] : '=');
        out.writeByte('=');
    }
}
