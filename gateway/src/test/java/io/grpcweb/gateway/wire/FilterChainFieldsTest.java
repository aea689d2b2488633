package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Which filter chain of an Envoy file a connection meets. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record FilterChainFieldsTest(Subject subject) {
    /** A chain that says its name. */
    private static final String CHAIN = """
            %s
            name: %s
            %s
            filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: %s
                %s
                route_config:
                  virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes: [ { match: { prefix: / }, direct_response: { status: 200, body: { inline_string: %s } } } ]
                http_filters:
                - { name: router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
            """;

    private static final String LISTENER = """
            static_resources:
              listeners:
              - name: edge
                address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                listener_filters:
                - name: inspector
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector }
                %s
            """;

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static String tls;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(folder);
        tls = """
                transport_socket:
                  name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                    common_tls_context: { tls_certificates: [ %s ] }
                """.formatted(certificates.yaml());
    }

    private static String chain(String name, String match, String security, String manager) {
        return CHAIN.formatted(
                match, name, security.strip(), name, manager.strip().replace("\n", "\n    "), name);
    }

    private static String chain(String name, String... serverNames) {
        String match = "filter_chain_match: { server_names: [ \"" + String.join("\", \"", serverNames) + "\" ] }";
        return chain(name, serverNames.length == 0 ? "" : match, tls, "");
    }

    private Subject.Running start(String otherwise, String... chains) {
        StringBuilder all = new StringBuilder("filter_chains:\n");
        for (String chain : chains) {
            all.append("- ").append(chain.strip().replace("\n", "\n  ")).append('\n');
        }
        if (!otherwise.isEmpty()) {
            all.append("default_filter_chain:\n  ").append(otherwise.strip().replace("\n", "\n  "));
        }
        return subject.start(LISTENER.formatted(all.toString().strip().replace("\n", "\n    ")));
    }

    /** The chain that a browser meets which asks for this server; {@code none} where the connection is closed. */
    private static String met(int port, String... serverName) {
        // A session of another server would be resumed with its name.
        try (SSLSocket socket = Certificates.anonymous(certificates)
                        .connect(
                                port,
                                parameters -> parameters.setServerNames(
                                        List.<javax.net.ssl.SNIServerName>copyOf(List.of(serverName).stream()
                                                .map(SNIHostName::new)
                                                .toList())));
                Http1Browser browser = new Http1Browser(socket)) {
            return browser.ask("GET", "/").text();
        } catch (IOException e) {
            return "none";
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aChainIsForItsServerNames() {
        try (Subject.Running gateway =
                start("", chain("exact", "a.test", "x.b.test"), chain("wild", "*.b.test"), chain("wilder", "*.test"))) {
            assertThat(met(gateway.port(), "a.test")).isEqualTo("exact");
            assertThat(met(gateway.port(), "A.Test")).isEqualTo("exact");
            assertThat(met(gateway.port(), "x.b.test")).isEqualTo("exact");
            assertThat(met(gateway.port(), "y.b.test")).isEqualTo("wild");
            assertThat(met(gateway.port(), "z.y.b.test")).isEqualTo("wild");
            assertThat(met(gateway.port(), "b.test")).isEqualTo("wilder");
            assertThat(met(gateway.port(), "test")).isEqualTo("none");
            assertThat(met(gateway.port(), "a.example")).isEqualTo("none");
            assertThat(met(gateway.port())).isEqualTo("none");
            assertThat(gateway.page("/stats?filter=no_filter_chain_match")).contains("_0.no_filter_chain_match: 3\n");
        }
    }

    @Test
    void aChainWithoutNamesIsForAllOthers() {
        try (Subject.Running gateway = start("", chain("a", "a.test"), chain("others"))) {
            assertThat(met(gateway.port(), "a.test")).isEqualTo("a");
            assertThat(met(gateway.port(), "b.test")).isEqualTo("others");
            assertThat(met(gateway.port())).isEqualTo("others");
        }
    }

    @Test
    void theDefaultChainIsForWhatNoOtherFits() {
        try (Subject.Running gateway = start(chain("default"), chain("a", "a.test"))) {
            assertThat(met(gateway.port(), "a.test")).isEqualTo("a");
            assertThat(met(gateway.port(), "b.test")).isEqualTo("default");
            assertThat(met(gateway.port())).isEqualTo("default");
        }
    }

    @Test
    void theDefaultChainStandsBehindTheOneForAllOthers() {
        try (Subject.Running gateway = start(chain("default"), chain("a", "a.test"), chain("others"))) {
            assertThat(met(gateway.port(), "a.test")).isEqualTo("a");
            assertThat(met(gateway.port(), "b.test")).isEqualTo("others");
        }
    }

    @Test
    void theDefaultChainMayBeTheOnlyOne() {
        try (Subject.Running gateway = subject.start(LISTENER.formatted(("default_filter_chain:\n  "
                        + chain("default", "", "", "").strip().replace("\n", "\n  "))
                .replace("\n", "\n    ")))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("default");
        }
    }

    @Test
    void cleartextMeetsAChainWithoutTls() {
        try (Subject.Running gateway = start(chain("plain", "", "", ""), chain("a", "a.test"))) {
            assertThat(met(gateway.port(), "a.test")).isEqualTo("a");
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("plain");
        }
    }

    @Test
    void whatIsNoHandshakeEndsTheConnection() {
        try (Subject.Running gateway = start("", chain("a", "a.test"));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw("GET / HTTP/1.1\r\nhost: a.test\r\n\r\n");
            assertThat(browser.isEnded()).isTrue();
        }
    }

    @Test
    void theNamesOfChainAndServerAreInTheLog() throws Exception {
        Path log = Files.createTempFile(folder, "access", ".log");
        try (Subject.Running gateway = start(
                chain(
                        "default",
                        "",
                        tls,
                        "access_log:\n" + EnvoyFile.fileLog(log, "%FILTER_CHAIN_NAME% %REQUESTED_SERVER_NAME%")),
                chain("a", "a.test"))) {
            assertThat(met(gateway.port(), "b.test")).isEqualTo("default");
            await().until(() -> Files.readString(log).equals("default b.test\n"));
        }
    }
}
