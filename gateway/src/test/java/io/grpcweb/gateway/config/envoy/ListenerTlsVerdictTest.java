package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.testing.Certificates;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a listener may say of TLS, and of the ports it takes. */
class ListenerTlsVerdictTest {
    private static final String LISTENER = """
            - name: %s
              address: { socket_address: { protocol: %s, address: 127.0.0.1, port_value: 8443 } }
              filter_chains:
              - filters:
                - name: http
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: a
                    route_config: { virtual_hosts: [ { name: a, domains: ["*"], routes: [ { match: { prefix: / }, direct_response: { status: 200 } } ] } ] }
                    http_filters: [ { name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } } ]
            """;

    private static final String TLS = """
                transport_socket:
                  name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                    %s
                    common_tls_context: { alpn_protocols: [h2], tls_certificates: [ %s ], %s }
            """;

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(folder);
    }

    private static GatewayConfig read(String context, String common) throws ConfigException {
        String text = LISTENER.formatted("a", "TCP") + TLS.formatted(context, certificates.yaml(), common);
        return Bootstraps.read("static_resources:\n  listeners:\n" + text.indent(2));
    }

    private static List<ConfigProblem> problems(String context, String common) {
        try {
            read(context, common);
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }

    private static String authority() {
        return "validation_context: { trusted_ca: " + certificates.chainYaml() + " }";
    }

    @Test
    void whoRequiresCertificatesSaysWhoSignsThem() throws ConfigException {
        assertThat(read("require_client_certificate: true", authority())
                        .listeners()
                        .get(0)
                        .chains()
                        .get(0)
                        .tls())
                .hasValueSatisfying(
                        tls -> assertThat(tls.requireClientCertificate()).isTrue());

        assertThat(problems("require_client_certificate: true", ""))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.path()).endsWith("typed_config.require_client_certificate");
                    assertThat(one.text()).contains("every certificate would do");
                });
        // A file that is there and says nothing of authorities is no better.
        assertThat(problems("require_client_certificate: true", "validation_context: {}"))
                .hasSize(1);
    }

    @Test
    void theAuthoritiesOfTheSystemAreNotThoseOfClients() {
        for (String context : List.of("", "require_client_certificate: true")) {
            assertThat(problems(context, "validation_context: { system_root_certs: {} }"))
                    .singleElement()
                    .satisfies(one -> assertThat(one.text()).contains("system_root_certs"));
        }
    }

    @Test
    void whoeverLooksAtCertificatesInTheOwnFormatSaysWhoSignsThem() {
        assertThatThrownBy(() -> Configs.parse(
                        """
                        listeners.main { tls { certificate = "%s", key = "%s", require-client-certificate = true } }
                        clusters.a.endpoints = ["localhost:1"]
                        """.formatted(folder.resolve("chain.pem"), folder.resolve("key.pem")), "own.conf"))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .anySatisfy(one -> {
                            assertThat(one.line()).isEqualTo(1);
                            assertThat(one.path()).isEqualTo("listeners.main.tls.require-client-certificate");
                            assertThat(one.text()).contains("client-ca");
                        }));
    }

    @Test
    void aListOfCipherSuitesLeavesSomethingToChoose() {
        assertThat(problems("", "tls_params: { cipher_suites: [TLS_AES_128_GCM_SHA256] }"))
                .singleElement()
                .satisfies(one ->
                        assertThat(one.text()).contains("Failed to initialize cipher suites TLS_AES_128_GCM_SHA256"));
        assertThat(problems(
                        "", "tls_params: { cipher_suites: [TLS_AES_128_GCM_SHA256, ECDHE-ECDSA-AES128-GCM-SHA256] }"))
                .isEmpty();
        assertThat(problems(
                        "",
                        "tls_params: { cipher_suites: [\"[ECDHE-RSA-AES128-GCM-SHA256|TLS_AES_256_GCM_SHA384]\"] }"))
                .isEmpty();
    }

    @Test
    void aPortOfUdpIsNotTakenByOneOfTcp() {
        String both = "static_resources:\n  listeners:\n"
                + (LISTENER.formatted("a", "TCP") + LISTENER.formatted("b", "UDP")).indent(2);
        assertThatThrownBy(() -> Bootstraps.read(both))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .allSatisfy(one -> assertThat(one.text()).contains("HTTP/3 is not served")));

        String twice = both.replace("UDP", "TCP");
        assertThatThrownBy(() -> Bootstraps.read(twice))
                .hasMessageContaining("127.0.0.1:8443 is taken by the listener");
    }
}
