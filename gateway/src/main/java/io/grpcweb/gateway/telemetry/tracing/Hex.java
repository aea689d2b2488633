package io.grpcweb.gateway.telemetry.tracing;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Numbers as hexadecimal digits, as traces write them: lower case, all digits. */
final class Hex {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private Hex() {}

    /** Whether all characters from one place to another are digits. */
    static boolean isHex(CharSequence text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }

    /** The number that up to 16 digits stand for. */
    static long parse(CharSequence text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 4 | Character.digit(text.charAt(i), 16);
        }
        return value;
    }

    /** Writes the 16 digits of a number. */
    static void put(byte[] out, int at, long value) {
        for (int i = 15; i >= 0; i--) {
            out[at + 15 - i] = DIGITS[(int) (value >>> 4 * i) & 15];
        }
    }

    /** The digits of some numbers. */
    static AsciiString text(long... numbers) {
        byte[] out = new byte[16 * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            put(out, 16 * i, numbers[i]);
        }
        return new AsciiString(out, false);
    }
}
