package io.grpcweb.gateway.telemetry.export;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf messages one after the other into an array that grows. What has the default of its type is left out, as in
 * proto3, but for the methods that begin with {@code one}.
 */
public final class ProtoWriter {
    private static final int LEAST = 4096;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    private byte[] bytes = new byte[LEAST];
    private int size;

    public int size() {
        return size;
    }

    /** Takes back what was written behind a place. */
    void truncate(int to) {
        size = to;
    }

    /** Begins anew; the array of a burst is not kept. */
    void clear() {
        size = 0;
        if (bytes.length > 64 * LEAST) {
            bytes = new byte[LEAST];
        }
    }

    /** What was written. */
    public byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }

    void copyTo(ByteBuffer out) {
        out.put(bytes, 0, size);
    }

    /** Fields that are encoded already. */
    public ProtoWriter raw(byte[] encoded) {
        room(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
        return this;
    }

    /** A text; each of its characters stands for a byte, unless one of them is more than that. */
    public ProtoWriter text(int field, CharSequence value) {
        return value == null || value.length() == 0 ? this : oneText(field, value, value.length());
    }

    /** The same, written even where it is empty. */
    public ProtoWriter oneText(int field, CharSequence value) {
        return oneText(field, value, value.length());
    }

    /** The first characters of a text, written even where there are none. */
    public ProtoWriter oneText(int field, CharSequence value, int length) {
        for (int i = 0; i < length; i++) {
            if (value.charAt(i) > 0x7f) {
                return oneBytes(field, utf8(value.subSequence(0, length).toString()));
            }
        }
        header(field, length);
        for (int i = 0; i < length; i++) {
            bytes[size + i] = (byte) value.charAt(i);
        }
        size += length;
        return this;
    }

    /** Bytes that are no UTF-8 become an exclamation mark each, as in Envoy: a collector refuses a whole batch for one of them. */
    public static byte[] utf8(String text) {
        if (text.chars().anyMatch(c -> c > 0xff)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            CharBuffer decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith("!")
                    .decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
            return decoded.toString().getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("nothing is reported where all is replaced", e);
        }
    }

    /** Bytes, written even where there are none. */
    public ProtoWriter oneBytes(int field, byte[] value) {
        header(field, value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /** Numbers of eight bytes each as one field of bytes, the highest byte first. */
    public ProtoWriter bigEndian(int field, long... numbers) {
        header(field, numbers.length * 8);
        for (long number : numbers) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                bytes[size++] = (byte) (number >>> shift);
            }
        }
        return this;
    }

    /** An integer of any type without zigzag, an enum or a flag. */
    public ProtoWriter whole(int field, long value) {
        return value == 0 ? this : oneWhole(field, value);
    }

    public ProtoWriter oneWhole(int field, long value) {
        room(20);
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    public ProtoWriter flag(int field, boolean value) {
        return whole(field, value ? 1 : 0);
    }

    public ProtoWriter fixed64(int field, long value) {
        room(18);
        varint((long) field << 3 | FIXED64);
        for (int i = 0; i < 8; i++) {
            bytes[size++] = (byte) (value >>> 8 * i);
        }
        return this;
    }

    public ProtoWriter oneDecimal(int field, double value) {
        return fixed64(field, Double.doubleToRawLongBits(value));
    }

    public ProtoWriter fixed32(int field, int value) {
        room(14);
        varint((long) field << 3 | FIXED32);
        for (int i = 0; i < 4; i++) {
            bytes[size++] = (byte) (value >>> 8 * i);
        }
        return this;
    }

    /** Begins a message in a field; what is written from here to {@link #close} is in it. */
    public int open(int field) {
        room(11);
        varint((long) field << 3 | DELIMITED);
        return ++size;
    }

    /** Ends the message that began there. */
    public void close(int begin) {
        int length = size - begin;
        int more = lengthOf(length) - 1;
        if (more > 0) {
            room(more);
            System.arraycopy(bytes, begin, bytes, begin + more, length);
        }
        size = begin - 1;
        varint(length);
        size += length;
    }

    private void header(int field, int length) {
        room(length + 20);
        varint((long) field << 3 | DELIMITED);
        varint(length);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    static int lengthOf(long value) {
        return value == 0 ? 1 : (63 - Long.numberOfLeadingZeros(value)) / 7 + 1;
    }
}
