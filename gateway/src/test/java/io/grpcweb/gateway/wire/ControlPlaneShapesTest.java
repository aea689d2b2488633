package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.PlaneResources;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.ScriptedPlane;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bootstraps as the control planes that people use write them, and what they send first. */
class ControlPlaneShapesTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private ScriptedBackend backend;
    private Gateway gateway;

    @BeforeEach
    void start() {
        backend = new ScriptedBackend().on(PATH, seen -> seen.trailersOnly("grpc-status", "1"));
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.stop();
        }
        backend.close();
    }

    private void start(String bootstrap) throws Exception {
        gateway = Gateway.start(
                EnvoyBootstrap.read(
                        Optional.empty(),
                        Optional.of(bootstrap),
                        new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list())),
                1);
    }

    private String call() {
        await().atMost(LONG).until(() -> !gateway.addresses().isEmpty());
        int port = ((InetSocketAddress) gateway.addresses().get(0)).getPort();
        return Http1Browser.once(port, "POST", PATH, WEB).grpcStatus();
    }

    private void secret(String file, String content) throws Exception {
        Files.writeString(
                folder.resolve(file),
                "{\"resources\":[{\"@type\":\"type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret\","
                        + content + "}]}");
    }

    /** The two secrets in files that Envoy Gateway and Contour name in their bootstraps; the same identity on both sides. */
    private void secrets(Certificates own) throws Exception {
        secret("certificate.json", "\"name\":\"xds_certificate\",\"tls_certificate\":" + json(own.yaml()));
        secret(
                "ca.json",
                "\"name\":\"xds_trusted_ca\",\"validation_context\":{\"trusted_ca\":" + json(own.chainYaml())
                        + ",\"match_typed_subject_alt_names\":[{\"san_type\":\"DNS\",\"matcher\":{\"exact\":\"localhost\"}}]}");
    }

    private static String json(String flow) {
        return flow.replaceAll("(\\w+): (?=[{\"])", "\"$1\": ");
    }

    private static NettyServerBuilder mutual(Certificates own) throws Exception {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(GrpcSslContexts.forServer(pem(own.chain()), pem(own.key()))
                        .trustManager(pem(own.chain()))
                        .clientAuth(ClientAuth.REQUIRE)
                        .build());
    }

    private static ByteArrayInputStream pem(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String tls() {
        return """
                transport_socket:
                      name: envoy.transport_sockets.tls
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                        common_tls_context:
                          tls_params: { tls_maximum_protocol_version: TLSv1_3 }
                          tls_certificate_sds_secret_configs:
                          - name: xds_certificate
                            sds_config: { path_config_source: { path: "FOLDER/certificate.json" }, resource_api_version: V3 }
                          validation_context_sds_secret_config:
                            name: xds_trusted_ca
                            sds_config: { path_config_source: { path: "FOLDER/ca.json" }, resource_api_version: V3 }
                """.replace("FOLDER", folder.toString());
    }

    /** Changes alone over one stream, mutual TLS with secrets in files, and no server name. */
    @Test
    void envoyGateway() throws Exception {
        Certificates own = new Certificates(folder, "EC", "dns:localhost");
        secrets(own);
        try (ScriptedPlane plane = new ScriptedPlane(mutual(own))) {
            start("""
                    admin:
                      access_log:
                      - name: envoy.access_loggers.file
                        typed_config: { "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /dev/null }
                      address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                    node: { id: envoy-gateway-system-eg-5391c79d, cluster: envoy-gateway-system/eg, locality: { zone: $(ENVOY_SERVICE_ZONE) } }
                    deferredStatOptions: { enableDeferredCreationStats: true }
                    stats_config:
                      use_all_default_tags: true
                      stats_tags: [ { regex: "circuit_breakers\\\\.((.+?)\\\\.).+", tag_name: priority } ]
                    layered_runtime:
                      layers: [ { name: global_config, static_layer: { re2.max_program_size.error_level: 4294967295 } } ]
                    dynamic_resources:
                      ads_config:
                        api_type: DELTA_GRPC
                        transport_api_version: V3
                        grpc_services: [ { envoy_grpc: { cluster_name: xds_cluster } } ]
                        set_node_on_first_message_only: true
                      lds_config: { ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3 }
                      cds_config: { ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3 }
                    static_resources:
                      clusters:
                      - connect_timeout: 10s
                        load_assignment:
                          cluster_name: xds_cluster
                          endpoints:
                          - load_balancing_weight: 1
                            lb_endpoints:
                            - load_balancing_weight: 1
                              endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                        typed_extension_protocol_options:
                          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                            explicit_http_config: { http2_protocol_options: { connection_keepalive: { interval: 30s, timeout: 5s } } }
                        name: xds_cluster
                        type: STRICT_DNS
                        %s
                    overload_manager:
                      refresh_interval: 0.25s
                      resource_monitors:
                      - name: envoy.resource_monitors.global_downstream_max_connections
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig
                          max_active_downstream_connections: 50000
                    """.formatted(plane.port(), tls().indent(4).strip()));

            plane.delta(ResourceType.CLUSTER);
            plane.change(ResourceType.CLUSTER, "1", "echo", PlaneResources.cluster("echo"));
            plane.delta(ResourceType.ENDPOINTS);
            plane.change(ResourceType.ENDPOINTS, "1", "echo", PlaneResources.assignment("echo", backend.port()));
            plane.delta(ResourceType.LISTENER);
            plane.change(ResourceType.LISTENER, "1", "web", PlaneResources.listener("web"));
            plane.delta(ResourceType.ROUTES);
            plane.change(ResourceType.ROUTES, "1", "main", PlaneResources.routes("main", "/", "echo"));

            assertThat(call()).isEqualTo("1");
        }
    }

    /** A stream for each subscription, a socket file for the admin pages, and a layer of runtime keys that is never waited for. */
    @Test
    void contour() throws Exception {
        Certificates own = new Certificates(folder, "EC", "dns:localhost");
        secrets(own);
        Path admin = folder.resolve("admin.sock");
        String source = "{ api_config_source: { api_type: GRPC, transport_api_version: V3, grpc_services:"
                + " [ { envoy_grpc: { cluster_name: contour, authority: contour } } ] }, resource_api_version: V3 }";
        try (ScriptedPlane plane = new ScriptedPlane(mutual(own))) {
            start("""
                    admin:
                      access_log:
                      - name: envoy.access_loggers.file
                        typed_config: { "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /dev/null }
                      address: { pipe: { path: "%s", mode: 420 } }
                    node: { id: envoy-7, cluster: projectcontour }
                    default_regex_engine:
                      name: envoy.regex_engines.google_re2
                      typed_config: { "@type": type.googleapis.com/envoy.extensions.regex_engines.v3.GoogleRE2 }
                    layered_runtime:
                      layers:
                      - { name: dynamic, rtds_layer: { name: dynamic, rtds_config: %s } }
                      - { name: admin, admin_layer: {} }
                    dynamic_resources: { lds_config: %s, cds_config: %s }
                    static_resources:
                      clusters:
                      - name: contour
                        alt_stat_name: projectcontour_contour_8001
                        type: STRICT_DNS
                        connect_timeout: 5s
                        load_assignment:
                          cluster_name: contour
                          endpoints: [ { lb_endpoints: [ { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } } ] } ]
                        circuit_breakers: { thresholds: [ { priority: HIGH, max_connections: 100000, max_pending_requests: 100000, max_requests: 60000000, max_retries: 50 } ] }
                        typed_extension_protocol_options:
                          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                            explicit_http_config: { http2_protocol_options: {} }
                        upstream_connection_options: { tcp_keepalive: { keepalive_probes: 3, keepalive_time: 30, keepalive_interval: 5 } }
                        %s
                      - name: envoy-admin
                        alt_stat_name: projectcontour_envoy-admin_9001
                        type: STATIC
                        connect_timeout: 0.250s
                        load_assignment:
                          cluster_name: envoy-admin
                          endpoints: [ { lb_endpoints: [ { endpoint: { address: { pipe: { path: "%s" } } } } ] } ]
                    """.formatted(
                    admin, source, source, source, plane.port(), tls().indent(4).strip(), admin));

            plane.request(ResourceType.CLUSTER);
            plane.send(ResourceType.CLUSTER, "1", PlaneResources.cluster("echo", PlaneResources.streamed("contour")));
            assertThat(plane.request(ResourceType.ENDPOINTS).getResourceNamesList())
                    .containsExactly("echo");
            plane.send(ResourceType.ENDPOINTS, "1", PlaneResources.assignment("echo", backend.port()));
            plane.request(ResourceType.LISTENER);
            plane.send(ResourceType.LISTENER, "1", PlaneResources.listener("web", PlaneResources.streamed("contour")));
            plane.request(ResourceType.ROUTES);
            plane.send(ResourceType.ROUTES, "1", PlaneResources.routes("main", "/", "echo"));

            assertThat(call()).isEqualTo("1");
            assertThat(page(admin, "/clusters")).contains("echo::added_via_api::true");
        }
        gateway.stop();
        gateway = null;
        assertThat(admin).doesNotExist();
    }

    private static String page(Path socket, String path) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(1 << 20);
            while (channel.read(answer) >= 0) {
                // Until the end.
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    /** An agent behind a socket file that all of it comes from, a node with much to say, and static listeners of its own. */
    @Test
    void istio() throws Exception {
        Path socket = folder.resolve("xds.sock");
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ScriptedPlane plane = new ScriptedPlane(NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops))) {
            start("""
                    application_log_config: { log_format: { text_format: "%%Y-%%m-%%dT%%T.%%fZ\\t%%l\\tenvoy %%n %%g:%%#\\t%%v\\tthread=%%t" } }
                    node:
                      id: router~10.1.2.3~gateway-7.istio-system~istio-system.svc.cluster.local
                      cluster: gateway.istio-system
                      locality: {}
                      metadata: { ISTIO_VERSION: 1.27.1, CLUSTER_ID: Kubernetes, INSTANCE_IPS: "10.1.2.3", LABELS: { app: gateway }, PLATFORM_METADATA: {}, PROXY_CONFIG: { concurrency: 2, discoveryAddress: "istiod:15012" }, PILOT_SAN: [ istiod ], NODE_NAME: a, NAMESPACE: istio-system }
                    admin:
                      access_log: []
                      profile_path: /var/lib/istio/data/envoy.prof
                      address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                    stats_config: { use_all_default_tags: false, stats_matcher: { inclusion_list: { patterns: [ { prefix: cluster_manager } ] } } }
                    layered_runtime:
                      layers: [ { name: global config, static_layer: { overload.global_downstream_max_connections: "2147483647" } }, { name: admin, admin_layer: {} } ]
                    dynamic_resources:
                      lds_config: { ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3 }
                      cds_config: { ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3 }
                      ads_config:
                        api_type: DELTA_GRPC
                        set_node_on_first_message_only: true
                        transport_api_version: V3
                        grpc_services: [ { envoy_grpc: { cluster_name: xds-grpc } } ]
                    static_resources:
                      clusters:
                      - { name: prometheus_stats, type: STATIC, connect_timeout: 0.250s, lb_policy: ROUND_ROBIN, load_assignment: { cluster_name: prometheus_stats, endpoints: [ { lb_endpoints: [ { endpoint: { address: { socket_address: { protocol: TCP, address: 127.0.0.1, port_value: 15000 } } } } ] } ] } }
                      - name: xds-grpc
                        type: STATIC
                        connect_timeout: 1s
                        lb_policy: ROUND_ROBIN
                        load_assignment: { cluster_name: xds-grpc, endpoints: [ { lb_endpoints: [ { endpoint: { address: { pipe: { path: "%s" } } } } ] } ] }
                        circuit_breakers: { thresholds: [ { priority: DEFAULT, max_connections: 100000, max_pending_requests: 100000, max_requests: 100000 } ] }
                        upstream_connection_options: { tcp_keepalive: { keepalive_time: 300 } }
                        max_requests_per_connection: 1
                        typed_extension_protocol_options:
                          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                            explicit_http_config: { http2_protocol_options: {} }
                    """.formatted(socket));

            assertThat(plane.delta(ResourceType.CLUSTER)
                            .getNode()
                            .getMetadata()
                            .getFieldsOrThrow("ISTIO_VERSION")
                            .getStringValue())
                    .isEqualTo("1.27.1");
            plane.change(ResourceType.CLUSTER, "1", "echo", PlaneResources.cluster("echo"));
            plane.delta(ResourceType.ENDPOINTS);
            plane.change(ResourceType.ENDPOINTS, "1", "echo", PlaneResources.assignment("echo", backend.port()));
            plane.delta(ResourceType.LISTENER);
            plane.change(ResourceType.LISTENER, "1", "web", PlaneResources.listener("web"));
            plane.delta(ResourceType.ROUTES);
            plane.change(ResourceType.ROUTES, "1", "main", PlaneResources.routes("main", "/", "echo"));

            assertThat(call()).isEqualTo("1");
        }
        loops.shutdownGracefully();
    }

    /** Starts with one listener and its routes in a file, as a control plane would send them, and one cluster. */
    private void startWith(String listener, String filters, String host, String cluster) throws Exception {
        Path file = Files.writeString(folder.resolve("lds.yaml"), """
                version_info: "7"
                resources:
                - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
                  name: ingress
                  address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                %s
                  filter_chains:
                  - filters:
                    - name: envoy.filters.network.http_connection_manager
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                %s
                        route_config:
                          name: main
                          ignore_port_in_host_matching: true
                          virtual_hosts:
                          - name: all
                            domains: ["*"]
                %s
                """.formatted(
                        listener.indent(2).stripTrailing(),
                        filters.indent(8).stripTrailing(),
                        host.indent(12).stripTrailing()));
        start("""
                node: { id: a, cluster: b }
                admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
                dynamic_resources: { lds_config: { path_config_source: { path: "%s" } } }
                static_resources:
                  clusters:
                  - name: backend
                    connect_timeout: 5s
                %s
                    load_assignment: { cluster_name: backend, endpoints: [ { lb_endpoints: [ { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } } ] } ] }
                """.formatted(file, cluster.indent(4).stripTrailing(), backend.port()));
    }

    /** Filters that do nothing until a route says so stand in every listener of Contour. */
    @Test
    void aListenerOfContour() throws Exception {
        startWith("""
                socket_options: [ { description: Keep-alive, level: 1, name: 9, int_value: 1, state: STATE_LISTENING } ]
                access_log: []
                """, """
                stat_prefix: ingress_http
                codec_type: AUTO
                http_filters:
                - name: compressor
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.compressor.v3.Compressor
                    compressor_library: { name: gzip, typed_config: { "@type": type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip } }
                    response_direction_config: { common_config: { content_type: [ text/html, application/grpc-web+proto ] } }
                - { name: grpcweb, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_web.v3.GrpcWeb } }
                - { name: grpc_stats, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig, emit_filter_state: true, enable_upstream_stats: true } }
                - { name: cors, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors } }
                - { name: local_ratelimit, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit, stat_prefix: http } }
                - { name: envoy.filters.http.lua, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua, default_source_code: { inline_string: "-- Placeholder for per-Route or per-Cluster overrides." } } }
                - { name: envoy.filters.http.rbac, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC } }
                - { name: router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
                http_protocol_options: { accept_http_10: true }
                common_http_protocol_options: { idle_timeout: 60s }
                request_timeout: 0s
                use_remote_address: true
                normalize_path: true
                merge_slashes: true
                preserve_external_request_id: true
                strip_trailing_host_dot: true
                delayed_close_timeout: 1s
                stream_idle_timeout: 300s
                upgrade_configs: []
                """, """
                routes:
                - match: { prefix: / }
                  route: { cluster: backend, timeout: 15s, internal_redirect_policy: {}, retry_policy: { retry_on: 5xx, num_retries: 1 } }
                request_headers_to_add: [ { header: { key: x-request-start, value: "t=%START_TIME(%s.%3f)%" }, append_action: OVERWRITE_IF_EXISTS_OR_ADD } ]
                """, """
                common_lb_config: { healthy_panic_threshold: {} }
                lb_policy: ROUND_ROBIN
                round_robin_lb_config: { slow_start_config: { slow_start_window: 60s, aggression: { default_value: 1, runtime_key: contour.slowstart.aggression }, min_weight_percent: { value: 10 } } }
                ignore_health_on_host_removal: true
                circuit_breakers: { thresholds: [ { max_connections: 100 } ], per_host_thresholds: [ { max_connections: 10 } ] }
                http2_protocol_options: {}
                """);

        assertThat(call()).isEqualTo("1");
    }

    /** What Istio's own proxy alone knows does nothing here. */
    @Test
    void aListenerOfIstio() throws Exception {
        startWith("""
                traffic_direction: OUTBOUND
                access_log: []
                """, """
                stat_prefix: outbound_0.0.0.0_8080
                http_filters:
                - { name: istio.metadata_exchange, typed_config: { "@type": type.googleapis.com/udpa.type.v1.TypedStruct, type_url: type.googleapis.com/io.istio.http.peer_metadata.Config, value: { upstream_discovery: [ { istio_headers: {} } ] } } }
                - { name: envoy.filters.http.grpc_web, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_web.v3.GrpcWeb } }
                - { name: envoy.filters.http.grpc_stats, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig, emit_filter_state: true, stats_for_all_methods: false } }
                - { name: istio.alpn, typed_config: { "@type": type.googleapis.com/istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig } }
                - { name: envoy.filters.http.fault, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault } }
                - { name: envoy.filters.http.cors, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors } }
                - { name: istio.stats, typed_config: { "@type": type.googleapis.com/udpa.type.v1.TypedStruct, type_url: type.googleapis.com/stats.PluginConfig, value: {} } }
                - { name: envoy.filters.http.router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
                http_protocol_options: {}
                server_name: istio-envoy
                use_remote_address: true
                upgrade_configs: [ { upgrade_type: websocket } ]
                stream_idle_timeout: 0s
                normalize_path: true
                request_id_extension: { typed_config: { "@type": type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig, use_request_id_for_trace_sampling: true } }
                path_with_escaped_slashes_action: KEEP_UNCHANGED
                proxy_100_continue: true
                internal_address_config: { cidr_ranges: [ { address_prefix: 10.0.0.0, prefix_len: 8 } ] }
                """, """
                routes:
                - name: main
                  match: { prefix: /, case_sensitive: true }
                  route: { cluster: backend, timeout: 0s, max_grpc_timeout: 0s, retry_policy: { retry_on: "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes", num_retries: 2, retry_host_predicate: [ { name: envoy.retry_host_predicates.previous_hosts, typed_config: { "@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate } } ], host_selection_retry_max_attempts: "5" } }
                  metadata: { filter_metadata: { istio: { config: /apis/networking.istio.io/v1/namespaces/a/virtual-service/b } } }
                  decorator: { operation: "shop.default.svc.cluster.local:80/*" }
                include_request_attempt_count: true
                """, """
                lb_policy: LEAST_REQUEST
                common_lb_config: {}
                circuit_breakers: { thresholds: [ { max_connections: 4294967295, max_pending_requests: 4294967295, max_requests: 4294967295, max_retries: 4294967295, track_remaining: true } ] }
                filters: [ { name: istio.metadata_exchange, typed_config: { "@type": type.googleapis.com/udpa.type.v1.TypedStruct, type_url: type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange, value: { protocol: istio-peer-exchange } } } ]
                metadata: { filter_metadata: { istio: { services: [ { host: shop.default.svc.cluster.local } ] } } }
                transport_socket_matches:
                - { name: tlsMode-disabled, match: {}, transport_socket: { name: envoy.transport_sockets.raw_buffer, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer } } }
                http2_protocol_options: {}
                """);

        assertThat(call()).isEqualTo("1");
    }
}
