package io.grpcweb.gateway.filter.service;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes as a text that protobuf may carry: each byte that is no UTF-8 becomes an exclamation mark, as in Envoy. */
public final class Utf8 {
    private Utf8() {}

    /** A value of a field, each character of which stands for a byte. */
    public static String text(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0x7f) {
                return decode(value);
            }
        }
        return value.toString();
    }

    private static String decode(CharSequence value) {
        String text = value.toString();
        // What is no byte came from the configuration, and is a character already.
        return text.chars().allMatch(c -> c <= 0xff)
                ? text(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)))
                : text;
    }

    /** A text as a value of a field, each character of which stands for a byte. */
    public static String bytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return text;
    }

    /** The bytes of a body. */
    public static String text(ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        // A byte never makes more than one character.
        CharBuffer out = CharBuffer.allocate(bytes.remaining());
        CoderResult result = decoder.decode(bytes, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                bytes.get();
                out.put('!');
            }
            result = decoder.decode(bytes, out, true);
        }
        return out.flip().toString();
    }
}
