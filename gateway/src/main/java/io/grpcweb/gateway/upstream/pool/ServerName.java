package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.Addresses;
import java.util.Locale;

/** The name that a request asks for, as TLS may be asked for it. */
final class ServerName {
    private static final int LONGEST = 253;
    private static final int LONGEST_LABEL = 63;

    private ServerName() {}

    /** The host without its port; null for what is no name of a host, addresses included (RFC 6066 section 3). */
    static String of(String authority) {
        int colon = authority.lastIndexOf(':');
        String host = colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
        if (host.endsWith(".")) {
            // SNI is without the dot of the root.
            host = host.substring(0, host.length() - 1);
        }
        return isName(host) && !Addresses.isIp(host) ? host.toLowerCase(Locale.ROOT) : null;
    }

    /** Letters, digits and hyphens between dots (RFC 1123 section 2.1); underscores are found in private networks. */
    private static boolean isName(String host) {
        if (host.isEmpty() || host.length() > LONGEST) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.') {
                if (label == 0 || host.charAt(i - 1) == '-') {
                    return false;
                }
                label = 0;
            } else if (!isLetter(c) && (c != '-' || label == 0) || ++label > LONGEST_LABEL) {
                return false;
            }
        }
        return label > 0 && host.charAt(host.length() - 1) != '-';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
