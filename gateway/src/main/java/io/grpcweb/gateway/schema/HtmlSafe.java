package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;

/**
 * Escapes beside those that JSON asks for, as protobuf's own printers have them: angle brackets, so that a text does no harm in a page, and
 * characters that cannot be seen or turn the direction of others.
 */
final class HtmlSafe extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    private static final String HEX = "0123456789abcdef";

    /** Pairs of first and last characters. */
    private static final int[] UNSEEN = {
        0x7f, 0x9f, 0xad, 0xad, 0x600, 0x603, 0x6dd, 0x6dd, 0x70f, 0x70f, 0x17b4, 0x17b5, 0x200b, 0x200f, 0x2028,
        0x202e, 0x2060, 0x2064, 0x206a, 0x206f, 0xfeff, 0xfeff, 0xfff9, 0xfffb
    };

    private final int[] ascii = standardAsciiEscapesForJSON();

    HtmlSafe() {
        ascii['<'] = ESCAPE_CUSTOM;
        ascii['>'] = ESCAPE_CUSTOM;
        ascii[0x7f] = ESCAPE_CUSTOM;
        for (int c = 0; c < 0x20; c++) {
            if (ascii[c] == ESCAPE_STANDARD) {
                ascii[c] = ESCAPE_CUSTOM;
            }
        }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii;
    }

    @Override
    public SerializableString getEscapeSequence(int c) {
        return c < 0x80 || isUnseen(c)
                ? new SerializedString("\\u"
                        + HEX.charAt(c >> 12)
                        + HEX.charAt(c >> 8 & 15)
                        + HEX.charAt(c >> 4 & 15)
                        + HEX.charAt(c & 15))
                : null;
    }

    private static boolean isUnseen(int c) {
        for (int i = 0; i < UNSEEN.length; i += 2) {
            if (c >= UNSEEN[i] && c <= UNSEEN[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
