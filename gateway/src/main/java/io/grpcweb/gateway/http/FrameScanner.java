package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of a gRPC body without holding them: one flag byte, four bytes of length, that many bytes (grpc
 * doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message). It knows at any time whether the body stands on a boundary.
 */
public final class FrameScanner {
    /** Bytes in front of a message: its flags and its length. */
    public static final int PREFIX = 5;

    private int prefixRead;
    private int flags;
    private long remaining;
    private long length;
    private long longest;
    private long messages;

    /** Whether a new frame may begin here. */
    public boolean atBoundary() {
        return prefixRead == 0 && remaining == 0;
    }

    /** How many frames have begun and been completed. */
    public long messages() {
        return messages;
    }

    /** Bytes of the current frame that have not come; 0 while its prefix is not complete. */
    public long remaining() {
        return remaining;
    }

    /** Bytes of the payload of the current frame; valid once its prefix is complete. */
    public long length() {
        return length;
    }

    /** Bytes of the longest payload that was announced. */
    public long longest() {
        return longest;
    }

    /** The flag byte of the current frame. */
    public int flags() {
        return flags;
    }

    /** Follows the bytes from the reader index on; returns how many stood behind the last boundary among them. */
    public void scan(ByteBuf data) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        while (at < end) {
            at = step(data, at, end);
        }
    }

    /** Follows the bytes up to the end of the frame they begin in, at most; returns the index behind them. */
    public int step(ByteBuf data, int from, int end) {
        int at = from;
        if (remaining == 0) {
            if (prefixRead == 0 && end - at >= PREFIX) {
                flags = data.getUnsignedByte(at);
                length = data.getUnsignedInt(at + 1);
                at += PREFIX;
            } else {
                at = prefix(data, at, end);
                if (prefixRead < PREFIX) {
                    return at;
                }
                prefixRead = 0;
            }
            remaining = length;
            longest = Math.max(longest, length);
            if (length == 0) {
                messages++;
                return at;
            }
        }
        int taken = (int) Math.min(remaining, end - at);
        remaining -= taken;
        if (remaining == 0 && taken > 0) {
            messages++;
        }
        return at + taken;
    }

    private int prefix(ByteBuf data, int from, int end) {
        int at = from;
        while (prefixRead < PREFIX && at < end) {
            int octet = data.getUnsignedByte(at++);
            if (prefixRead == 0) {
                flags = octet;
                length = 0;
            } else {
                length = length << 8 | octet;
            }
            prefixRead++;
        }
        return at;
    }
}
