package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/**
 * A frame of fields: flag 0x80, length, then {@code name:value} CRLF for each field (grpc doc/PROTOCOL-WEB.md). No blank
 * behind the colon, as Envoy writes it; every client trims.
 */
public final class FieldsFrame {
    private static final int FLAG = 0x80;

    private FieldsFrame() {}

    /**
     * A frame without fields. The caller owns it.
     *
     * @param size what its lines will take
     */
    public static ByteBuf begin(ByteBufAllocator allocator, int size) {
        return allocator.buffer(FrameScanner.PREFIX + size).writeByte(FLAG).writeInt(0);
    }

    /** Adds a field. */
    public static void line(ByteBuf out, CharSequence name, CharSequence value) {
        ByteBufUtil.writeAscii(out, name);
        out.writeByte(':');
        ByteBufUtil.writeAscii(out, value);
        out.writeShort(0x0d0a);
    }

    /** Writes the length of what was added. */
    public static ByteBuf finish(ByteBuf out) {
        return out.setInt(out.readerIndex() + 1, out.readableBytes() - FrameScanner.PREFIX);
    }

    /** One client rejects the whole frame for a byte outside of printable ASCII. */
    public static boolean isPrintable(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 0x20 && c != '\t') || c > 0x7e) {
                return false;
            }
        }
        return true;
    }
}
