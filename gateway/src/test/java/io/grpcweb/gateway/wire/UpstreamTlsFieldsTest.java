package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.ClientHello;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of TLS with backends, as far as it shows before the handshake is done. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record UpstreamTlsFieldsTest(Subject subject) {
    private static final String CONTEXT = """
            transport_socket:
              name: envoy.transport_sockets.tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                %s
            """;

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Certificates others;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(folder);
        others = new Certificates(Files.createDirectory(folder.resolve("others")));
    }

    private static String context(String fields) {
        return CONTEXT.formatted(fields.strip().replace("\n", "\n    "));
    }

    /** What the backend is offered when a request comes with this host. */
    private ClientHello hello(String host, String... pieces) throws IOException {
        try (ServerSocket backend = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
            backend.setSoTimeout(Http2Peer.PATIENCE_MILLIS);
            EnvoyFile file = new EnvoyFile(backend.getLocalPort()).http1();
            for (String piece : pieces) {
                file.with("CLUSTER", piece);
            }
            try (Subject.Running gateway = subject.start(file);
                    Http1Browser browser = new Http1Browser(gateway.port())) {
                browser.raw("GET / HTTP/1.1\r\nhost: " + host + "\r\n\r\n");
                try (Socket socket = backend.accept()) {
                    return ClientHello.read(socket.getInputStream());
                }
            }
        }
    }

    private ClientHello hello(String piece) throws IOException {
        return hello("gateway.test", piece);
    }

    @Test
    void theServerNameIsTheOneOfTheFile() throws Exception {
        assertThat(hello(context("sni: b.example")).serverName()).isEqualTo("b.example");
        assertThat(hello(context("sni: ''")).serverName()).isEmpty();
    }

    @Test
    void protocolsOfTheFileAreOffered() throws Exception {
        assertThat(hello(context("common_tls_context: { alpn_protocols: [ a, 'b,c' ] }"))
                        .alpn())
                .containsExactly("a", "b", "c");
    }

    @Test
    void versionsStayBetweenTheTwoOfTheFile() throws Exception {
        assertThat(hello(context("""
                common_tls_context: { tls_params: {
                  tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_3 } }""")).versions()).containsExactly(ClientHello.TLS13);
        assertThat(hello(context("common_tls_context: { tls_params: { tls_maximum_protocol_version: TLSv1_2 } }"))
                        .versions())
                .containsExactly(ClientHello.TLS12);
    }

    @Test
    void theCiphersOfTheFileAreOffered() throws Exception {
        ClientHello hello = hello(context("""
                common_tls_context: { tls_params: { tls_maximum_protocol_version: TLSv1_2,
                  cipher_suites: [ "[ECDHE-ECDSA-AES256-GCM-SHA384|ECDHE-ECDSA-CHACHA20-POLY1305]",
                    ECDHE-RSA-AES128-GCM-SHA256 ] } }"""));

        assertThat(hello.ciphers()).containsExactly(0xc02c, 0xcca9, 0xc02f);
    }

    @Test
    void theCurvesOfTheFileAreOfferedInItsOrder() throws Exception {
        assertThat(hello(context("common_tls_context: { tls_params: { ecdh_curves: [ P-521, P-256 ] } }"))
                        .groups())
                .containsExactly(ClientHello.P521, ClientHello.P256);
    }

    /** The status of a request to a backend with a certificate for localhost. */
    private int status(boolean clientCertificate, String fields) throws IOException {
        try (Http1Backend backend = new Http1Backend(
                        certificates.listen("http/1.1", clientCertificate), request -> Http1Backend.OK);
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("CLUSTER", context(fields)))) {
            return Http1Browser.once(gateway.port(), "GET", "/").status();
        }
    }

    /** Two endpoints, one with TLS alone and one without, of which so much is said. */
    private void assertMatched(String secure, String plain, String placeOfBoth, String usual) throws IOException {
        String matches = """
                transport_socket_matches:
                - name: secured
                  match: { mode: tls, level: 1 }
                  transport_socket:
                    name: envoy.transport_sockets.tls
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                      common_tls_context: {}
                - name: plain
                  match: { mode: off }
                  transport_socket:
                    name: envoy.transport_sockets.raw_buffer
                    typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer }
                """;
        try (Http1Backend tls = new Http1Backend(certificates.listen("http/1.1", false), request -> Http1Backend.OK);
                Http1Backend open = new Http1Backend(request -> Http1Backend.OK);
                Subject.Running gateway = subject.start(new EnvoyFile(1)
                        .with("CLUSTERS", """
                                - name: several
                                  %s
                                  load_assignment:
                                    cluster_name: several
                                    endpoints:
                                    - %s
                                      lb_endpoints:
                                      - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                                        %s
                                      - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                                        %s
                                """.formatted(
                                        (matches + usual).strip().replace("\n", "\n  "),
                                        placeOfBoth,
                                        tls.port(),
                                        secure,
                                        open.port(),
                                        plain))
                        .with("ROUTES", "- match: { prefix: / }\n  route: { cluster: several }"))) {
            for (int i = 0; i < 4; i++) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                        .as(secure + plain + placeOfBoth)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void theTransportOfAnEndpointIsTheOneThatItsMetadataNames() throws Exception {
        String said = "metadata: { filter_metadata: { envoy.transport_socket_match: { %s } } }";
        String secured = said.formatted("mode: tls, level: 1, more: x");
        String plain = said.formatted("mode: off");
        assertMatched(secured, "", "", "");
        assertMatched(secured, plain, "", "");
        // Of its own before that of its locality, and the usual one where nothing fits.
        assertMatched(secured, "metadata: {}", plain, "");
        assertMatched(said.formatted("mode: tls, level: 2"), plain, "", context("common_tls_context: {}"));
    }

    @Test
    void aBackendSeesTheCertificateOfTheFile() throws Exception {
        assertThat(status(true, "common_tls_context: { tls_certificates: [ " + certificates.yaml() + " ] }"))
                .isEqualTo(200);
        assertThat(status(true, "common_tls_context: {}")).isEqualTo(503);
    }

    @Test
    void aBackendMustBeSignedByTheAuthorityOfTheFile() throws Exception {
        String right = "common_tls_context: { validation_context: { trusted_ca: " + certificates.chainYaml();
        String wrong = "common_tls_context: { validation_context: { trusted_ca: " + others.chainYaml();

        assertThat(status(false, right + " } }")).isEqualTo(200);
        assertThat(status(false, wrong + " } }")).isEqualTo(503);
        assertThat(status(false, wrong + ", trust_chain_verification: ACCEPT_UNTRUSTED } }"))
                .isEqualTo(200);
        // Envoy 1.40 reads it, but verifies nothing.
        assertThat(status(false, "common_tls_context: { validation_context: { system_root_certs: {} } }"))
                .isEqualTo(subject == Subject.ENVOY ? 200 : 503);
    }

    @Test
    void oneOfTheNamesOfTheFileMustBeInTheCertificate() throws Exception {
        String names = "common_tls_context: { validation_context: { trusted_ca: " + certificates.chainYaml()
                + ", match_typed_subject_alt_names: [ { san_type: %s, matcher: { %s } } ] } }";

        assertThat(status(false, names.formatted("DNS", "exact: localhost"))).isEqualTo(200);
        assertThat(status(false, names.formatted("DNS", "exact: other.example")))
                .isEqualTo(503);
        assertThat(status(false, names.formatted("IP_ADDRESS", "exact: 127.0.0.1")))
                .isEqualTo(200);
        assertThat(status(false, names.formatted("DNS", "exact: 127.0.0.1"))).isEqualTo(503);
        assertThat(status(false, names.formatted("DNS", "suffix: host"))).isEqualTo(200);
        assertThat(status(
                        false,
                        "common_tls_context: { validation_context: { trusted_ca: " + certificates.chainYaml()
                                + ", match_subject_alt_names: [ { exact: other.example } ] } }"))
                .isEqualTo(503);
    }

    @Test
    void theNameThatWasAskedForMustBeInTheCertificateWhereTheFileSaysSo() throws Exception {
        String strict = "common_tls_context: { validation_context: { trusted_ca: " + certificates.chainYaml()
                + " } }\nauto_sni_san_validation: true\nsni: ";

        assertThat(status(false, strict + "localhost")).isEqualTo(200);
        assertThat(status(false, strict + "other.example")).isEqualTo(503);
    }

    @Test
    void secretsOfTheFileAreFoundByTheirNames() throws Exception {
        String reference = "common_tls_context: { validation_context_sds_secret_config: { name: ca } }";
        for (Certificates authority : List.of(certificates, others)) {
            try (Http1Backend backend =
                            new Http1Backend(certificates.listen("http/1.1", false), request -> Http1Backend.OK);
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("CLUSTER", context(reference))
                            .with(
                                    "RESOURCES",
                                    "secrets: [ { name: ca, validation_context: { trusted_ca: " + authority.chainYaml()
                                            + " } } ]"))) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                        .isEqualTo(authority == certificates ? 200 : 503);
            }
        }
    }

    @Test
    void defaultsAndASecretAreCombined() throws Exception {
        String combined = "common_tls_context: { combined_validation_context: {"
                + " default_validation_context: { trusted_ca: %s },"
                + " validation_context_sds_secret_config: { name: more } } }";
        for (Certificates authority : List.of(certificates, others)) {
            try (Http1Backend backend =
                            new Http1Backend(certificates.listen("http/1.1", false), request -> Http1Backend.OK);
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("CLUSTER", context(combined.formatted(others.chainYaml())))
                            .with(
                                    "RESOURCES",
                                    "secrets: [ { name: more, validation_context: { trusted_ca: "
                                            + authority.chainYaml() + " } } ]"))) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                        .isEqualTo(authority == certificates ? 200 : 503);
            }
        }
    }

    @Test
    void theHostOfTheRequestIsTheServerNameWhereTheFileSaysSo() throws Exception {
        String[] auto = {context("common_tls_context: {}"), """
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                upstream_http_protocol_options: { auto_sni: true }
                explicit_http_config: { http_protocol_options: {} }
            """};
        assertThat(hello("app.example:8080", auto).serverName()).isEqualTo("app.example");
        assertThat(hello("10.1.2.3", auto).serverName()).isEmpty();
    }

    @Test
    void theHostOfTheRequestMustBeInTheCertificateWhereTheFileSaysSo() throws Exception {
        String[] auto = {
            context("common_tls_context: { validation_context: { trusted_ca: " + certificates.chainYaml() + " } }"),
            "upstream_http_protocol_options: { auto_sni: true, auto_san_validation: true }",
        };
        try (Http1Backend backend =
                        new Http1Backend(certificates.listen("http/1.1", false), request -> Http1Backend.OK);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CLUSTER", auto[0])
                        .with("CLUSTER", auto[1]))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "host", "localhost")
                            .status())
                    .isEqualTo(200);
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "host", "other.example")
                            .status())
                    .isEqualTo(503);
        }
    }

    @Test
    void theNameOfTheEndpointIsTheServerNameWhereTheFileSaysSo() throws Exception {
        // It has none here.
        assertThat(hello(context("auto_host_sni: true")).serverName()).isEmpty();
    }

    @Test
    void aNameWithoutADotIsAServerNameToo() throws Exception {
        assertThat(hello(context("sni: backend")).serverName()).isEqualTo("backend");
        assertThat(hello(context("sni: my_backend.example")).serverName()).isEqualTo("my_backend.example");
        assertThat(hello(context("sni: my_backend")).serverName()).isEqualTo("my_backend");
    }

    /**
     * Whether the second connection of two goes on with the session of the first, as the backend sees it: such a session was
     * made when the first one was.
     */
    private boolean resumes(String version, String common, String fields) throws Exception {
        String context = "common_tls_context: { tls_params: { tls_maximum_protocol_version: TLSv1_3 }" + common + " }\n"
                + fields;
        ServerSocket listening = certificates.listen("http/1.1", false, version);
        try (Http1Backend backend = new Http1Backend(listening, request -> Http1Backend.OK);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CLUSTER", context(context))
                        .with("CLUSTER", "max_requests_per_connection: 1"))) {
            long[] made = new long[2];
            for (int i = 0; i < made.length; i++) {
                int number = i;
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                        .isEqualTo(200);
                made[i] = ((SSLSocket) backend.connections().get(number))
                        .getSession()
                        .getCreationTime();
                await().until(() -> System.currentTimeMillis() > made[number]);
            }
            boolean resumed = made[0] == made[1];
            await().untilAsserted(() -> assertThat(gateway.page("/stats?filter=cluster.backend.ssl.session_reused"))
                    .isEqualTo("cluster.backend.ssl.session_reused: " + (resumed ? 1 : 0) + "\n"));
            return resumed;
        }
    }

    @Test
    void theSecondConnectionGoesOnWithTheSessionOfTheFirst() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            assertThat(resumes(version, "", "sni: localhost")).as(version).isTrue();
            assertThat(resumes(version, "", "sni: ''")).as(version).isTrue();
        }
    }

    @Test
    void theNamesOfASessionThatGoesOnAreLookedAtToo() throws Exception {
        String names = ", validation_context: { trusted_ca: " + certificates.chainYaml()
                + ", match_typed_subject_alt_names: [ { san_type: DNS, matcher: { exact: localhost } } ] }";
        assertThat(resumes("TLSv1.2", names, "")).isTrue();
        assertThat(resumes("TLSv1.3", names, "")).isTrue();
    }

    @Test
    void withoutRoomForSessionsEveryConnectionIsNew() throws Exception {
        assertThat(resumes("TLSv1.2", "", "max_session_keys: 0")).isFalse();
        assertThat(resumes("TLSv1.3", "", "max_session_keys: 0")).isFalse();
    }
}
