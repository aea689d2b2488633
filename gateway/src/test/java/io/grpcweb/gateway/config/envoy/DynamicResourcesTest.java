package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.DynamicConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bootstrap says of resources that come from elsewhere. */
class DynamicResourcesTest {
    private static final String CLUSTERS = """
            static_resources:
              clusters:
              - name: xds
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: { http2_protocol_options: {} }
                load_assignment:
                  cluster_name: xds
                  endpoints:
                  - lb_endpoints:
                    - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 18000 } } }
            """;

    private static final String API =
            "api_type: %s, transport_api_version: V3," + " grpc_services: [{ envoy_grpc: { cluster_name: xds } }]";

    @TempDir
    private Path folder;

    private GatewayConfig read(String dynamic) throws ConfigException, IOException {
        Path file = Files.writeString(
                folder.resolve("envoy.yaml"),
                CLUSTERS
                        + "node: { id: web-7, cluster: shop, metadata: { role: edge, weight: 3, deep: { inner: true } } }\n"
                        + dynamic);
        return bootstrap(file);
    }

    private static GatewayConfig bootstrap(Path file) throws ConfigException {
        return EnvoyBootstrap.read(
                Optional.of(file), Optional.empty(), new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list()));
    }

    private DynamicConfig dynamic(String text) throws ConfigException, IOException {
        return read("dynamic_resources:\n" + text.indent(2)).dynamic();
    }

    private void refused(String text, String... parts) {
        assertThatThrownBy(() -> dynamic(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void aSharedStreamThatListenersAndClustersComeOver() throws Exception {
        DynamicConfig config = dynamic("""
                ads_config:
                  api_type: DELTA_GRPC
                  transport_api_version: V3
                  set_node_on_first_message_only: true
                  grpc_services:
                  - envoy_grpc: { cluster_name: xds, authority: plane.example }
                    initial_metadata: [{ key: x-token, value: secret }, { key: x-zone, value: eu }]
                cds_config: { ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3 }
                lds_config: { ads: {} }
                """);

        assertThat(config.aggregated())
                .contains(new ControlPlane(
                        "xds",
                        "plane.example",
                        true,
                        true,
                        List.of(new ControlPlane.Field("x-token", "secret"), new ControlPlane.Field("x-zone", "eu"))));
        assertThat(config.clusters()).contains(new ResourceSource(new ResourceSource.Aggregated(), Duration.ZERO));
        assertThat(config.listeners())
                .contains(new ResourceSource(new ResourceSource.Aggregated(), Duration.ofSeconds(15)));
        assertThat(config.node()).containsEntry("role", "edge").containsEntry("deep", Map.of("inner", true));
        assertThat(((Number) config.node().get("weight")).intValue()).isEqualTo(3);
    }

    @Test
    void streamsQuestionsAndFiles() throws Exception {
        Path clusters = Files.writeString(folder.resolve("cds.yaml"), "resources: []");
        DynamicConfig config = dynamic("""
                lds_config: { api_config_source: { %s } }
                cds_config: { path_config_source: { path: %s, watched_directory: { path: %s } } }
                """.formatted(API.formatted("GRPC"), clusters, folder));
        assertThat(config.listeners().orElseThrow().way())
                .isEqualTo(new ResourceSource.Streamed(new ControlPlane("xds", "", false, false, List.of())));
        assertThat(config.clusters().orElseThrow().way())
                .isEqualTo(new ResourceSource.InFile(clusters.toString(), Optional.of(folder.toString())));

        config = dynamic("""
                lds_config:
                  api_config_source:
                    api_type: REST
                    transport_api_version: V3
                    cluster_names: [xds]
                    refresh_delay: 0.2s
                    request_timeout: 3s
                cds_config: { path: %s }
                """.formatted(clusters));
        assertThat(config.listeners().orElseThrow().way())
                .isEqualTo(new ResourceSource.Polled("xds", Duration.ofMillis(200), Duration.ofSeconds(3)));
        assertThat(config.clusters().orElseThrow().way())
                .isEqualTo(new ResourceSource.InFile(clusters.toString(), Optional.empty()));
    }

    @Test
    void routesAndSecretsOfAListener() throws Exception {
        GatewayConfig config = read("");
        assertThat(config.dynamic().isPresent()).isFalse();
        assertThat(config.isComplete()).isTrue();
        Path file = Files.writeString(folder.resolve("listener.yaml"), CLUSTERS + """
                  listeners:
                  - name: web
                    address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                    filter_chains:
                    - transport_socket:
                        name: tls
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                          common_tls_context:
                            alpn_protocols: [h2]
                            tls_certificate_sds_secret_configs: [{ name: key, sds_config: { ads: {} } }]
                            validation_context_sds_secret_config: { name: clients, sds_config: { ads: {} } }
                      filters:
                      - name: hcm
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: web
                          rds: { route_config_name: main, config_source: { ads: {}, initial_fetch_timeout: 2s } }
                          http_filters:
                          - name: envoy.filters.http.router
                            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                """.indent(0));
        ListenerConfig.FilterChain chain =
                bootstrap(file).listeners().get(0).chains().get(0);
        ResourceSource ads = new ResourceSource(new ResourceSource.Aggregated(), Duration.ofSeconds(15));
        assertThat(chain.routes())
                .contains(new ListenerConfig.RouteSource(
                        "main", new ResourceSource(new ResourceSource.Aggregated(), Duration.ofSeconds(2))));
        assertThat(chain.tls().orElseThrow().secrets())
                .isEqualTo(new TlsConfig.Secrets(
                        List.of(new TlsConfig.SecretRef("key", ads)),
                        Optional.of(new TlsConfig.SecretRef("clients", ads))));
        assertThat(chain.tls().orElseThrow().identities()).isEmpty();
    }

    @Test
    void endpointsOfACluster() throws Exception {
        Path file = Files.writeString(folder.resolve("cluster.yaml"), CLUSTERS + """
              - name: echo
                type: EDS
                eds_cluster_config: { service_name: pool, eds_config: { ads: {}, initial_fetch_timeout: 3s } }
            """.indent(0));
        GatewayConfig config = bootstrap(file);
        ClusterConfig.Discovery discovery = config.clusters().get(1).discovery();
        assertThat(discovery.type()).isEqualTo(ClusterConfig.Discovery.Type.EDS);
        assertThat(discovery.service()).isEqualTo("pool");
        assertThat(discovery.source())
                .contains(new ResourceSource(new ResourceSource.Aggregated(), Duration.ofSeconds(3)));
        assertThat(config.isComplete()).isFalse();
    }

    @Test
    void whatCannotBeUsedIsSaid() {
        refused("lds_config: { ads: {} }", "lds_config", "ads_config, and there is none");
        refused(
                "ads_config: { api_type: GRPC, transport_api_version: V2, grpc_services: [{ envoy_grpc: { cluster_name: xds } }] }",
                "dynamic_resources.ads_config.transport_api_version",
                "write V3");
        refused(
                "ads_config: { api_type: GRPC, transport_api_version: V3, grpc_services: [{ envoy_grpc: { cluster_name: nowhere } }] }",
                "Unknown gRPC client cluster 'nowhere'");
        refused(
                "ads_config: { api_type: GRPC, transport_api_version: V3, grpc_services: [{ envoy_grpc: { cluster_name: xds } }, { envoy_grpc: { cluster_name: xds } }] }",
                "must have no more than 1 gRPC services specified");
        refused("cds_config: { path_config_source: { path: /not/there.yaml } }", "'/not/there.yaml' does not exist");
    }
}
