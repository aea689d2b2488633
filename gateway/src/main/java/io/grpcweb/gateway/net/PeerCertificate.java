package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.TlsConfig;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The certificate that a peer has shown, held against what the configuration wants of it beside who has signed it. */
public final class PeerCertificate {
    private PeerCertificate() {}

    /**
     * What is wrong with it; empty where nothing is.
     *
     * @param names if not empty, one of these must fit one of its names
     * @param pins if there are some, it must be one of these
     */
    public static Optional<String> problem(
            X509Certificate certificate, List<TlsConfig.SubjectAltName> names, TlsConfig.Pins pins) {
        try {
            Optional<String> named = names.isEmpty() ? Optional.empty() : PeerNames.problem(names, certificate);
            return named.isPresent() || pins.isEmpty() || isPinned(certificate, pins)
                    ? named
                    : Optional.of("the certificate is none of those that are known beforehand");
        } catch (CertificateParsingException | CertificateEncodingException e) {
            return Optional.of("the certificate cannot be read: " + e.getMessage());
        }
    }

    private static boolean isPinned(X509Certificate certificate, TlsConfig.Pins pins)
            throws CertificateEncodingException {
        return pins.certificates().contains(HexFormat.of().formatHex(sha256(certificate.getEncoded())))
                || pins.keys()
                        .contains(Base64.getEncoder()
                                .encodeToString(
                                        sha256(certificate.getPublicKey().getEncoded())));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
