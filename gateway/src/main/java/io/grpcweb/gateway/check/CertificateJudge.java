package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.net.TlsFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Says what is wrong with the certificates of a server, one thing after the other. */
final class CertificateJudge {
    private static final Duration SOON = Duration.ofDays(14);
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private CertificateJudge() {}

    /** When a certificate of the chain has ended or begins later; empty where all are valid today. */
    static Optional<String> date(List<X509Certificate> chain) {
        for (X509Certificate one : chain) {
            try {
                one.checkValidity();
            } catch (CertificateExpiredException e) {
                return Optional.of("its certificate (" + subject(one) + ") has expired on "
                        + one.getNotAfter().toInstant());
            } catch (CertificateNotYetValidException e) {
                return Optional.of("its certificate (" + subject(one) + ") is valid from "
                        + one.getNotBefore().toInstant() + ", and here it is " + Instant.now());
            }
        }
        return Optional.empty();
    }

    /** When the first certificate ends, if that is soon. */
    static Optional<String> endsSoon(List<X509Certificate> chain) {
        return chain.stream()
                .limit(1)
                .filter(one -> one.getNotAfter().before(Date.from(Instant.now().plus(SOON))))
                .map(one -> "its certificate (" + subject(one) + ") ends on "
                        + one.getNotAfter().toInstant())
                .findFirst();
    }

    /** Why nobody who is trusted has signed the chain; empty where somebody has. */
    static Optional<String> trust(List<X509Certificate> chain, Optional<TlsConfig.Source> ca) {
        X509Certificate first = chain.get(0);
        try {
            trusted(ca)
                    .checkServerTrusted(
                            chain.toArray(X509Certificate[]::new),
                            first.getPublicKey().getAlgorithm());
            return Optional.empty();
        } catch (CertificateException e) {
            X509Certificate last = chain.get(chain.size() - 1);
            String who = ca.map(source -> "those of " + TlsFiles.name(source)).orElse("those of the system");
            return Optional.of(
                    first.getSubjectX500Principal().equals(first.getIssuerX500Principal())
                            ? "its certificate (" + subject(first) + ") is signed by itself, and is not among " + who
                            : "its certificate (" + subject(first) + ") leads to the authority "
                                    + last.getIssuerX500Principal().getName() + ", which is not among " + who);
        } catch (GeneralSecurityException | IOException e) {
            return Optional.of("its certificate cannot be judged: " + e.getMessage());
        }
    }

    private static X509TrustManager trusted(Optional<TlsConfig.Source> ca)
            throws GeneralSecurityException, IOException {
        KeyStore store = null;
        if (ca.isPresent()) {
            store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int index = 0;
            for (X509Certificate one : TlsFiles.certificates(ca.get())) {
                store.setCertificateEntry("ca" + index++, one);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager one : factory.getTrustManagers()) {
            if (one instanceof X509TrustManager manager) {
                return manager;
            }
        }
        throw new GeneralSecurityException("no trust manager");
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /** The names that a certificate is for: DNS names and IP addresses. */
    static List<String> names(X509Certificate certificate) {
        List<String> found = new ArrayList<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS)) {
                    found.add(String.valueOf(name.get(1)));
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return found;
    }
}
