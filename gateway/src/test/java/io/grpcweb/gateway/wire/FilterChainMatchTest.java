package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the addresses, the ports and the protocols of the connections that a filter chain is for. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record FilterChainMatchTest(Subject subject) {
    /** A chain that says its name. */
    private static final String CHAIN = """
            - name: %1$s
              %2$s
              %3$s
              filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: edge
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes: [ { match: { prefix: / }, direct_response: { status: 200, body: { inline_string: %1$s } } } ]
                  http_filters:
                  - { name: router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
            """;

    private static final String PROXIED =
            "{ name: proxy, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol } }";
    private static final String INSPECTED =
            "{ name: tls, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector } }";

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(folder);
    }

    private static String chain(String name, String match) {
        return CHAIN.formatted(name, match.isEmpty() ? "" : "filter_chain_match: { " + match + " }", "");
    }

    private static String secure(String name, String match) {
        return CHAIN.formatted(
                name,
                match.isEmpty() ? "" : "filter_chain_match: { " + match + " }",
                "transport_socket: { name: tls, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext,"
                        + " common_tls_context: { alpn_protocols: [ h2, http/1.1 ], tls_certificates: [ "
                        + certificates.yaml() + " ] } } }");
    }

    private static String text(String listenerFilter, String... chains) {
        return """
                static_resources:
                  listeners:
                  - name: edge
                    address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                    listener_filters: [ %s ]
                    filter_chains:
                    %s
                """.formatted(listenerFilter, String.join("", chains).strip().replace("\n", "\n    "));
    }

    /** The chain that a connection meets whose PROXY header says this. */
    private static String met(int port, String addresses) {
        try (Http1Browser browser = new Http1Browser(port)) {
            browser.raw("PROXY TCP4 " + addresses + "\r\n");
            return browser.ask("GET", "/").text();
        }
    }

    @Test
    void thePortThenTheAddressThatAConnectionCameTo() {
        try (Subject.Running gateway = subject.start(text(
                PROXIED,
                chain("port", "destination_port: 8443"),
                chain("wide", "prefix_ranges: [ { address_prefix: 10.0.0.0, prefix_len: 8 } ]"),
                chain("narrow", "prefix_ranges: [ { address_prefix: 10.1.0.0, prefix_len: 16 } ]")))) {
            assertThat(met(gateway.port(), "192.0.2.1 10.1.0.1 1000 8443")).isEqualTo("port");
            assertThat(met(gateway.port(), "192.0.2.1 10.1.0.1 1000 80")).isEqualTo("narrow");
            assertThat(met(gateway.port(), "192.0.2.1 10.2.0.1 1000 80")).isEqualTo("wide");
            try (Http1Browser browser = new Http1Browser(gateway.port())) {
                browser.raw("PROXY TCP4 192.0.2.1 11.2.0.1 1000 80\r\n");
                assertThat(browser.isEnded()).isTrue();
            }
            assertThat(gateway.page("/stats?filter=no_filter_chain_match")).contains("_0.no_filter_chain_match: 1\n");
        }
    }

    @Test
    void theAddressAndThePortThatAConnectionCameFrom() {
        try (Subject.Running gateway = subject.start(text(
                PROXIED,
                chain("office", "source_prefix_ranges: [ { address_prefix: 192.0.2.0, prefix_len: 24 } ]"),
                chain(
                        "ports",
                        "source_prefix_ranges: [ { address_prefix: 192.0.2.0, prefix_len: 24 } ], source_ports: [ 7, 8 ]"),
                chain("others", "")))) {
            assertThat(met(gateway.port(), "192.0.2.1 10.1.0.1 8 80")).isEqualTo("ports");
            assertThat(met(gateway.port(), "192.0.2.1 10.1.0.1 9 80")).isEqualTo("office");
            assertThat(met(gateway.port(), "192.0.3.1 10.1.0.1 8 80")).isEqualTo("others");
        }
    }

    @Test
    void whatSaysMoreOfAnEarlierThingIsTheOnlyChoice() {
        try (Subject.Running gateway = subject.start(text(
                        PROXIED,
                        chain(
                                "both",
                                "destination_port: 81, source_prefix_ranges: [ { address_prefix: 192.0.2.0, prefix_len: 24 } ]"),
                        chain("any", ""))
                + chain("default", "")
                        .replaceFirst("- ", "  ")
                        .indent(6)
                        .replaceFirst("^", "    default_filter_chain:\n"))) {
            assertThat(met(gateway.port(), "192.0.2.1 10.1.0.1 8 81")).isEqualTo("both");
            assertThat(met(gateway.port(), "192.0.2.1 10.1.0.1 8 80")).isEqualTo("any");
            assertThat(met(gateway.port(), "192.0.3.1 10.1.0.1 8 81")).isEqualTo("default");
        }
    }

    @Test
    void whereTheClientIs() {
        try (Subject.Running gateway = subject.start(text(
                PROXIED,
                chain("local", "source_type: SAME_IP_OR_LOOPBACK"),
                chain("external", "source_type: EXTERNAL")))) {
            assertThat(met(gateway.port(), "127.0.0.1 10.1.0.1 8 80")).isEqualTo("local");
            assertThat(met(gateway.port(), "127.0.0.9 10.1.0.1 8 80")).isEqualTo("external");
            assertThat(met(gateway.port(), "10.1.0.1 10.1.0.1 8 80")).isEqualTo("local");
            assertThat(met(gateway.port(), "192.0.2.1 10.1.0.1 8 80")).isEqualTo("external");
        }
    }

    @Test
    void thePeerItselfWhateverItsHeaderSays() {
        try (Subject.Running gateway = subject.start(text(
                PROXIED,
                chain("peer", "direct_source_prefix_ranges: [ { address_prefix: 127.0.0.0, prefix_len: 8 } ]"),
                chain("others", "")))) {
            assertThat(met(gateway.port(), "192.0.2.1 10.1.0.1 8 80")).isEqualTo("peer");
        }
        try (Subject.Running gateway = subject.start(text(
                PROXIED,
                chain("peer", "direct_source_prefix_ranges: [ { address_prefix: 192.0.2.0, prefix_len: 24 } ]"),
                chain("others", "")))) {
            assertThat(met(gateway.port(), "192.0.2.1 10.1.0.1 8 80")).isEqualTo("others");
        }
    }

    private static String secured(int port, String... protocols) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = Certificates.anonymous(certificates)
                        .connect(port, parameters -> parameters.setApplicationProtocols(protocols));
                Http1Browser browser = new Http1Browser(socket)) {
            return browser.ask("GET", "/").text();
        }
    }

    @Test
    void whatAConnectionSpeaks() throws Exception {
        try (Subject.Running gateway = subject.start(text(
                INSPECTED,
                secure("tls", "transport_protocol: tls"),
                secure("old", "transport_protocol: tls, application_protocols: [ http/1.0, http/1.1 ]"),
                chain("plain", "transport_protocol: raw_buffer")))) {
            assertThat(secured(gateway.port(), "http/1.1")).isEqualTo("old");
            assertThat(secured(gateway.port(), "x", "http/1.1")).isEqualTo("old");
            assertThat(secured(gateway.port())).isEqualTo("tls");
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("plain");
        }
    }

    @Test
    void twoChainsForTheSameConnectionsAreRefused() {
        String text = text(
                PROXIED,
                chain("a", "prefix_ranges: [ { address_prefix: 10.1.2.3, prefix_len: 8 } ], source_ports: [ 1, 2 ]"),
                chain("b", "prefix_ranges: [ { address_prefix: 10.0.0.0, prefix_len: 8 } ], source_ports: [ 2 ]"));

        Assertions.assertThatThrownBy(
                        () -> EnvoyBootstrap.read(Optional.empty(), Optional.of(text), Configs.envoy(false, false)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("two filter chains have the same matching rules");
    }
}
