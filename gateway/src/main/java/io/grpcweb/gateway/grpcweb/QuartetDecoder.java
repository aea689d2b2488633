package io.grpcweb.gateway.grpcweb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decodes the text form as it arrives. Each group of four characters is decoded alone, so padding is legal at the end of
 * any group (a sender may pad wherever it flushes) and the result does not depend on how TCP cut the text. Unused bits
 * must be zero (RFC 4648 section 3.5); blanks, line ends and the URL-safe letters are errors.
 */
final class QuartetDecoder {
    private static final byte[] VALUES = new byte[256];

    static {
        Arrays.fill(VALUES, (byte) -1);
        byte[] letters =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < letters.length; i++) {
            VALUES[letters[i]] = (byte) i;
        }
    }

    private int carry;
    private int carried;

    /**
     * The bytes of all groups that are complete; null where the text is not base64. The caller keeps the text and owns
     * the result.
     */
    ByteBuf decode(ByteBuf text, ByteBufAllocator allocator) {
        int available = text.readableBytes() + carried;
        ByteBuf out = allocator.buffer(available / 4 * 3 + 3);
        int at = text.readerIndex();
        int end = text.writerIndex();
        // A group that began in an earlier part.
        while (carried > 0 && at < end) {
            if (!push(text.getByte(at++) & 0xff, out)) {
                out.release();
                return null;
            }
        }
        while (end - at >= 4) {
            int word = text.getInt(at);
            int a = VALUES[word >>> 24];
            int b = VALUES[word >>> 16 & 0xff];
            int c = VALUES[word >>> 8 & 0xff];
            int d = VALUES[word & 0xff];
            if ((a | b | c | d) >= 0) {
                out.writeMedium(a << 18 | b << 12 | c << 6 | d);
            } else if (!padded(word, out)) {
                out.release();
                return null;
            }
            at += 4;
        }
        while (at < end) {
            if (!push(text.getByte(at++) & 0xff, out)) {
                out.release();
                return null;
            }
        }
        return out;
    }

    /** Whether no group is half there. */
    boolean isComplete() {
        return carried == 0;
    }

    private boolean push(int character, ByteBuf out) {
        if (VALUES[character] < 0 && character != '=') {
            return false;
        }
        carry = carry << 8 | character;
        carried++;
        if (carried < 4) {
            return true;
        }
        int word = carry;
        carry = 0;
        carried = 0;
        int a = VALUES[word >>> 24];
        int b = VALUES[word >>> 16 & 0xff];
        int c = VALUES[word >>> 8 & 0xff];
        int d = VALUES[word & 0xff];
        if ((a | b | c | d) < 0) {
            return padded(word, out);
        }
        out.writeMedium(a << 18 | b << 12 | c << 6 | d);
        return true;
    }

    /** A group with one or two padding characters at its end and nothing in the bits that they leave over. */
    private static boolean padded(int word, ByteBuf out) {
        int a = VALUES[word >>> 24];
        int b = VALUES[word >>> 16 & 0xff];
        int c = VALUES[word >>> 8 & 0xff];
        if ((word & 0xff) != '=' || (a | b) < 0) {
            return false;
        }
        if ((word >>> 8 & 0xff) == '=') {
            if ((b & 0x0f) != 0) {
                return false;
            }
            out.writeByte(a << 2 | b >> 4);
            return true;
        }
        if (c < 0 || (c & 0x03) != 0) {
            return false;
        }
        out.writeShort(a << 10 | b << 4 | c >> 2);
        return true;
    }
}
