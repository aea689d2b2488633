package io.grpcweb.gateway.downstream.websocket;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a client offers of the extension {@code permessage-deflate} (RFC 7692 section 7.1). No context is kept between messages in
 * either direction, which a server may ask for whatever was offered, so that a WebSocket without a message holds no window.
 */
final class DeflateOffer {
    private static final String NAME = "permessage-deflate";
    private static final String ANSWER = NAME + "; server_no_context_takeover; client_no_context_takeover";
    private static final String SERVER_WINDOW = "server_max_window_bits";

    /** The only window of the JDK's deflater. */
    private static final String MOST_BITS = "15";

    private DeflateOffer() {}

    /**
     * The answer to the first offer that can be kept; null where there is none.
     *
     * @param extensions the value of {@code sec-websocket-extensions} (RFC 6455 section 9.1)
     */
    static String answer(CharSequence extensions) {
        for (String one : extensions.toString().split(",", -1)) {
            String[] parts = one.split(";", -1);
            if (parts[0].strip().equalsIgnoreCase(NAME)) {
                String answer = answer(parts);
                if (answer != null) {
                    return answer;
                }
            }
        }
        return null;
    }

    /** Null where the offer has a parameter that is unknown, there twice, or has a value that it may not have. */
    private static String answer(String... offer) {
        Set<String> seen = new HashSet<>();
        String answer = ANSWER;
        for (int i = 1; i < offer.length; i++) {
            int equals = offer[i].indexOf('=');
            String name = (equals < 0 ? offer[i] : offer[i].substring(0, equals))
                    .strip()
                    .toLowerCase(Locale.ROOT);
            String value =
                    equals < 0 ? null : unquoted(offer[i].substring(equals + 1).strip());
            boolean fits =
                    switch (name) {
                        case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
                        case "client_max_window_bits" -> value == null || isWindow(value);
                        case SERVER_WINDOW -> MOST_BITS.equals(value);
                        default -> false;
                    };
            if (!fits || !seen.add(name)) {
                return null;
            }
            if (name.equals(SERVER_WINDOW)) {
                answer = ANSWER + "; " + SERVER_WINDOW + "=" + MOST_BITS;
            }
        }
        return answer;
    }

    private static String unquoted(String value) {
        int last = value.length() - 1;
        return last > 0 && value.charAt(0) == '"' && value.charAt(last) == '"' ? value.substring(1, last) : value;
    }

    /** A number from 8 to 15 without a zero before it. */
    private static boolean isWindow(String bits) {
        return bits.length() == 1
                ? bits.charAt(0) >= '8' && bits.charAt(0) <= '9'
                : bits.length() == 2 && bits.charAt(0) == '1' && bits.charAt(1) >= '0' && bits.charAt(1) <= '5';
    }
}
