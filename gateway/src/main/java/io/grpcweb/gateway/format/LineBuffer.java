package io.grpcweb.gateway.format;

import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Collects the bytes of one log line; used again for the next of the same format. Whatever comes from a stranger passes {@link #value} or
 * {@link #json}, which let nothing through that ends a line, leaves a quoted field or moves a terminal's cursor.
 */
public final class LineBuffer {
    /** Where lines go. */
    @FunctionalInterface
    public interface Sink {
        /** Takes the first bytes of an array, which is used again afterwards. */
        void offer(byte[] line, int length);
    }

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** A longer line is cut: sixty header fields of a kilobyte are still whole. */
    private static final int MAX_BYTES = 64 * 1024;

    /** What stands in a line as it is, wherever. */
    private static final boolean[] PLAIN = new boolean[128];

    static {
        Arrays.fill(PLAIN, 0x20, 0x7f, true);
        PLAIN['"'] = false;
        PLAIN['\\'] = false;
    }

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long SPACES = ONES * ' ';

    private byte[] bytes = new byte[512];
    private ByteBuffer eights = eights(bytes);
    private int size;
    private Word[] words = {};

    /** How a text was written, with what stands around it. */
    private static final class Word {
        private final CharSequence text;
        private final byte[] bytes;

        Word(CharSequence text, byte[] bytes) {
            this.text = text;
            this.bytes = bytes;
        }
    }

    public void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** Takes back what was written after a point. */
    void truncate(int newSize) {
        size = newSize;
    }

    /** Writes over what is there. */
    void set(int at, char ascii) {
        bytes[at] = (byte) ascii;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }

    /** Hands the line over. */
    public void to(Sink sink) {
        sink.offer(bytes, size);
    }

    /** Bytes of the configuration, as they are. */
    void literal(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, size, text.length);
        size += text.length;
    }

    /**
     * Writes a text as in a line before, if it is the same object; else it is to be written and remembered.
     *
     * @param place of the text among those of the format that are remembered
     */
    boolean again(int place, CharSequence text) {
        Word last = place < words.length ? words[place] : null;
        if (last == null || last.text != text) {
            return false;
        }
        literal(last.bytes);
        return true;
    }

    /** What was written from a point on is how that text is written. */
    void remember(int place, CharSequence text, int from) {
        if (place >= words.length) {
            words = Arrays.copyOf(words, place + 8);
        }
        words[place] = new Word(text, Arrays.copyOfRange(bytes, from, size));
    }

    void put(char ascii) {
        reserve(1);
        bytes[size++] = (byte) ascii;
    }

    void number(long number) {
        if (number < 0) {
            literal(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        reserve(digits);
        long rest = number;
        for (int at = size + digits - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    /**
     * A value in a text line.
     *
     * @param octets whether each character stands for a byte, as in header fields
     * @param limit at most this many characters of it
     * @param quoted whether it stands between quotes, which it then cannot end
     */
    void value(CharSequence value, boolean octets, int limit, boolean quoted) {
        if (plain(value, octets, limit)) {
            return;
        }
        if (!octets) {
            value(octets(value), true, limit, quoted);
            return;
        }
        int length = Math.min(value.length(), Math.min(limit, MAX_BYTES - Math.min(size, MAX_BYTES)));
        reserve(4 * length);
        for (int i = 0; i < length; i++) {
            int c = value.charAt(i) & 0xff;
            if (c >= 0x20 && c < 0x7f) {
                if (quoted && (c == '"' || c == '\\')) {
                    bytes[size++] = '\\';
                }
                bytes[size++] = (byte) c;
            } else {
                int sequence = utf8(value, i, length);
                if (sequence == 0) {
                    bytes[size++] = '\\';
                    bytes[size++] = 'x';
                    bytes[size++] = HEX[c >> 4];
                    bytes[size++] = HEX[c & 15];
                } else {
                    for (int k = 0; k < sequence; k++) {
                        bytes[size++] = (byte) value.charAt(i + k);
                    }
                    i += sequence - 1;
                }
            }
        }
    }

    /** A value inside of a JSON text, escaped; the quotes around it are the caller's. */
    void json(CharSequence value, boolean octets, int limit) {
        if (plain(value, octets, limit)) {
            return;
        }
        if (!octets) {
            json(octets(value), true, limit);
            return;
        }
        int length = Math.min(value.length(), Math.min(limit, MAX_BYTES - Math.min(size, MAX_BYTES)));
        reserve(6 * length);
        for (int i = 0; i < length; i++) {
            int c = value.charAt(i) & 0xff;
            if (c >= 0x20 && c < 0x7f) {
                if (c == '"' || c == '\\') {
                    bytes[size++] = '\\';
                }
                bytes[size++] = (byte) c;
                continue;
            }
            int sequence = utf8(value, i, length);
            if (sequence == 0) {
                bytes[size++] = '\\';
                bytes[size++] = 'u';
                bytes[size++] = '0';
                bytes[size++] = '0';
                bytes[size++] = HEX[c >> 4];
                bytes[size++] = HEX[c & 15];
            } else {
                for (int k = 0; k < sequence; k++) {
                    bytes[size++] = (byte) value.charAt(i + k);
                }
                i += sequence - 1;
            }
        }
    }

    /** Most values need no look at each character's meaning; whether this was one, and is written. */
    private boolean plain(CharSequence value, boolean octets, int limit) {
        int length = Math.min(value.length(), limit);
        if (length > MAX_BYTES - size) {
            return false;
        }
        reserve(length + Long.BYTES);
        boolean done;
        if (value instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, size, length);
            done = plain(length);
        } else if (octets && value instanceof String text) {
            octets(text, length);
            done = plain(length);
        } else {
            done = value instanceof String text && plain(text, length);
        }
        size += done ? length : 0;
        return done;
    }

    /** The low byte of each character, which in octets is all of it. */
    @SuppressWarnings("deprecation")
    private void octets(String from, int length) {
        from.getBytes(0, length, bytes, size);
    }

    /** Whether the bytes that were put behind the end are plain; spaces behind them make the last eight complete. */
    private boolean plain(int length) {
        int end = size + length;
        eights.putLong(end, SPACES);
        long special = 0;
        for (int at = size; at < end; at += Long.BYTES) {
            special |= special(eights.getLong(at));
        }
        return special == 0;
    }

    /**
     * Not zero if one of eight bytes is a control character, a quote, a backslash or beyond ASCII: a byte that is below
     * another borrows from its highest bit when that is taken off. In which order they are does not matter.
     */
    private static long special(long eight) {
        long quote = eight ^ ONES * '"';
        long backslash = eight ^ ONES * '\\';
        long delete = eight ^ ONES * 0x7f;
        long borrowed = (eight - SPACES) | (quote - ONES) | (backslash - ONES) | (delete - ONES);
        return (borrowed | eight) & HIGH_BITS;
    }

    private boolean plain(String from, int length) {
        for (int i = 0; i < length; i++) {
            char c = from.charAt(i);
            if (c >= 0x80 || !PLAIN[c]) {
                return false;
            }
            bytes[size + i] = (byte) c;
        }
        return true;
    }

    /** The length of the UTF-8 sequence of a printable character at a place; 0 if there is none (RFC 3629 section 4). */
    private static int utf8(CharSequence text, int at, int end) {
        int first = text.charAt(at) & 0xff;
        int length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 ? 4 : 0;
        if (length == 0 || first > 0xf4 || at + length > end) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((text.charAt(at + i) & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = text.charAt(at + 1) & 0xff;
        boolean invalid = (first == 0xe0 && second < 0xa0)
                || (first == 0xed && second > 0x9f)
                || (first == 0xf0 && second < 0x90)
                || (first == 0xf4 && second > 0x8f);
        // C1 control characters (U+0080 to U+009F), line and paragraph separator, and the marks that turn text round.
        boolean control = (first == 0xc2 && second < 0xa0)
                || (first == 0xe2 && second == 0x80 && isMark(text.charAt(at + 2) & 0xff))
                || (first == 0xe2 && second == 0x81 && (text.charAt(at + 2) & 0xff) >= 0xa6);
        return invalid || control ? 0 : length;
    }

    private static boolean isMark(int third) {
        return third == 0x8e || third == 0x8f || third >= 0xa8 && third <= 0xae;
    }

    /** A text with one character for each byte of its UTF-8 form. */
    private static CharSequence octets(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return text;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            eights = eights(bytes);
        }
    }

    private static ByteBuffer eights(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}
