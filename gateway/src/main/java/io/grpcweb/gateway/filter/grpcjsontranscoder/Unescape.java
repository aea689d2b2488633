package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderConfig.Escapes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent escapes of paths and queries (RFC 3986 section 2.1). What is no escape stands for itself. */
final class Unescape {
    private static final String RESERVED = "!#$&'()*+,/:;=?@[]";

    private Unescape() {}

    /**
     * The text of an escaped one.
     *
     * @param which the other escapes stay as they are
     * @return null if the bytes are no UTF-8
     */
    static String text(String escaped, Escapes which, boolean plusIsBlank) {
        if (escaped.indexOf('%') < 0 && (!plusIsBlank || escaped.indexOf('+') < 0) && isAscii(escaped)) {
            return escaped;
        }
        // A character of a head is a byte.
        byte[] bytes = escaped.getBytes(StandardCharsets.ISO_8859_1);
        int size = 0;
        for (int i = 0; i < bytes.length; i++) {
            int octet = bytes[i] == '%' ? octet(bytes, i) : -1;
            if (octet >= 0 && isUnescaped((char) octet, which)) {
                bytes[size++] = (byte) octet;
                i += 2;
            } else {
                bytes[size++] = bytes[i] == '+' && plusIsBlank ? (byte) ' ' : bytes[i];
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, size))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static int octet(byte[] bytes, int at) {
        if (at + 2 >= bytes.length) {
            return -1;
        }
        int high = Character.digit(bytes[at + 1], 16);
        int low = Character.digit(bytes[at + 2], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static boolean isUnescaped(char c, Escapes which) {
        return switch (which) {
            case ALL -> true;
            case ALL_BUT_SLASH -> c != '/';
            case ALL_BUT_RESERVED -> RESERVED.indexOf(c) < 0;
        };
    }
}
