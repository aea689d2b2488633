package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.http.CertificateText;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/** How a certificate is shown to a service. */
final class Principal {
    private static final int DNS_NAME = 2;
    private static final int URI_NAME = 6;
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Principal() {}

    /** Whose it is: its first URI, else its first DNS name, else its subject. */
    static String of(X509Certificate certificate) {
        String uri = name(certificate, URI_NAME);
        String dns = uri == null ? name(certificate, DNS_NAME) : uri;
        return dns == null ? CertificateText.subject(certificate) : dns;
    }

    private static String name(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (name.get(0).equals(kind)) {
                        return name.get(1).toString();
                    }
                }
            }
        } catch (CertificateParsingException e) {
            // A certificate whose names cannot be read has none.
            return null;
        }
        return null;
    }

    /** PEM as part of a URL. */
    static String pem(X509Certificate certificate) {
        try {
            String lines = new String(LINES.encode(certificate.getEncoded()), StandardCharsets.US_ASCII);
            return ("-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n")
                    .replace("+", "%2B")
                    .replace("/", "%2F")
                    .replace("=", "%3D")
                    .replace("\n", "%0A")
                    .replace(" ", "%20");
        } catch (CertificateEncodingException e) {
            return "";
        }
    }
}
