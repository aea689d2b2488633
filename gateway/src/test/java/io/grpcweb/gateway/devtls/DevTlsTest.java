package io.grpcweb.gateway.devtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate that is made once, and a gateway that speaks HTTP/2 with it. */
class DevTlsTest {
    @TempDir
    private Path folder;

    private static X509Certificate read(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void theCertificateIsForTheLoopbackAndSignsNothingElse() throws Exception {
        X509Certificate made = read(DevCertificate.in(folder, Instant.now()).chain());

        made.verify(made.getPublicKey());
        made.checkValidity();
        assertThat(made.getVersion()).isEqualTo(3);
        assertThat(made.getBasicConstraints()).isEqualTo(-1);
        assertThat(made.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(made.getSubjectAlternativeNames())
                .contains(List.of(2, "localhost"), List.of(7, "127.0.0.1"), List.of(7, "0:0:0:0:0:0:0:1"));
        assertThat(made.getSerialNumber().signum()).isPositive();
    }

    @Test
    void itIsKeptAndReadableByItsUserOnly() throws Exception {
        DevCertificate first = DevCertificate.in(folder, Instant.now());
        byte[] before = Files.readAllBytes(first.chain());
        DevCertificate second = DevCertificate.in(folder, Instant.now());

        assertThat(first.made()).isTrue();
        assertThat(second.made()).isFalse();
        assertThat(Files.readAllBytes(second.chain())).isEqualTo(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.key())))
                .isEqualTo("rw-------");
    }

    @Test
    void itIsMadeAnewBeforeItEnds() throws Exception {
        Instant now = Instant.now();
        DevCertificate.in(folder, now);

        assertThat(DevCertificate.in(folder, now.plus(Duration.ofDays(300))).made())
                .isFalse();
        assertThat(DevCertificate.in(folder, now.plus(Duration.ofDays(380))).made())
                .isTrue();
    }

    @Test
    void whatCannotBeUsedIsMadeAnew() throws Exception {
        DevCertificate first = DevCertificate.in(folder, Instant.now());
        Files.writeString(first.key(), "no key");

        assertThat(DevCertificate.in(folder, Instant.now()).made()).isTrue();
    }

    /** Times from 2050 on are written in another form (RFC 5280 section 4.1.2.5). */
    @Test
    void datesAreRightInEachCentury() throws Exception {
        Instant from = Instant.parse("2049-12-31T23:59:59Z");
        Instant to = Instant.parse("2050-01-01T00:00:00Z");
        X509Certificate made =
                SelfSigned.make("CN=a", List.of("a.test"), from, to).certificate();

        assertThat(made.getNotBefore().toInstant()).isEqualTo(from);
        assertThat(made.getNotAfter().toInstant()).isEqualTo(to);
    }

    @Test
    void aBrowserThatTrustsItSpeaksHttp2() throws Exception {
        DevTls dev = DevTls.in(folder);
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("dev", read(folder.resolve("dev-cert.pem")));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);

        try (ScriptedBackend backend = new ScriptedBackend();
                RunningGateway gateway = RunningGateway.of(dev.on(plain(backend.port()), "test.conf"))) {
            HttpResponse<Void> answer = HttpClient.newBuilder()
                    .sslContext(context)
                    .build()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("https://localhost:" + gateway.port() + "/wire.Service/Call"))
                                    .header("content-type", "application/grpc-web+proto")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5]))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(backend.next().path()).isEqualTo("/wire.Service/Call");
        }
        assertThat(dev.words())
                .anyMatch(line -> line.contains("made now: " + folder.resolve("dev-cert.pem")))
                .anyMatch(line -> line.contains("certutil -d sql:$HOME/.pki/nssdb -A -t P,,"));
    }

    private static GatewayConfig plain(int backend) {
        return Setup.parse("listeners.main { listen = \"127.0.0.1:0\", access-log = [] }\n"
                + "clusters.backend.endpoints = [\"127.0.0.1:" + backend + "\"]");
    }

    @Test
    void aListenerWithTlsOfItsOwnIsLeftAlone() throws IOException {
        DevTls dev = DevTls.in(folder);
        GatewayConfig secured =
                Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", tls { certificate = "%s", key = "%s" } }
                clusters.backend.endpoints = ["127.0.0.1:1"]
                """.formatted(folder.resolve("dev-cert.pem"), folder.resolve("dev-key.pem")));

        assertThatThrownBy(() -> dev.on(secured, "my.conf"))
                .isInstanceOfSatisfying(ConfigException.class, refusal -> assertThat(refusal.problems())
                        .extracting(Object::toString)
                        .containsExactly("my.conf: the listener 'main' has TLS of its own; leave --dev-tls out,"
                                + " or its TLS"));
    }

    @Test
    void theFolderIsThatOfTheUser() {
        assertThat(DevTls.usualFolder(Map.of("XDG_CACHE_HOME", "/var/c"), "/home/u"))
                .isEqualTo(Path.of("/var/c/grpc-web-gateway"));
        assertThat(DevTls.usualFolder(Map.of(), "/home/u")).isEqualTo(Path.of("/home/u/.cache/grpc-web-gateway"));
        assertThat(DevTls.usualFolder(Map.of("XDG_CACHE_HOME", "relative"), "/home/u"))
                .isEqualTo(Path.of("/home/u/.cache/grpc-web-gateway"));
    }
}
