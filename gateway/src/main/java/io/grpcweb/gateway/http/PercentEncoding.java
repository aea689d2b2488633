package io.grpcweb.gateway.http;

import java.nio.charset.StandardCharsets;

/**
 * The encoding of {@code grpc-message} (grpc doc/PROTOCOL-HTTP2.md): UTF-8 bytes outside of printable ASCII, and the
 * percent sign, as {@code %XX}. As Envoy, the tilde is encoded as well; both decode the same.
 */
public final class PercentEncoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentEncoding() {}

    /** The encoded form of a text. */
    public static String encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (mustEncode(text.charAt(i)) || text.charAt(i) == '%') {
                return encode(text.getBytes(StandardCharsets.UTF_8), false);
            }
        }
        return text;
    }

    /** The encoded form of the bytes of a text; what is no UTF-8 becomes U+FFFD. */
    public static String encode(byte[] bytes) {
        return encode(new String(bytes, StandardCharsets.UTF_8));
    }

    /** A name or a value of a query (RFC 3986 section 2.3): what is not unreserved is encoded. */
    public static String parameter(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return out.toString();
    }

    /** What two digits behind a percent sign mean; -1 where they are none. */
    public static int octet(char high, char low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : first << 4 | second;
    }

    /** The text of an encoded one; what is no escape stands for itself. */
    public static String decode(CharSequence encoded) {
        int length = encoded.length();
        byte[] bytes = new byte[length];
        int size = 0;
        for (int i = 0; i < length; i++) {
            char c = encoded.charAt(i);
            if (c == '%' && isEscape(encoded, i)) {
                bytes[size++] = (byte) octet(encoded.charAt(i + 1), encoded.charAt(i + 2));
                i += 2;
            } else {
                bytes[size++] = (byte) c;
            }
        }
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    /**
     * What a script can decode: a text that is encoded already stays as it is; a percent sign without two hex digits
     * behind it, and characters outside of printable ASCII (each stands for one byte), are encoded.
     */
    public static CharSequence clean(CharSequence message) {
        int length = message.length();
        for (int i = 0; i < length; i++) {
            char c = message.charAt(i);
            if (c < 0x20 || c > 0x7e || (c == '%' && !isEscape(message, i))) {
                return readable(encode(message.toString().getBytes(StandardCharsets.ISO_8859_1), true));
            }
        }
        return readable(message);
    }

    private static CharSequence readable(CharSequence encoded) {
        return decodesToUtf8(encoded) ? encoded : escapePercents(encoded);
    }

    private static String encode(byte[] bytes, boolean keepEscapes) {
        StringBuilder out = new StringBuilder(bytes.length + 16);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean escape = c == '%'
                    && keepEscapes
                    && i + 2 < bytes.length
                    && isHex((char) bytes[i + 1])
                    && isHex((char) bytes[i + 2]);
            if (mustEncode(c) && !(keepEscapes && c == '~') || c == '%' && !escape) {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean mustEncode(char c) {
        return c < 0x20 || c >= 0x7e;
    }

    private static boolean isEscape(CharSequence text, int at) {
        return at + 2 < text.length() && isHex(text.charAt(at + 1)) && isHex(text.charAt(at + 2));
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    /** decodeURIComponent throws where the escapes are not UTF-8 (RFC 3629 section 4; ECMA-262, Decode). */
    private static boolean decodesToUtf8(CharSequence text) {
        int length = text.length();
        int pending = 0;
        int least = 0;
        int most = 0;
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != '%') {
                if (pending > 0) {
                    return false;
                }
                continue;
            }
            int octet = octet(text.charAt(i + 1), text.charAt(i + 2));
            i += 2;
            if (pending > 0) {
                if (octet < least || octet > most) {
                    return false;
                }
                pending--;
                least = 0x80;
                most = 0xbf;
            } else if (octet >= 0x80) {
                pending = tails(octet);
                if (pending == 0) {
                    return false;
                }
                // What the second octet must be: no overlong form, no surrogate, nothing above U+10FFFF.
                least = octet == 0xe0 ? 0xa0 : octet == 0xf0 ? 0x90 : 0x80;
                most = octet == 0xed ? 0x9f : octet == 0xf4 ? 0x8f : 0xbf;
            }
        }
        return pending == 0;
    }

    /** How many octets follow this first one; 0 where it is none. */
    private static int tails(int octet) {
        if (octet < 0xc2 || octet > 0xf4) {
            return 0;
        }
        return octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
    }

    private static String escapePercents(CharSequence text) {
        return text.toString().replace("%", "%25");
    }
}
