package io.grpcweb.gateway.selftest;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads the frames of gRPC-Web (PROTOCOL-WEB.md): messages, and blocks of fields. */
final class FrameReader {
    private static final int TRAILERS = 0x80;
    private static final int LARGEST = 16 << 20;

    private final DataInputStream in;

    FrameReader(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** A frame; either part may be null. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(byte[] message, Map<String, String> fields) {}

    /** The next frame; null at the end of the stream. */
    Frame next() throws IOException {
        int flags = in.read();
        if (flags < 0) {
            return null;
        }
        int length = in.readInt();
        if (length < 0 || length > LARGEST) {
            throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new EOFException("a frame is cut off");
        }
        if (flags == 0) {
            return new Frame(content, null);
        }
        if (flags != TRAILERS) {
            throw new IOException("a frame with the flags " + flags);
        }
        return new Frame(null, fields(new String(content, StandardCharsets.US_ASCII)));
    }

    private static Map<String, String> fields(String block) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : block.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                found.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return found;
    }

    /** A message in its frame. */
    static byte[] framed(byte[] message) {
        byte[] frame = new byte[5 + message.length];
        for (int i = 0; i < 4; i++) {
            frame[1 + i] = (byte) (message.length >>> 8 * (3 - i));
        }
        System.arraycopy(message, 0, frame, 5, message.length);
        return frame;
    }
}
