package io.grpcweb.gateway.devtls;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.KeyPair;
import io.grpcweb.gateway.config.TlsConfig;
import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The certificate of a developer's machine, in two files that only its user may read. It is made once, and anew when it ends soon or
 * lacks a name, so that it has to be trusted once.
 *
 * @param chain PEM
 * @param key PEM, not encrypted
 * @param names that it is for
 * @param until when it ends
 * @param made whether it is new
 */
record DevCertificate(Path chain, Path key, List<String> names, Instant until, boolean made) {
    /** Browsers take no certificate that is valid for longer. */
    private static final Duration LIFE = Duration.ofDays(397);

    private static final Duration LEAST_LEFT = Duration.ofDays(30);
    private static final String SUBJECT = "CN=grpc-web-gateway development";

    /** Takes the one in the folder, or makes one there. */
    static DevCertificate in(Path folder, Instant now) throws IOException {
        Path chain = folder.resolve("dev-cert.pem");
        Path key = folder.resolve("dev-key.pem");
        List<String> names = namesOfThisMachine();
        Optional<X509Certificate> kept = read(chain, key);
        if (kept.isPresent()
                && names(kept.get()).containsAll(names)
                && kept.get().getNotBefore().before(Date.from(now))
                && kept.get().getNotAfter().after(Date.from(now.plus(LEAST_LEFT)))) {
            return new DevCertificate(
                    chain, key, names, kept.get().getNotAfter().toInstant(), false);
        }
        try {
            // An hour ago: the clock of a virtual machine may be behind.
            Instant from = now.minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
            SelfSigned fresh = SelfSigned.make(SUBJECT, names, from, from.plus(LIFE));
            Files.createDirectories(folder, onlyFor("rwx------"));
            write(key, fresh.keyPem());
            write(chain, fresh.chainPem());
            return new DevCertificate(chain, key, names, from.plus(LIFE), true);
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate can be made: " + e.getMessage(), e);
        }
    }

    /** The loopback, by name and address, and the machine. */
    private static List<String> namesOfThisMachine() {
        Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
        try {
            String host = InetAddress.getLocalHost().getHostName();
            if (!Addresses.isIp(host) && host.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")) {
                names.add(host);
            }
        } catch (UnknownHostException e) {
            // A machine whose own name nobody knows is not called by it.
            return List.copyOf(names);
        }
        return List.copyOf(names);
    }

    /** What is kept; empty where there is nothing, or nothing that can be used. */
    private static Optional<X509Certificate> read(Path chain, Path key) throws IOException {
        if (!Files.exists(chain)
                || !Files.exists(key)
                || KeyPair.problem(identity(chain, key)).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(chain))));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Set<String> names(X509Certificate certificate) {
        Set<String> found = new LinkedHashSet<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                byte[] address = NetUtil.createByteArrayFromIpAddressString(String.valueOf(name.get(1)));
                found.add(address == null ? String.valueOf(name.get(1)) : NetUtil.bytesToIpAddress(address));
            }
        } catch (CertificateParsingException e) {
            // Somebody else's file: another one is made.
            return Set.of();
        }
        return found;
    }

    /** As a listener shows it. */
    TlsConfig.Identity identity() {
        return identity(chain, key);
    }

    private static TlsConfig.Identity identity(Path chain, Path key) {
        return new TlsConfig.Identity(
                new TlsConfig.Source.File(chain.toString()),
                new TlsConfig.Source.File(key.toString()),
                Optional.empty());
    }

    /** In one step, so that another gateway reads the old text or the new one. */
    private static void write(Path file, String text) throws IOException {
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "dev", ".part", onlyFor("rw-------"));
        Files.writeString(part, text, StandardCharsets.US_ASCII);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] onlyFor(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
