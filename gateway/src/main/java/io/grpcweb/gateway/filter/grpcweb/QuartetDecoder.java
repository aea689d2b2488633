package io.grpcweb.gateway.filter.grpcweb;

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

    /** Characters that are decoded at a time, whole groups: array to array, because every access to a buffer is checked. */
    private static final int SLICE = 4 * 1024;

    private int carry;
    private int carried;
    private final byte[] group = new byte[3];

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
        int whole = end - at & ~3;
        if (!decodeGroups(text, at, whole, out)) {
            out.release();
            return null;
        }
        at += whole;
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
        int bytes = decode(carry, group, 0);
        carry = 0;
        carried = 0;
        out.writeBytes(group, 0, Math.max(0, bytes));
        return bytes > 0;
    }

    private static boolean decodeGroups(ByteBuf text, int from, int characters, ByteBuf out) {
        byte[] source = new byte[Math.min(characters, SLICE)];
        byte[] target = new byte[source.length / 4 * 3];
        int done = 0;
        while (done < characters) {
            int slice = Math.min(characters - done, source.length);
            text.getBytes(from + done, source, 0, slice);
            int bytes = 0;
            for (int i = 0; i < slice; i += 4) {
                int word = source[i] << 24
                        | (source[i + 1] & 0xff) << 16
                        | (source[i + 2] & 0xff) << 8
                        | source[i + 3] & 0xff;
                int got = decode(word, target, bytes);
                if (got < 0) {
                    return false;
                }
                bytes += got;
            }
            out.writeBytes(target, 0, bytes);
            done += slice;
        }
        return true;
    }

    /** Decodes a group of four characters; returns how many bytes it makes, -1 where it is not base64. */
    private static int decode(int word, byte[] to, int at) {
        int a = VALUES[word >>> 24];
        int b = VALUES[word >>> 16 & 0xff];
        int c = VALUES[word >>> 8 & 0xff];
        int d = VALUES[word & 0xff];
        if ((a | b | c | d) < 0) {
            return padded(word, to, at);
        }
        to[at] = (byte) (a << 2 | b >> 4);
        to[at + 1] = (byte) (b << 4 | c >> 2);
        to[at + 2] = (byte) (c << 6 | d);
        return 3;
    }

    /** A group with one or two padding characters at its end and nothing in the bits that they leave over. */
    private static int padded(int word, byte[] to, int at) {
        int a = VALUES[word >>> 24];
        int b = VALUES[word >>> 16 & 0xff];
        int c = VALUES[word >>> 8 & 0xff];
        if ((word & 0xff) != '=' || (a | b) < 0) {
            return -1;
        }
        if ((word >>> 8 & 0xff) == '=') {
            if ((b & 0x0f) != 0) {
                return -1;
            }
            to[at] = (byte) (a << 2 | b >> 4);
            return 1;
        }
        if (c < 0 || (c & 0x03) != 0) {
            return -1;
        }
        to[at] = (byte) (a << 2 | b >> 4);
        to[at + 1] = (byte) (b << 4 | c >> 2);
        return 2;
    }
}
