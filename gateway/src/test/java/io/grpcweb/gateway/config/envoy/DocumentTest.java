package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is expected was answered by {@code /config_dump} of Envoy 1.40. */
class DocumentTest {
    private static final String TLS =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext";

    private static Map<String, Object> of(String yaml) throws ConfigException {
        Yaml.Mapping tree = YamlReader.read("x.yaml", yaml.getBytes(StandardCharsets.UTF_8), new Problems());
        return new Document(Schema.load(FilterKinds.ALL.list())).of(tree, "envoy.config.bootstrap.v3.Bootstrap");
    }

    @Test
    void valuesHaveTheFormsOfProtobufsJson() throws ConfigException {
        assertThat(of("""
                        node: { id: a, cluster: "" }
                        static_resources:
                          clusters:
                          - name: b
                            type: static
                            connectTimeout: 0.25s
                            lb_policy: ROUND_ROBIN
                            max_requests_per_connection: 7
                            cleanup_interval: { seconds: 2 }
                            http2_protocol_options: {}
                            circuit_breakers: { thresholds: [{ max_requests: "2000", track_remaining: yes }] }
                            common_lb_config: { healthy_panic_threshold: { value: 33.5 } }
                        """))
                .isEqualTo(Map.of(
                        "node",
                        Map.of("id", "a"),
                        "static_resources",
                        Map.of(
                                "clusters",
                                List.of(Map.of(
                                        "name",
                                        "b",
                                        "type",
                                        "STATIC",
                                        "connect_timeout",
                                        "0.250s",
                                        "max_requests_per_connection",
                                        7L,
                                        "cleanup_interval",
                                        "2s",
                                        "http2_protocol_options",
                                        Map.of(),
                                        "circuit_breakers",
                                        Map.of(
                                                "thresholds",
                                                List.of(Map.of("max_requests", 2000L, "track_remaining", true))),
                                        "common_lb_config",
                                        Map.of("healthy_panic_threshold", Map.of("value", 33.5)))))));
    }

    @Test
    void keysAndPasswordsAreTakenOut() throws ConfigException {
        Map<String, Object> document = of("""
                static_resources:
                  secrets:
                  - name: s
                    tls_certificate:
                      certificate_chain: { inline_string: chain }
                      private_key: { inline_string: my-private-key }
                      password: { inline_bytes: bXktcGFzc3dvcmQ= }
                  - { name: t, session_ticket_keys: { keys: [{ filename: /my/ticket }] } }
                  - { name: g, generic_secret: { secret: { environment_variable: MY_SECRET } } }
                  listeners:
                  - name: l
                    filter_chains:
                    - transport_socket:
                        name: tls
                        typed_config:
                          "@type": %s
                          common_tls_context:
                            tls_certificates: [{ private_key: { filename: /my/key.pem } }]
                """.formatted(TLS));

        assertThat(document.toString())
                .contains("{certificate_chain={inline_string=chain}, private_key={inline_string=[redacted]}, "
                        + "password={inline_bytes=W3JlZGFjdGVkXQ==}}")
                .contains("{keys=[{filename=[redacted]}]}")
                .contains("{secret={environment_variable=[redacted]}}")
                .contains("@type=" + TLS)
                .contains("tls_certificates=[{private_key={filename=[redacted]}}]")
                .doesNotContain("my");
    }

    @Test
    void freeStructuresStayAsTheyAre() throws ConfigException {
        assertThat(of("node: { metadata: { a: 1, b: [x, true, '2'], c: { d: 1.5 } } }"))
                .isEqualTo(Map.of(
                        "node",
                        Map.of("metadata", Map.of("a", 1L, "b", List.of("x", true, "2"), "c", Map.of("d", 1.5)))));
    }

    @Test
    void whatTheCommandLineGaveIsShownWithoutItsSecrets() {
        assertThat(EnvoyBootstrap.withoutSecrets("node: { id: a }", FilterKinds.ALL.list()))
                .isEmpty();
        for (String secret : List.of(
                "private_key: { inline_string: hush }",
                "privateKey: { inlineString: hush }",
                "password: { inline_string: hush }",
                "pkcs12: { inline_bytes: aHVzaA== }")) {
            String yaml = "static_resources: { secrets: [ { name: s, tls_certificate: { " + secret + " } } ] }";
            assertThat(EnvoyBootstrap.withoutSecrets(yaml, FilterKinds.ALL.list())
                            .orElseThrow()
                            .toString())
                    .as(secret)
                    .contains("name=s")
                    .doesNotContain("hush")
                    .doesNotContain("aHVzaA");
        }
        String yaml = "static_resources: { secrets: [ { name: s, generic_secret: { secret: { inline_string: hush } } },"
                + " { name: t, session_ticket_keys: { keys: [ { inline_string: hush } ] } } ] }";
        assertThat(EnvoyBootstrap.withoutSecrets(yaml, FilterKinds.ALL.list())
                        .orElseThrow()
                        .toString())
                .doesNotContain("hush");
    }
}
