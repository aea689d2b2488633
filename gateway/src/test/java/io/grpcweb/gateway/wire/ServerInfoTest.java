package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.cli.CommandLineStart;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Browser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page {@code /server_info} of a running gateway shows of the YAML on its command line. */
class ServerInfoTest {
    private static final String YAML = """
            node: { id: one, cluster: edges }
            admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
            """;
    private static final String TLS = """
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                common_tls_context:
                  tls_certificates:
                  - certificate_chain: { inline_string: "%s" }
                    private_key: { inline_string: "%s" }
            """;

    private static RunningGateway start(String yaml) {
        return CommandLineStart.of("--config-yaml", yaml, "--concurrency", "1", "--service-node", "two");
    }

    private static String page(RunningGateway gateway, String path) {
        Answer answer = Http1Browser.once(gateway.adminPort(), "GET", path, "host", "127.0.0.1");
        assertThat(answer.status()).isEqualTo(200);
        return answer.text();
    }

    /** One for each place where a secret can be; what is secret in them is "hush", also in base64. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tls_certificate: { private_key: { inline_string: \"-----BEGIN PRIVATE KEY-----\\nhush\" } }",
                "tlsCertificate: { privateKey: { inlineString: hush } }",
                "tls_certificate: { private_key: { inline_bytes: aHVzaA== } }",
                "tls_certificate: { password: { inline_string: hush } }",
                "session_ticket_keys: { keys: [ { inline_string: hush } ] }",
                "generic_secret: { secret: { inline_string: hush } }"
            })
    void secretsAreNotShown(String secret) {
        String yaml = YAML + "static_resources: { secrets: [ { name: mine, " + secret + " } ] }\n";
        try (RunningGateway gateway = start(yaml)) {
            for (String path : List.of("/server_info", "/config_dump", "/")) {
                assertThat(page(gateway, path)).as(path).doesNotContain("hush", "aHVzaA");
            }
            // The rest of it is there, as JSON in a text of JSON.
            assertThat(page(gateway, "/server_info"))
                    .contains("\"config_yaml\": \"{\\n")
                    .contains("\\\"name\\\": \\\"mine\\\"")
                    .contains("\\\"cluster\\\": \\\"edges\\\"")
                    // The second one is the first one in base64.
                    .containsAnyOf("\\\"[redacted]\\\"", "\\\"W3JlZGFjdGVkXQ==\\\"");
        }
    }

    @Test
    void theKeyOfAListenerIsNotShownAndItsCertificateIs(@TempDir Path folder) throws Exception {
        Certificates own = new Certificates(folder);
        String tls = TLS.formatted(own.chain().replace("\n", "\\n"), own.key().replace("\n", "\\n"));
        String yaml = YAML + new EnvoyFile(1).with("CHAIN", tls).text();
        try (RunningGateway gateway = start(yaml)) {
            String page = page(gateway, "/server_info");
            for (String line : base64(own.key())) {
                assertThat(yaml).contains(line);
                assertThat(page).doesNotContain(line);
            }
            assertThat(page).contains(base64(own.chain())).contains("\\\"inline_string\\\": \\\"[redacted]\\\"");
        }
    }

    private static List<String> base64(String pem) {
        List<String> lines =
                pem.lines().filter(line -> !line.startsWith("-----")).toList();
        assertThat(lines).isNotEmpty();
        return lines;
    }

    @Test
    void aTextWithoutSecretsIsShownAsItWasGiven() {
        try (RunningGateway gateway = start(YAML)) {
            assertThat(page(gateway, "/server_info"))
                    .contains("\"config_yaml\": \"node: { id: one, cluster: edges }\\nadmin: { address: {")
                    .contains("\"service_node\": \"two\"")
                    .contains("\"service_cluster\": \"edges\"");
        }
    }
}
