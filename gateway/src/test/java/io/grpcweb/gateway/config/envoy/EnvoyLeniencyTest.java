package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.hocon.FirstListener;
import io.grpcweb.gateway.filter.cors.CorsPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Envoy takes although its documentation does not say so. */
final class EnvoyLeniencyTest {

    @Test
    void enumsAreWrittenInAnyCase() throws ConfigException {
        GatewayConfig config = new Bootstraps()
                .with("MANAGER", "codec_type: http1")
                .with("CLUSTER", "type: strict_dns\nlb_policy: Least_Request")
                .read();

        assertThat(FirstListener.http(config).codec()).isEqualTo(HttpConfig.Codec.HTTP1);
        assertThat(config.clusters().get(0).discovery().type()).isEqualTo(ClusterConfig.Discovery.Type.STRICT_DNS);
        assertThat(config.clusters().get(0).balancer().policy()).isEqualTo(ClusterConfig.Balancer.Policy.LEAST_REQUEST);
    }

    @Test
    void oneValueCountsAsAListOfOne() throws ConfigException {
        assertThat(CorsPolicy.of(new Bootstraps()
                                .with("HOST", "cors: { allow_origin_string_match: { exact: \"https://a.example\" } }")
                                .route()
                                .filters())
                        .orElseThrow()
                        .origins())
                .containsExactly(new StringMatch.Exact("https://a.example", false));
    }

    @Test
    void durationsMayBeMappings() throws ConfigException {
        assertThat(new Bootstraps()
                        .with("ROUTE", "cluster: backend, timeout: { seconds: 3, nanos: 500000000 }")
                        .forward()
                        .timeout())
                .isEqualTo(Duration.ofMillis(3500));
    }

    @Test
    void numbersStandForTextsAndTextsForNumbers() throws ConfigException {
        GatewayConfig config = new Bootstraps()
                .with("MANAGER", "server_name: 42\nxff_num_trusted_hops: \"2\"")
                .read();
        HttpConfig http = FirstListener.http(config);

        assertThat(http.server().name()).isEqualTo("42");
        assertThat(http.identity().trustedHops()).isEqualTo(2);
    }

    @Test
    void camelCaseIsTheSameField() throws ConfigException {
        assertThat(new Bootstraps()
                        .with("MANAGER", "useRemoteAddress: true")
                        .http()
                        .identity()
                        .useRemoteAddress())
                .isTrue();
    }

    @Test
    void nothingAfterTheColonMeansUnset() throws ConfigException {
        assertThat(new Bootstraps()
                        .with("CLUSTER", "http2_protocol_options:")
                        .read()
                        .clusters()
                        .get(0)
                        .protocol())
                .isEqualTo(ClusterConfig.Protocol.HTTP1);
    }

    @Test
    void theLastOfTwoEqualKeysCountsWithAWarning() throws ConfigException {
        GatewayConfig config = new Bootstraps()
                .with("MANAGER", "server_name: first\nserver_name: second")
                .read();

        assertThat(FirstListener.http(config).server().name()).isEqualTo("second");
        assertThat(config.warnings()).anyMatch(line -> line.contains("server_name: stands twice"));
    }

    @Test
    void whatIsTaggedIgnoreIsAPlaceForAnchors() throws ConfigException {
        String yaml = "!ignore anchors:\n- &host 127.0.0.1\n"
                + new Bootstraps().text().replaceFirst("address: 127.0.0.1", "address: *host");

        assertThat(Bootstraps.read(yaml).listeners().get(0).address().host()).isEqualTo("127.0.0.1");
    }

    @Test
    void onlyTheFirstDocumentCounts() throws ConfigException {
        assertThat(Bootstraps.read(new Bootstraps().text() + "---\nnonsense: true\n")
                        .listeners())
                .hasSize(1);
    }

    @Test
    void bytesThatAreNoUtf8DoNoHarmInComments(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("envoy.yaml");
        Files.write(file, ("# caf\u00e9\n" + new Bootstraps().text()).getBytes(StandardCharsets.ISO_8859_1));

        assertThat(EnvoyBootstrap.read(Optional.of(file), Optional.empty(), Configs.envoy(false, false))
                        .listeners())
                .hasSize(1);
    }

    @Test
    void jsonIsReadToo() throws ConfigException {
        GatewayConfig config = Bootstraps.read("""
                {"static_resources": {"listeners": [{"address": {"socketAddress": {"address": "127.0.0.1", "portValue": 1}},
                  "filterChains": [{"filters": [{"name": "envoy.filters.network.http_connection_manager", "typedConfig": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                  "statPrefix": "x", "routeConfig": {}, "httpFilters": [{"name": "router", "typedConfig": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]}]}}
                """);

        assertThat(config.listeners().get(0).name()).isEqualTo("127.0.0.1:1");
    }

    @Test
    void filtersByNameAndTheOldApiAreUpgradedWithOneWarning() throws ConfigException {
        GatewayConfig config = Bootstraps.read("""
                static_resources:
                  listeners:
                  - address: { socket_address: { address: 0.0.0.0, port_value: 8080 } }
                    filter_chains:
                    - filters:
                      - name: envoy.http_connection_manager
                        config:
                          stat_prefix: old
                          idle_timeout: 7s
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              cors: { allow_origin: ["*"], allow_origin_regex: ["https://a.*"], enabled: true }
                              routes:
                              - match: { regex: "/a.*" }
                                route: { cluster: backend, host_rewrite: b.example }
                          http_filters: [{ name: envoy.grpc_web }, { name: envoy.cors }, { name: envoy.router }]
                  clusters:
                  - name: backend
                    hosts: [{ socket_address: { address: 127.0.0.1, port_value: 1 } }]
                    tls_context: { sni: b.example }
                """);

        HttpConfig http = FirstListener.http(config);
        assertThat(http.timeouts().connectionIdle()).isEqualTo(Duration.ofSeconds(7));
        assertThat(http.filters())
                .extracting(FilterConfig::name)
                .containsExactly("envoy.grpc_web", "envoy.cors", "envoy.router");
        assertThat(CorsPolicy.of(http.routes().virtualHosts().get(0).filters())
                        .orElseThrow()
                        .origins())
                .hasSize(2);
        assertThat(config.clusters().get(0).localities().get(0).hosts()).hasSize(1);
        assertThat(config.clusters().get(0).tls().orElseThrow().sni()).contains("b.example");
        assertThat(config.warnings())
                .filteredOn(line -> line.contains("deprecated"))
                .singleElement()
                .asString()
                .contains("load_assignment for hosts")
                .contains("transport_socket for tls_context")
                .contains("safe_regex for regex");
    }
}
