package io.grpcweb.gateway.net;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cipher suites by the names of OpenSSL, which Envoy's series and access logs carry. */
public final class CipherNames {
    private static final Pattern JAVA = Pattern.compile("TLS_(?:(.*?)_)?WITH_(.+)_(SHA\\d*|MD5)");

    private CipherNames() {}

    /** {@code ECDHE-RSA-AES128-GCM-SHA256} for {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}; those of TLS 1.3 stay. */
    public static String openSsl(String java) {
        Matcher parts = JAVA.matcher(java);
        if (!parts.matches()) {
            return java;
        }
        String exchange = "RSA".equals(parts.group(1)) ? "" : parts.group(1).replace('_', '-') + "-";
        String cipher = parts.group(2).replaceFirst("AES_(\\d+)", "AES$1").replaceFirst("_CBC$", "");
        if (cipher.equals("CHACHA20_POLY1305")) {
            return exchange + "CHACHA20-POLY1305";
        }
        return exchange + cipher.replace("3DES_EDE", "DES-CBC3").replace('_', '-') + "-" + parts.group(3);
    }
}
