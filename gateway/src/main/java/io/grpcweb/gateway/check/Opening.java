package io.grpcweb.gateway.check;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * How a server begins to speak.
 *
 * @param hex its first bytes, where they belong to no protocol that is known here
 */
record Opening(Kind kind, String hex) {
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int SETTINGS = 4;
    private static final int TYPE = 3;
    private static final int SHOWN = 8;

    /** What it speaks. */
    enum Kind {
        HTTP2,
        HTTP1,
        TLS,
        OTHER,
        /** It has closed the connection without a byte. */
        CLOSED,
        /** It has not said anything in time. */
        SILENT
    }

    static Opening of(Kind kind) {
        return new Opening(kind, "");
    }

    /** Of bytes, at least one: an HTTP/2 server begins with a SETTINGS frame (RFC 9113 section 3.4). */
    static Opening of(ByteBuf bytes) {
        int begin = bytes.readerIndex();
        return switch (bytes.getUnsignedByte(begin)) {
            case 0 ->
                bytes.readableBytes() <= TYPE || bytes.getByte(begin + TYPE) == SETTINGS
                        ? of(Kind.HTTP2)
                        : other(bytes);
            case 'H' -> of(Kind.HTTP1);
            case TLS_ALERT, TLS_HANDSHAKE -> of(Kind.TLS);
            default -> other(bytes);
        };
    }

    private static Opening other(ByteBuf bytes) {
        return new Opening(
                Kind.OTHER, ByteBufUtil.hexDump(bytes, bytes.readerIndex(), Math.min(SHOWN, bytes.readableBytes())));
    }
}
