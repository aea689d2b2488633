package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the certificates of peers beside who has signed them. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record PeerCertificateFieldsTest(Subject subject) {
    private static final String CONTEXT = """
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.%s
                %s
            """;

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Certificates others;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(folder);
        others = new Certificates(Files.createDirectory(folder.resolve("others")), "EC", "dns:ann.test");
    }

    private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static Certificate parsed(Certificates shown) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(shown.chain().getBytes(StandardCharsets.US_ASCII)));
    }

    private static String hash(Certificates shown) throws GeneralSecurityException {
        return "verify_certificate_hash: [ \""
                + HexFormat.ofDelimiter(":")
                        .formatHex(sha256(parsed(shown).getEncoded()))
                        .toUpperCase(Locale.ROOT)
                + "\" ]";
    }

    private static String spki(Certificates shown) throws GeneralSecurityException {
        return "verify_certificate_spki: [ \""
                + Base64.getEncoder()
                        .encodeToString(sha256(parsed(shown).getPublicKey().getEncoded()))
                + "\" ]";
    }

    private static EnvoyFile listening(Http1Backend backend, String fields, String validation) {
        String common = "common_tls_context: { tls_certificates: [ " + certificates.yaml() + " ]"
                + (validation.isEmpty() ? "" : ", validation_context: { " + validation + " }") + " }";
        return new EnvoyFile(backend.port())
                .http1()
                .with("CHAIN", CONTEXT.formatted("DownstreamTlsContext", fields + "\n    " + common));
    }

    private boolean isServed(Certificates client, String validation) throws Exception {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(listening(backend, "require_client_certificate: true", validation));
                SSLSocket socket = client.trusting(certificates).connect(gateway.port(), "http/1.1");
                Http1Browser browser = new Http1Browser(socket)) {
            return browser.ask("GET", "/").status() == 200;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    @Test
    void aClientIsOneOfThoseThatAreKnownBeforehand() throws Exception {
        for (String known : List.of(hash(others), spki(others), hash(certificates) + ", " + spki(others))) {
            assertThat(isServed(others, known)).isTrue();
        }
        for (String known : List.of(hash(certificates), spki(certificates))) {
            assertThat(isServed(others, known)).isFalse();
        }
        String signed = "trusted_ca: " + others.chainYaml();
        assertThat(isServed(others, signed + ", " + hash(others))).isTrue();
        assertThat(isServed(others, signed + ", " + hash(certificates))).isFalse();
    }

    @Test
    void aClientHasOneOfTheNames() throws Exception {
        String names = "trusted_ca: " + others.chainYaml()
                + ", match_typed_subject_alt_names: [ { san_type: DNS, matcher: { exact: %s } } ]";
        assertThat(isServed(others, names.formatted("ann.test"))).isTrue();
        assertThat(isServed(others, names.formatted("bob.test"))).isFalse();
    }

    private int status(String validation) {
        try (Http1Backend backend =
                        new Http1Backend(certificates.listen("http/1.1", false), request -> Http1Backend.OK);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with(
                                "CLUSTER",
                                CONTEXT.formatted(
                                        "UpstreamTlsContext",
                                        "common_tls_context: { validation_context: { " + validation + " } }")))) {
            return Http1Browser.once(gateway.port(), "GET", "/").status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aBackendIsOneOfThoseThatAreKnownBeforehand() throws Exception {
        assertThat(status(hash(certificates))).isEqualTo(200);
        assertThat(status(spki(certificates))).isEqualTo(200);
        assertThat(status(hash(others))).isEqualTo(503);
        assertThat(status(spki(others))).isEqualTo(503);
        assertThat(status("trusted_ca: " + certificates.chainYaml() + ", " + spki(others)))
                .isEqualTo(503);
    }

    @Test
    void whatIsNoHashIsRefused() {
        for (String wrong : List.of(
                "verify_certificate_hash: [ \"" + "g".repeat(64) + "\" ]",
                "verify_certificate_spki: [ \"" + "*".repeat(44) + "\" ]")) {
            try (Http1Backend backend = new Http1Backend()) {
                String text = listening(backend, "", wrong).text();
                Assertions.assertThatThrownBy(() ->
                                EnvoyBootstrap.read(Optional.empty(), Optional.of(text), Configs.envoy(false, false)))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("SHA-256");
            }
        }
    }
}
