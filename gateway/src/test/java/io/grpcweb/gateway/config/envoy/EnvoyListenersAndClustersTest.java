package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.TlsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the fields of listeners, connection managers and clusters become. */
final class EnvoyListenersAndClustersTest {
    private static final String MANAGER = """
            server_header_transformation: PASS_THROUGH
            max_request_headers_kb: 8
            stream_idle_timeout: 1s
            stream_flush_timeout: 8s
            delayed_close_timeout: 9s
            request_timeout: 2s
            request_headers_timeout: 3s
            drain_timeout: 4s
            common_http_protocol_options:
              idle_timeout: 5s
              max_connection_duration: 6s
              max_stream_duration: 7s
              max_headers_count: 9
              headers_with_underscores_action: DROP_HEADER
              max_requests_per_connection: 10
            http_protocol_options: { accept_http_10: true, enable_trailers: true }
            http2_protocol_options:
              max_concurrent_streams: 11
              initial_stream_window_size: 65536
              initial_connection_window_size: 65537
              max_outbound_frames: 12
              max_outbound_control_frames: 13
              max_inbound_priority_frames_per_stream: 14
              max_inbound_window_update_frames_per_data_frame_sent: 15
              max_consecutive_inbound_frames_with_empty_payload: 16
              connection_keepalive: { interval: 30s, timeout: 5s }
            use_remote_address: true
            xff_num_trusted_hops: 1
            skip_xff_append: true
            generate_request_id: false
            preserve_external_request_id: true
            always_set_request_id_in_response: true
            normalize_path: true
            merge_slashes: true
            path_with_escaped_slashes_action: REJECT_REQUEST
            upgrade_configs: [{ upgrade_type: websocket }]
            local_reply_config:
              mappers:
              - filter: { status_code_filter: { comparison: { op: GE, value: { default_value: 500 } } } }
                status_code: 503
                body: { inline_string: busy }
              body_format: { json_format: { m: "%LOCAL_REPLY_BODY%", n: 1 } }
            access_log:
            - name: file
              filter: { and_filter: { filters: [{ not_health_check_filter: {} }, { grpc_status_filter: { statuses: [UNAVAILABLE] } }] } }
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                path: /dev/stdout
                log_format: { text_format_source: { inline_string: "%DURATION%" }, omit_empty_values: true }
            """;

    private static final String CLUSTER = """
            type: STRICT_DNS
            connect_timeout: 0.25s
            dns_refresh_rate: 60s
            respect_dns_ttl: true
            dns_lookup_family: V4_ONLY
            lb_policy: RING_HASH
            ring_hash_lb_config: { minimum_ring_size: 8 }
            common_lb_config: { healthy_panic_threshold: { value: 0 }, locality_weighted_lb_config: {} }
            per_connection_buffer_limit_bytes: 4096
            upstream_connection_options: { tcp_keepalive: { keepalive_time: 60 } }
            upstream_bind_config: { source_address: { address: 127.0.0.9, port_value: 0 } }
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                common_http_protocol_options: { idle_timeout: 9s, max_connection_duration: 8s, max_requests_per_connection: 7 }
                explicit_http_config:
                  http2_protocol_options: { connection_keepalive: { interval: 20s, timeout: 2s } }
            circuit_breakers:
              thresholds: [{ max_requests: 5, retry_budget: { budget_percent: { value: 10 } } }, { priority: HIGH, max_retries: 9 }]
            outlier_detection: { consecutive_5xx: 2, base_ejection_time: 600s }
            health_checks:
            - timeout: 1s
              interval: 2s
              unhealthy_threshold: 3
              healthy_threshold: 4
              unhealthy_interval: 5s
              http_health_check: { path: /healthz, expected_statuses: [{ start: 200, end: 300 }], codec_client_type: HTTP2 }
            - { timeout: 1s, interval: 2s, unhealthy_threshold: 1, healthy_threshold: 1, tcp_health_check: { send: { text: "00ff" }, receive: [{ binary: "AAE=" }] } }
            - { timeout: 1s, interval: 2s, unhealthy_threshold: 1, healthy_threshold: 1, grpc_health_check: { service_name: s } }
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                sni: b.example
                common_tls_context:
                  alpn_protocols: "h2,http/1.1"
                  tls_params: { tls_minimum_protocol_version: TLSv1_2 }
                  validation_context:
                    system_root_certs: {}
                    match_typed_subject_alt_names: [{ san_type: DNS, matcher: { exact: b.example } }]
            """;

