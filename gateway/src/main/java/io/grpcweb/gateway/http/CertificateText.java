package io.grpcweb.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** What logs and header fields say of a certificate, in Envoy's words. */
public final class CertificateText {
    /** The kind of a DNS name among the alternative names (RFC 5280, section 4.2.1.6). */
    public static final int DNS_NAME = 2;

    /** The kind of a URI among them. */
    public static final int URI_NAME = 6;

    private CertificateText() {}

    public static String subject(X509Certificate certificate) {
        return DistinguishedName.of(certificate.getSubjectX500Principal());
    }

    public static String issuer(X509Certificate certificate) {
        return DistinguishedName.of(certificate.getIssuerX500Principal());
    }

    /** The alternative names of a kind, in their order. */
    public static List<String> names(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(kind))
                            .map(name -> name.get(1).toString())
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** The hash of the certificate, in hexadecimal digits; null where it cannot be had. */
    public static String fingerprint(X509Certificate certificate, String algorithm) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            return null;
        }
    }

    /** PEM as part of a URL; null where it cannot be had. */
    public static String pem(X509Certificate certificate) {
        try {
            String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(certificate.getEncoded());
            return ("-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n")
                    .replace("\n", "%0A")
                    .replace(" ", "%20")
                    .replace("+", "%2B")
                    .replace("/", "%2F")
                    .replace("=", "%3D");
        } catch (CertificateEncodingException e) {
            return null;
        }
    }
}
