package io.grpcweb.gateway.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/** Looks at certificates and keys before anything is started with them; both formats of configuration use it. */
public final class PemFiles {
    private PemFiles() {}

    /** What is wrong with a certificate chain or a file of authorities, if anything is. */
    public static Optional<String> certificateProblem(TlsConfig.Source source) {
        Read read = read(source);
        if (read.problem().isPresent()) {
            return read.problem();
        }
        if (!read.text().contains("-----BEGIN ")) {
            return Optional.of(read.name() + " holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
        }
        try {
            int found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(read.text().getBytes(StandardCharsets.ISO_8859_1)))
                    .size();
            return found > 0 ? Optional.empty() : Optional.of(read.name() + " holds no certificate");
        } catch (CertificateException e) {
            return Optional.of(read.name() + " holds a certificate that cannot be read: " + e.getMessage());
        }
    }

    /** What is wrong with a private key, if anything is. */
    public static Optional<String> keyProblem(TlsConfig.Source source) {
        Read read = read(source);
        if (read.problem().isPresent()) {
            return read.problem();
        }
        return read.text().contains("PRIVATE KEY-----")
                ? Optional.empty()
                : Optional.of(read.name() + " holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)");
    }

    /** How messages call a source. */
    static String name(TlsConfig.Source source) {
        return source instanceof TlsConfig.Source.Inline inline
                ? "the text at " + inline.place()
                : "the file '" + ((TlsConfig.Source.File) source).path() + "'";
    }

    /** Whether there is a certificate and a key, so that they can be held against each other. */
    public static boolean isReadable(TlsConfig.Identity identity) {
        return certificateProblem(identity.chain()).isEmpty()
                && keyProblem(identity.key()).isEmpty();
    }

    private record Read(String name, String text, Optional<String> problem) {}

    private static Read read(TlsConfig.Source source) {
        if (source instanceof TlsConfig.Source.Inline inline) {
            return new Read("this text", inline.text(), Optional.empty());
        }
        String path = ((TlsConfig.Source.File) source).path();
        try {
            return new Read(
                    "the file '" + path + "'",
                    Files.readString(Path.of(path), StandardCharsets.ISO_8859_1),
                    Optional.empty());
        } catch (NoSuchFileException e) {
            return new Read(
                    "",
                    "",
                    Optional.of("the file '" + path + "' does not exist (seen from "
                            + Path.of("").toAbsolutePath() + ")"));
        } catch (IOException | InvalidPathException e) {
            return new Read("", "", Optional.of("the file '" + path + "' cannot be read: " + e.getMessage()));
        }
    }
}
