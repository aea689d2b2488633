package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.CipherSuites;
import io.grpcweb.gateway.config.KeyPair;
import io.grpcweb.gateway.config.PemKey;
import io.grpcweb.gateway.config.TlsConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Certificates and keys as configurations name them: PEM in a file or in the configuration itself. */
public final class TlsFiles {
    private static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    private TlsFiles() {}

    /** The file, or the place in the configuration. */
    public static String name(TlsConfig.Source source) {
        return source instanceof TlsConfig.Source.File file
                ? file.path()
                : ((TlsConfig.Source.Inline) source).place().text();
    }

    /** The bytes of a source. */
    public static byte[] bytes(TlsConfig.Source source) throws IOException {
        if (source instanceof TlsConfig.Source.Inline inline) {
            return inline.text().getBytes(StandardCharsets.UTF_8);
        }
        String path = ((TlsConfig.Source.File) source).path();
        try {
            return Files.readAllBytes(Path.of(path));
        } catch (NoSuchFileException e) {
            throw new IOException(path + ": no such file", e);
        }
    }

    /** All certificates of a PEM text, in its order. */
    public static X509Certificate[] certificates(TlsConfig.Source source) throws IOException {
        try (InputStream in = new ByteArrayInputStream(bytes(source))) {
            X509Certificate[] found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (found.length == 0) {
                throw new IOException(name(source) + ": holds no certificate");
            }
            return found;
        } catch (CertificateException e) {
            throw new IOException(name(source) + ": not a PEM certificate: " + e.getMessage(), e);
        }
    }

    /** Throws with both names where a key does not belong to its certificate. */
    public static void requirePair(TlsConfig.Identity identity) throws IOException {
        Optional<String> problem = KeyPair.problem(identity);
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
    }

    /** The private key as PKCS#8 in PEM. */
    public static InputStream key(TlsConfig.Identity identity) throws IOException {
        return new ByteArrayInputStream(PemKey.toPkcs8(bytes(identity.key()), name(identity.key())));
    }

    /** What the private key is encrypted with, or null. */
    public static String password(TlsConfig.Identity identity) throws IOException {
        return identity.password().isEmpty()
                ? null
                : new String(bytes(identity.password().get()), StandardCharsets.UTF_8).strip();
    }

    /** TLS versions from the smallest to the largest that is configured; 1.2 and 1.3 where nothing is. */
    public static List<String> protocols(TlsConfig.Params params) {
        int from = params.minimum().map(TlsFiles::version).orElse(2);
        int to = params.maximum().map(TlsFiles::version).orElse(3);
        return VERSIONS.subList(Math.min(from, to), to + 1);
    }

    /** The cipher suites that are configured; those of TLS 1.3 are always on. */
    public static List<String> ciphers(TlsConfig.Params params) {
        List<String> ciphers = new ArrayList<>(CipherSuites.TLS13);
        ciphers.addAll(params.ciphers());
        return ciphers;
    }

    /** The curves of the key exchange, in order. The JDK's TLS cannot be told. */
    public static void curves(SslContextBuilder builder, TlsConfig.Params params) throws IOException {
        if (params.curves().isEmpty()) {
            return;
        }
        if (!OpenSsl.isAvailable()) {
            throw new IOException("curves cannot be chosen without the native TLS library: "
                    + OpenSsl.unavailabilityCause().getMessage());
        }
        builder.option(OpenSslContextOption.GROUPS, params.curves().toArray(String[]::new));
    }

    private static int version(String name) {
        String digits = name.replaceAll("[^0-9]", "");
        return switch (digits) {
            case "10", "1" -> 0;
            case "11" -> 1;
            case "12" -> 2;
            default -> 3;
        };
    }
}
