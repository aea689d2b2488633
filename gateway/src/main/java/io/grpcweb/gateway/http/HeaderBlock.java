package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;

/**
 * The grammar of a header block, of requests and responses, of heads and trailers, for both HTTP versions and both sides of
 * the gateway. What a library has decoded is not yet well-formed: HPACK carries any byte, and a byte that ends a line is
 * only data until another protocol writes it.
 */
public final class HeaderBlock {
    private static final int TOKEN = 1;
    private static final int VALUE = 2;
    private static final int TARGET = 4;
    private static final int HOST = 8;

    /** What each octet may be part of. */
    private static final byte[] OCTETS = octets();

    private static final int MAX_PORT = 65535;

    private HeaderBlock() {}

    private static byte[] octets() {
        byte[] table = new byte[256];
        for (int c = 0; c < table.length; c++) {
            boolean control = c < ' ' || c == 0x7f;
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            int uses = control && c != '\t' ? 0 : VALUE;
            if (!control && c != ' ') {
                uses |= TARGET;
            }
            if (alphanumeric || c < 128 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                uses |= TOKEN;
            }
            // RFC 3986 section 3.2.2. A comma may stand in a name, but then it is two hosts that somebody has joined.
            if (alphanumeric || c < 128 && "-._~!$&'()*+;=".indexOf(c) >= 0) {
                uses |= HOST;
            }
            table[c] = (byte) uses;
        }
        return table;
    }

    /** Whether all octets may be used so; a character that is no octet may not. */
    private static boolean all(CharSequence text, int use) {
        if (text instanceof AsciiString ascii) {
            byte[] bytes = ascii.array();
            int end = ascii.arrayOffset() + ascii.length();
            for (int i = ascii.arrayOffset(); i < end; i++) {
                if ((OCTETS[bytes[i] & 0xff] & use) == 0) {
                    return false;
                }
            }
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 255 || (OCTETS[c] & use) == 0) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9110 section 5.6.2: what a method is, and the name of a field. */
    public static boolean isToken(CharSequence text) {
        return text.length() > 0 && all(text, TOKEN);
    }

    /** Whether a value has no control character but the tab (RFC 9110 section 5.5). */
    public static boolean isValue(CharSequence value) {
        return all(value, VALUE);
    }

    /** Whether a value begins with a blank or a tab, which is not part of it (RFC 9113 section 8.2.1). */
    public static boolean beginsBlank(CharSequence value) {
        return value.length() > 0 && (value.charAt(0) == ' ' || value.charAt(0) == '\t');
    }

    /** Whether a request target has neither blanks nor control characters, which would end it. */
    public static boolean isTarget(CharSequence target) {
        return target.length() > 0 && all(target, TARGET);
    }

    /** RFC 9110 section 15: three digits, the first of which says the class. */
    public static boolean isStatus(CharSequence status) {
        return status.length() == 3
                && status.charAt(0) >= '1'
                && status.charAt(0) <= '9'
                && isDigit(status.charAt(1))
                && isDigit(status.charAt(2));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * Whether this is a host with an optional port (RFC 9110 section 7.2). User information has no place here, and
     * neither has anything that would end the authority of a URI.
     */
    public static boolean isAuthority(CharSequence authority) {
        int length = authority.length();
        if (length > 0 && authority.charAt(0) == '[') {
            int end = AsciiString.indexOf(authority, ']', 1);
            return end > 0
                    && isAddressV6(authority.subSequence(1, end))
                    && (end + 1 == length || isPort(authority, end + 1));
        }
        int colon = AsciiString.indexOf(authority, ':', 0);
        int end = colon < 0 ? length : colon;
        return end > 0 && isName(authority, end) && (colon < 0 || isPort(authority, colon));
    }

    private static boolean isName(CharSequence authority, int end) {
        for (int i = 0; i < end; i++) {
            char c = authority.charAt(i);
            if (c == '%' && i + 2 < end && isHex(authority.charAt(i + 1)) && isHex(authority.charAt(i + 2))) {
                i += 2;
            } else if (c > 127 || (OCTETS[c] & HOST) == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 128;
    }

    private static boolean isAddressV6(CharSequence address) {
        // A zone means something on one machine only.
        return AsciiString.indexOf(address, '%', 0) < 0 && NetUtil.isValidIpV6Address(address);
    }

    /** A colon and a number that a port can be. */
    private static boolean isPort(CharSequence authority, int colon) {
        int digits = authority.length() - colon - 1;
        if (authority.charAt(colon) != ':' || digits < 1 || digits > 5) {
            return false;
        }
        int port = 0;
        for (int i = colon + 1; i < authority.length(); i++) {
            if (!isDigit(authority.charAt(i))) {
                return false;
            }
            port = port * 10 + authority.charAt(i) - '0';
        }
        return port <= MAX_PORT;
    }

    /**
     * What is wrong with the pseudo-header fields of an HTTP/2 request so that its stream must be reset (RFC 9113 section
     * 8.3.1); null where nothing is. Values were looked at when the block was decoded.
     *
     * @param extended whether the gateway has offered CONNECT with {@code :protocol} (RFC 8441)
     */
    public static String requestFault(Http2Headers head, boolean extended) {
        CharSequence method = head.method();
        if (method == null || !isToken(method)) {
            return "a request without a method, or with one that is no token";
        }
        boolean connect = "CONNECT".contentEquals(method);
        boolean tunnel = head.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        if (tunnel && !(connect && extended)) {
            return "a request with :protocol, which was not offered or is not for its method";
        }
        if (connect && !tunnel) {
            return null;
        }
        if (head.scheme() == null || head.path() == null) {
            return "a request without :scheme or :path";
        }
        return isTarget(head.path()) ? null : "a request whose :path is none";
    }
}
