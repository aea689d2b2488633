package io.grpcweb.gateway.filter.coding;

import io.netty.buffer.ByteBuf;

/** Reads past the header of one gzip member, however its bytes are cut (RFC 1952 section 2.3). */
final class GzipHeader {
    private static final int FIXED = 10;
    private static final int CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    /** Bytes of the fixed part that were read. */
    private int read;

    private int flags;

    /** Bytes of the length of the extra field that were read, of two. */
    private int lengthRead;

    /** Bytes of the extra field, or of the checksum, that have not come. */
    private int left;

    /** Whether nothing of the member has come. */
    boolean isEmpty() {
        return read == 0;
    }

    /** Another member may follow. */
    void reset() {
        read = 0;
        flags = 0;
        lengthRead = 0;
        left = 0;
    }

    /** Reads on; true once the header is complete. */
    boolean read(ByteBuf in) throws CodingException {
        while (in.isReadable() && read < FIXED) {
            fixed(in.readUnsignedByte());
        }
        if (read < FIXED) {
            return false;
        }
        while ((flags & EXTRA) != 0) {
            if (!extra(in)) {
                return false;
            }
        }
        return text(in, NAME) && text(in, COMMENT) && checksum(in);
    }

    private void fixed(int octet) throws CodingException {
        boolean right =
                switch (read) {
                    case 0 -> octet == 0x1f;
                    case 1 -> octet == 0x8b;
                    case 2 -> octet == 8;
                    case 3 -> (octet & RESERVED) == 0;
                    default -> true;
                };
        if (!right) {
            throw new CodingException("no gzip header");
        }
        if (read == 3) {
            flags = octet;
        }
        read++;
    }

    /** True where it has gone on. */
    private boolean extra(ByteBuf in) {
        if (!in.isReadable()) {
            return lengthRead == 2 && left == 0 && done(EXTRA);
        }
        if (lengthRead < 2) {
            left |= in.readUnsignedByte() << 8 * lengthRead;
            lengthRead++;
            return true;
        }
        int skipped = Math.min(left, in.readableBytes());
        in.skipBytes(skipped);
        left -= skipped;
        return left > 0 || done(EXTRA);
    }

    /** A text that ends with a zero. */
    private boolean text(ByteBuf in, int flag) {
        if ((flags & flag) == 0) {
            return true;
        }
        int zero = in.bytesBefore((byte) 0);
        in.skipBytes(zero < 0 ? in.readableBytes() : zero + 1);
        return zero >= 0 && done(flag);
    }

    private boolean checksum(ByteBuf in) {
        while ((flags & CHECKSUM) != 0) {
            if (!in.isReadable()) {
                return false;
            }
            in.skipBytes(1);
            left++;
            if (left == 2) {
                return done(CHECKSUM);
            }
        }
        return true;
    }

    private boolean done(int flag) {
        flags &= ~flag;
        left = 0;
        return true;
    }
}