    @Test
    void theConnectionManagerIsRead() throws ConfigException {
        HttpConfig http = new Bootstraps().with("MANAGER", MANAGER).http();

        assertThat(http.server().transformation()).isEqualTo(HttpConfig.Server.Transformation.PASS_THROUGH);
        assertThat(http.timeouts())
                .isEqualTo(new HttpConfig.Timeouts(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(9)));
        assertThat(http.limits())
                .isEqualTo(new HttpConfig.Limits(
                        8192,
                        9,
                        OptionalInt.of(10),
                        HttpConfig.Limits.Underscores.DROP_HEADER,
                        OptionalInt.empty(),
                        false));
        assertThat(http.http2())
                .isEqualTo(new HttpConfig.Http2(
                        11,
                        65536,
                        65537,
                        new HttpConfig.Keepalive(Duration.ofSeconds(30), Duration.ofSeconds(5)),
                        false,
                        new HttpConfig.OutboundFrames(12, 13),
                        new HttpConfig.InboundFrames(14, 15, 16)));
        assertThat(http.identity())
                .isEqualTo(new HttpConfig.Identity(
                        true,
                        1,
                        true,
                        false,
                        List.of(),
                        List.of(),
                        false,
                        true,
                        true,
                        HttpConfig.ClientCertificate.NONE,
                        HttpConfig.Hop.NONE));
        assertThat(http.path())
                .isEqualTo(new HttpConfig.Path(true, true, HttpConfig.Path.EscapedSlashes.REJECT_REQUEST));
        assertThat(http.upgrades()).isEqualTo(Set.of("websocket"));
        assertThat(http.http10()).isTrue();
        assertThat(http.http1Trailers()).isTrue();
    }

    @Test
    void accessLogsAndLocalRepliesAreRead() throws ConfigException {
        HttpConfig http = new Bootstraps().with("MANAGER", MANAGER).http();

        assertThat(http.accessLogs())
                .containsExactly(new AccessLogConfig(
                        new AccessLogConfig.Sink.Stdout(),
                        new AccessLogConfig.Format.Text("%DURATION%", true),
                        Optional.of(new AccessLogConfig.Filter.And(List.of(
                                new AccessLogConfig.Filter.NotHealthCheck(),
                                new AccessLogConfig.Filter.GrpcStatus(List.of(14), false))))));
        AccessLogConfig.Format json =
                new AccessLogConfig.Format.Json(Map.of("m", "%LOCAL_REPLY_BODY%", "n", 1L), false);
        assertThat(http.localReplies()).hasSize(2);
        assertThat(http.localReplies().get(0).status()).hasValue(503);
        assertThat(http.localReplies().get(0).body()).contains("busy");
        assertThat(http.localReplies().get(0).bodyFormat()).contains(json);
        assertThat(http.localReplies().get(1).when()).isEmpty();
        assertThat(http.localReplies().get(1).bodyFormat()).contains(json);
    }

