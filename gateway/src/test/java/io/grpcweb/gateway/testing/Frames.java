package io.grpcweb.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** Bytes of gRPC bodies, written by hand. */
public final class Frames {
    /** A message without fields. */
    public static final byte[] F0 = hex("00 00000000");

    public static final byte[] F2 = hex("00 00000002 0801");
    public static final byte[] F3 = hex("00 00000003 0a0161");
    public static final byte[] F4 = hex("00 00000004 0a026162");

    /** The trailers frame of a call that went well: {@code grpc-status:0}. */
    public static final byte[] T0 = hex("80 0000000f 677270632d7374617475733a300d0a");

    private Frames() {}

    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** A trailers frame of these lines, each {@code name:value}. */
    public static byte[] trailers(String... lines) {
        return frame(0x80, (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    public static byte[] message(byte[] payload) {
        return frame(0, payload);
    }

    public static byte[] frame(int flags, byte[] payload) {
        int n = payload.length;
        byte[] prefix = {(byte) flags, (byte) (n >>> 24), (byte) (n >>> 16), (byte) (n >>> 8), (byte) n};
        return concat(prefix, payload);
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** The text form: each frame a base64 text of its own. */
    public static byte[] text(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(Base64.getEncoder().encode(frame));
        }
        return all.toByteArray();
    }

    /** What a browser reads in a text: every group of four alone. */
    public static byte[] untext(byte[] text) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i += 4) {
            all.writeBytes(Base64.getDecoder().decode(java.util.Arrays.copyOfRange(text, i, i + 4)));
        }
        return all.toByteArray();
    }
}
