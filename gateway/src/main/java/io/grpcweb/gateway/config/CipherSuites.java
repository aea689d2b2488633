package io.grpcweb.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names of TLS cipher suites: OpenSSL's, which Envoy files have, and those of the RFCs. */
public final class CipherSuites {
    /** Those of TLS 1.3 are not a matter of configuration in Envoy's library: all are on. */
    public static final List<String> TLS13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private static final Map<String, String> NAMES = names();

    private CipherSuites() {}

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String key : List.of("ECDHE-ECDSA-", "ECDHE-RSA-", "")) {
            String standard = key.isEmpty() ? "TLS_RSA_WITH_" : "TLS_" + key.replace('-', '_') + "WITH_";
            names.put(key + "AES128-GCM-SHA256", standard + "AES_128_GCM_SHA256");
            names.put(key + "AES256-GCM-SHA384", standard + "AES_256_GCM_SHA384");
            names.put(key + "AES128-SHA", standard + "AES_128_CBC_SHA");
            names.put(key + "AES256-SHA", standard + "AES_256_CBC_SHA");
            if (!key.isEmpty()) {
                names.put(key + "CHACHA20-POLY1305", standard + "CHACHA20_POLY1305_SHA256");
            }
        }
        return names;
    }

    /**
     * The standard names of what a configuration says; absent where it names something else. Suites of equal preference
     * ({@code [A|B]}) come in the order in which they are written.
     */
    public static Optional<List<String>> standard(String text) {
        boolean group = text.startsWith("[") && text.endsWith("]");
        List<String> found = new ArrayList<>();
        for (String name : (group ? text.substring(1, text.length() - 1) : text).split("\\|", -1)) {
            String standard = NAMES.getOrDefault(name, name);
            if (!NAMES.containsValue(standard) && !TLS13.contains(standard)) {
                return Optional.empty();
            }
            found.add(standard);
        }
        return Optional.of(found);
    }

    /** Why a name is refused, and which there are. */
    public static String unknown(String text) {
        return "'" + text + "' is no cipher suite that is served; there are " + String.join(", ", NAMES.keySet());
    }
}
