package io.grpcweb.gateway.filter.messagelimit;

import io.grpcweb.gateway.http.FrameScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Follows the messages of one direction (grpc doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message). The first bytes of a message are held
 * back until its length is known, so that a message that is too long has not begun for whoever is below.
 */
final class Lengths {
    private final long most;
    private ByteBuf prefix = Unpooled.EMPTY_BUFFER;
    private long remaining;
    private long tooLong;

    /** For messages of so many bytes; 0 is no limit. */
    Lengths(int most) {
        this.most = most == 0 ? Long.MAX_VALUE : most;
    }

    /** The length of a message that is too long; 0 while there is none. */
    long tooLong() {
        return tooLong;
    }

    long most() {
        return most;
    }

    /**
     * What of the bytes may go on, up to the message that is too long.
     *
     * @param data taken over
     * @return for the caller to release; perhaps empty
     */
    ByteBuf pass(ByteBuf data) {
        ByteBuf all = data;
        if (prefix.isReadable()) {
            all = data.alloc().buffer(prefix.readableBytes() + data.readableBytes());
            all.writeBytes(prefix).writeBytes(data);
            data.release();
            release();
        }
        int at = walk(all);
        if (at < all.writerIndex()) {
            if (tooLong == 0) {
                prefix = all.alloc().buffer(FrameScanner.PREFIX).writeBytes(all, at, all.writerIndex() - at);
            }
            all.writerIndex(at);
        }
        return all;
    }

    /** The index of the first byte that may not go on. */
    private int walk(ByteBuf all) {
        int at = all.readerIndex();
        int end = all.writerIndex();
        while (at < end) {
            if (remaining > 0) {
                int part = (int) Math.min(remaining, end - at);
                remaining -= part;
                at += part;
            } else if (end - at < FrameScanner.PREFIX) {
                return at;
            } else {
                long length = all.getUnsignedInt(at + 1);
                if (length > most) {
                    tooLong = length;
                    return at;
                }
                remaining = length;
                at += FrameScanner.PREFIX;
            }
        }
        return at;
    }

    /** What is left where the body ends in a prefix; for the caller to release. */
    ByteBuf rest() {
        ByteBuf rest = prefix;
        prefix = Unpooled.EMPTY_BUFFER;
        return rest;
    }

    /** Lets go of what is held back. */
    void release() {
        rest().release();
    }
}
