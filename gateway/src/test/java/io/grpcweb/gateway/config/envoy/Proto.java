package io.grpcweb.gateway.config.envoy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A message of protobuf, put together byte by byte (protobuf.dev, "Encoding"). */
final class Proto {
    private static final String URL = "type.googleapis.com/";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A number, flag or value of an enum. */
    Proto number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    Proto fixed64(int field, double value) {
        varint((long) field << 3 | 1);
        long bits = Double.doubleToLongBits(value);
        for (int i = 0; i < 8; i++) {
            out.write((int) (bits >>> (8 * i)));
        }
        return this;
    }

    Proto text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Proto message(int field, Proto value) {
        return bytes(field, value.bytes());
    }

    /** A {@code google.protobuf.Any} with a message. */
    Proto any(int field, String type, Proto value) {
        return message(field, any(type, value));
    }

    static Proto any(String type, Proto value) {
        return new Proto().text(1, URL + type).message(2, value);
    }

    Proto bytes(int field, byte[] value) {
        varint((long) field << 3 | 2);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