    @Test
    void theClusterIsRead() throws ConfigException {
        ClusterConfig cluster =
                new Bootstraps().with("CLUSTER", CLUSTER).read().clusters().get(0);

        assertThat(cluster.discovery())
                .isEqualTo(new ClusterConfig.Discovery(
                        ClusterConfig.Discovery.Type.STRICT_DNS,
                        Duration.ofMinutes(1),
                        true,
                        ClusterConfig.Discovery.LookupFamily.V4_ONLY,
                        ClusterConfig.Resolver.SYSTEM,
                        "",
                        false));
        assertThat(cluster.protocol()).isEqualTo(ClusterConfig.Protocol.HTTP2);
        assertThat(cluster.connectTimeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(cluster.balancer().policy()).isEqualTo(ClusterConfig.Balancer.Policy.RING_HASH);
        assertThat(cluster.balancer().minimumRingSize()).isEqualTo(8);
        assertThat(cluster.balancer().panicThreshold()).isZero();
        assertThat(cluster.balancer().localityWeighted()).isTrue();
        assertThat(cluster.idleTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(cluster.maxConnectionDuration()).isEqualTo(Duration.ofSeconds(8));
        assertThat(cluster.requestsPerConnection()).hasValue(7);
        assertThat(cluster.bufferBytes()).isEqualTo(4096);
        assertThat(cluster.tcpKeepalive()).isPresent();
        assertThat(cluster.bind()).contains(new Endpoint("127.0.0.9", 0));
        assertThat(cluster.http2().keepalive().interval()).isEqualTo(Duration.ofSeconds(20));
        assertThat(cluster.breakers().normal().requests()).isEqualTo(5);
        assertThat(cluster.breakers().normal().retryBudget()).contains(new ClusterConfig.Breakers.RetryBudget(10, 3));
        assertThat(cluster.breakers().high().retries()).isEqualTo(9);
        assertThat(cluster.outlierDetection().orElseThrow().consecutive5xx()).isEqualTo(2);
        assertThat(cluster.outlierDetection().orElseThrow().maxEjectionTime()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void healthChecksAreRead() throws ConfigException {
        ClusterConfig cluster =
                new Bootstraps().with("CLUSTER", CLUSTER).read().clusters().get(0);
        ClusterConfig.HealthCheck http = cluster.healthChecks().get(0);

        assertThat(http.kind()).isEqualTo(ClusterConfig.HealthCheck.Kind.HTTP);
        assertThat(http.http2()).isTrue();
        assertThat(http.expectedStatuses().get(0).contains(299)).isTrue();
        assertThat(http.unhealthyEdgeInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(http.healthyEdgeInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(cluster.healthChecks().get(1).send()).isEqualTo("00ff");
        assertThat(cluster.healthChecks().get(1).receive()).containsExactly("0001");
        assertThat(cluster.healthChecks().get(2).service()).isEqualTo("s");
    }

    @Test
    void upstreamTlsIsRead() throws ConfigException {
        TlsConfig.Upstream tls = new Bootstraps()
                .with("CLUSTER", CLUSTER)
                .read()
                .clusters()
                .get(0)
                .tls()
                .orElseThrow();

        assertThat(tls.sni()).contains("b.example");
        assertThat(tls.verify()).isTrue();
        assertThat(tls.ca()).isEmpty();
        assertThat(tls.verifyHostname()).isFalse();
        assertThat(tls.subjectAltNames())
                .containsExactly(new TlsConfig.SubjectAltName(
                        TlsConfig.SubjectAltName.Kind.DNS, new StringMatch.Exact("b.example", false)));
        assertThat(tls.alpn()).containsExactly("h2", "http/1.1");
        assertThat(tls.params().minimum()).contains("TLSv1.2");
    }

    @Test
    void aNameInAStaticClusterIsRefusedAndTwoEndpointsOfLogicalDnsToo() {
        String text = new Bootstraps().text();

        assertThatThrownBy(() -> Bootstraps.read(
                        text.replace("address: 127.0.0.1, port_value: 50051", "address: localhost, port_value: 50051")))
                .hasMessageContaining("malformed IP address: 'localhost'")
                .hasMessageContaining("write type: STRICT_DNS");
        assertThatThrownBy(() -> new Bootstraps()
                        .with("CLUSTER", "type: LOGICAL_DNS\nhosts: []")
                        .read())
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void whatWasReadComesBackFromTheOwnFormat() throws ConfigException {
        GatewayConfig config = new Bootstraps()
                .with("MANAGER", MANAGER)
                .with("CLUSTER", CLUSTER)
                .read();

        assertThat(Configs.parse(Configs.write(config), "imported"))
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes("(.*\\.)?places?", "document", "warnings", "dynamic\\.reader")
                .isEqualTo(config);
    }

    @Test
    void theCommandLinesYamlIsMergedOverTheFile() throws Exception {
        Path file = Files.createTempFile("envoy", ".yaml");
        Files.writeString(file, "node: { id: a, cluster: c }\n" + new Bootstraps().text());
        GatewayConfig config = EnvoyBootstrap.read(
                Optional.of(file),
                Optional.of(
                        "node: { id: b }\nadmin: { address: { socket_address: { address: 127.0.0.1, port_value: 1 } } }"),
                Configs.envoy(false, false));
        Files.delete(file);

        assertThat(config.node()).isEqualTo(new GatewayConfig.Node("b", "c", GatewayConfig.Node.Locality.NOWHERE));
        assertThat(config.admin().orElseThrow().port()).isEqualTo(1);
        assertThat(config.listeners()).hasSize(1);
    }

    @Test
    void theResolverIsRead() throws ConfigException {
        String cares = """
                typed_dns_resolver_config:
                  name: envoy.network.dns_resolver.cares
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig
                    resolvers: [ { socket_address: { address: 10.0.0.53, port_value: 0 } } ]
                    query_timeout_seconds: 7
                    query_tries: 3
                    rotate_nameservers: true
                    edns0_max_payload_size: 1232
                    dns_resolver_options: { use_tcp_for_dns_lookups: true, no_default_search_domain: true }
                """;
        GatewayConfig config = new Bootstraps().with("CLUSTER", cares).read();

        assertThat(config.clusters().get(0).discovery().resolver())
                .isEqualTo(new ClusterConfig.Resolver(
                        List.of(new Endpoint("10.0.0.53", 53)), true, true, false, Duration.ofSeconds(7), 3, 1232));
        assertThat(config.warnings()).anyMatch(line -> line.contains("asked over UDP first"));
    }

    @Test
    void whatTheResolverCannotDoIsRefusedByPath() {
        String cares = """
                typed_dns_resolver_config:
                  name: envoy.network.dns_resolver.cares
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig
                    resolvers: [ { socket_address: { address: ns.example, port_value: 53 } } ]
                    use_resolvers_as_fallback: true
                    filter_unroutable_families: true
                """;
        String here = "clusters[0].typed_dns_resolver_config.typed_config.";
        assertThatThrownBy(() -> new Bootstraps().with("CLUSTER", cares).read())
                .hasMessageContaining(here + "use_resolvers_as_fallback: not supported by this gateway")
                .hasMessageContaining(here + "filter_unroutable_families: not supported by this gateway");
        assertThatThrownBy(() -> new Bootstraps()
                        .with("CLUSTER", "dns_resolvers: [ { pipe: { path: /x } } ]")
                        .read())
                .hasMessageContaining("clusters[0].dns_resolvers[0]: DNS resolver '/x' is not an IP address");
    }

    @Test
    void severalAddressesOfAnEndpointAreIpAddresses() {
        assertThatThrownBy(() -> Bootstraps.read(new Bootstraps()
                        .text()
                        .replace(
                                "- endpoint: { address",
                                "- endpoint: { additional_addresses: [ { address: { socket_address:"
                                        + " { address: a.example, port_value: 1 } } } ], address")))
                .hasMessageContaining("endpoint.additional_addresses[0].address: not supported by this gateway")
                .hasMessageContaining("not 'a.example:1'");
    }

    /** What PoliciesTest shows the effect of. */
    @Test
    void slowStartIsReadInAllItsPlaces() throws ConfigException {
        String window = "slow_start_config: { slow_start_window: 7s, aggression: { default_value: 2, runtime_key: k },"
                + " min_weight_percent: { value: 20 } }";
        String typed = "load_balancing_policy: { policies: [ { typed_extension_config: { name: a, typed_config: {"
                + " \"@type\": type.googleapis.com/envoy.extensions.load_balancing_policies.%s, " + window
                + " } } } ] }";
        for (String piece : List.of(
                "round_robin_lb_config: { " + window + " }",
                "lb_policy: LEAST_REQUEST\nleast_request_lb_config: { " + window + " }",
                typed.formatted("round_robin.v3.RoundRobin"),
                typed.formatted("client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin"),
                typed.formatted("least_request.v3.LeastRequest"))) {
            assertThat(new Bootstraps()
                            .with("CLUSTER", piece)
                            .read()
                            .clusters()
                            .get(0)
                            .balancer()
                            .slowStart())
                    .as(piece)
                    .isEqualTo(new ClusterConfig.Balancer.SlowStart(Duration.ofSeconds(7), 2, 0.2));
        }
    }

    /** AssignmentsTest and MembershipTest show what they do where endpoints come and go. */
    @Test
    void whatHoldsWhenEndpointsChangeIsRead() throws ConfigException {
        ClusterConfig cluster = new Bootstraps()
                .with("CLUSTER", "ignore_health_on_host_removal: true")
                .with("ASSIGNMENT", "policy: { endpoint_stale_after: 7s }")
                .read()
                .clusters()
                .get(0);
        assertThat(cluster.discovery().forgetsHealthy()).isTrue();
        assertThat(cluster.assignment().policy().staleAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    /** Only a peer that is cut off shows the other two; ClusterConnectionFieldsTest sees the first. */
    @Test
    void keepAliveOfTcpIsRead() throws ConfigException {
        String fields = "{ keepalive_time: 1, keepalive_interval: 2, keepalive_probes: 3 }";
        assertThat(new Bootstraps()
                        .with("CLUSTER", "upstream_connection_options: { tcp_keepalive: " + fields + " }")
                        .read()
                        .clusters()
                        .get(0)
                        .tcpKeepalive())
                .contains(new ClusterConfig.TcpKeepalive(OptionalInt.of(3), OptionalInt.of(1), OptionalInt.of(2)));
    }

    /** The streams of a test are not its own, so what is written to them is not looked at. */
    @Test
    void logsOnTheStandardStreamsAreRead() throws ConfigException {
        String log = """
                access_log:
                - name: a
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.%sAccessLog
                    log_format: { text_format_source: { inline_string: "%%DURATION%%" } }
                """;
        AccessLogConfig.Format format = new AccessLogConfig.Format.Text("%DURATION%", false);
        assertThat(new Bootstraps()
                        .with("MANAGER", log.formatted("Stdout"))
                        .http()
                        .accessLogs())
                .containsExactly(new AccessLogConfig(new AccessLogConfig.Sink.Stdout(), format, Optional.empty()));
        assertThat(new Bootstraps()
                        .with("MANAGER", log.formatted("Stderr"))
                        .http()
                        .accessLogs())
                .containsExactly(new AccessLogConfig(new AccessLogConfig.Sink.Stderr(), format, Optional.empty()));
    }
}
