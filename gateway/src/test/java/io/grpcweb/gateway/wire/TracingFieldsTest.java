package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ProtoFields;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Spans;
import io.grpcweb.gateway.testing.Spans.Span;
import io.grpcweb.gateway.testing.Subject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of tracing. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record TracingFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String PARENT = "00-" + TRACE + "-" + CALLER + "-";

    /** Each span is sent at once. */
    private static final String AT_ONCE = """
            node: { id: n1, locality: { zone: z1 } }
            layered_runtime: { layers: [ { name: all, static_layer: { tracing: { opentelemetry: { min_flush_spans: 1 } } } } ] }
            """;

    private static final String SAMPLER = """
            sampler: { name: one, typed_config: {
              "@type": type.googleapis.com/envoy.extensions.tracers.opentelemetry.samplers.v3.%s } }
            """;

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(PATH, call -> {
            call.awaitEnd();
            call.head().data(Frames.F3).trailers("grpc-status", "0");
        });
    }

    private static EnvoyFile file(ScriptedBackend backend, Spans spans, String manager, String provider) {
        return new EnvoyFile(backend.port())
                .cluster("otel", spans.port(), "http2_protocol_options: {}")
                .with("MANAGER", """
                        tracing:
                          %s
                          provider:
                            name: envoy.tracers.opentelemetry
                            typed_config:
                              "@type": type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig
                              grpc_service: { envoy_grpc: { cluster_name: otel }, timeout: 5s }
                              service_name: edge
                              %s
                        """.formatted(
                        manager.strip().replace("\n", "\n  "), provider.strip().replace("\n", "\n      ")));
    }

    private static void call(Subject.Running gateway, String path, String... fields) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            String[] all = new String[fields.length + 2];
            all[0] = "content-type";
            all[1] = "application/grpc-web+proto";
            System.arraycopy(fields, 0, all, 2, fields.length);
            browser.post(path, Frames.F3, all);
        }
    }

    @Test
    void aSpanSaysWhatEnvoysSays() {
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway =
                        subject.start(AT_ONCE + file(backend, spans, "", "").text())) {
            call(gateway, PATH, "user-agent", "page", "traceparent", PARENT + "01", "tracestate", "a=1");

            BackendCall seen = backend.next();
            Span span = spans.next();
            assertThat(seen.header("traceparent")).isEqualTo("00-" + TRACE + "-" + span.id() + "-01");
            assertThat(seen.header("tracestate")).isEqualTo("a=1");
            assertThat(seen.header("x-request-id").charAt(14)).isEqualTo('9');
            assertThat(span.traceId()).isEqualTo(TRACE);
            assertThat(span.parent()).isEqualTo(CALLER);
            assertThat(span.name()).isEqualTo("ingress");
            assertThat(span.kind()).isEqualTo(2);
            assertThat(span.isError()).isFalse();
            assertThat(span.tags())
                    .containsEntry("node_id", "n1")
                    .containsEntry("zone", "z1")
                    .containsEntry("guid:x-request-id", seen.header("x-request-id"))
                    .containsEntry("http.method", "POST")
                    .containsEntry("http.protocol", "HTTP/2")
                    .containsEntry("http.status_code", "200")
                    .containsEntry("user_agent", "page")
                    .containsEntry("grpc.path", PATH)
                    .containsEntry("grpc.content_type", "application/grpc")
                    .containsEntry("request_size", "8")
                    .containsEntry("response_size", "28")
                    .containsEntry("response_flags", "-")
                    .containsEntry("peer.address", "127.0.0.1")
                    .containsEntry("component", "proxy")
                    .containsEntry("upstream_cluster", "backend");
            assertThat(spans.resource()).containsEntry("service.name", "edge").containsKey("telemetry.sdk.name");
        }
    }

    @Test
    void everySpanHasTheStateOfTheCaller() {
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(AT_ONCE
                        + file(backend, spans, "spawn_upstream_span: true", "").text())) {
            call(gateway, PATH, "traceparent", PARENT + "01", "tracestate", "a=1");

            assertThat(List.of(spans.next(), spans.next()))
                    .extracting(Span::state)
                    .containsExactly("a=1", "a=1");
        }
    }

    @Test
    void samplingDecidesByShares() {
        String manager = "random_sampling: { value: 0 }\nclient_sampling: { value: 100 }";
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(
                        AT_ONCE + file(backend, spans, manager, "").text())) {
            call(gateway, PATH);
            BackendCall unsampled = backend.next();
            assertThat(unsampled.header("traceparent")).endsWith("-00");
            assertThat(unsampled.header("x-request-id").charAt(14)).isEqualTo('4');

            call(gateway, PATH, "x-client-trace-id", "abc");
            BackendCall asked = backend.next();
            assertThat(asked.header("x-request-id").charAt(14)).isEqualTo('b');
            assertThat(spans.next().tags()).containsEntry("guid:x-client-trace-id", "abc");
        }
    }

    @Test
    void overallSamplingCountsForAll() {
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(AT_ONCE
                        + file(backend, spans, "overall_sampling: { value: 0 }", "")
                                .text())) {
            call(gateway, PATH);

            assertThat(backend.next().header("traceparent")).endsWith("-00");
        }
    }

    @Test
    void attemptsHaveSpansAndTags() {
        String manager = """
                spawn_upstream_span: true
                verbose: true
                max_path_tag_length: 5
                operation: "%REQ(:METHOD)% it"
                upstream_operation: "to %UPSTREAM_CLUSTER%"
                custom_tags:
                - { tag: zone, literal: { value: "50%" } }
                - { tag: user, request_header: { name: x-user, default_value: nobody } }
                - { tag: role, request_header: { name: x-role } }
                - { tag: home, environment: { name: NO_SUCH_VARIABLE, default_value: none } }
                - { tag: status, value: "%RESPONSE_CODE%" }
                - tag: tier
                  metadata: { kind: { request: {} }, metadata_key: { key: own, path: [ { key: tier } ] }, default_value: d }
                """;
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(
                        AT_ONCE + file(backend, spans, manager, "").text())) {
            call(gateway, PATH, "x-user", "ann");

            BackendCall seen = backend.next();
            List<Span> both = List.of(spans.next(), spans.next());
            Span attempt =
                    both.stream().filter(one -> one.kind() == 3).findFirst().orElseThrow();
            Span exchange =
                    both.stream().filter(one -> one.kind() == 2).findFirst().orElseThrow();
            assertThat(seen.header("traceparent")).isEqualTo("00-" + exchange.traceId() + "-" + attempt.id() + "-01");
            assertThat(attempt.parent()).isEqualTo(exchange.id());
            assertThat(attempt.name()).isEqualTo("to backend");
            assertThat(attempt.tags())
                    .containsEntry("upstream_address", "127.0.0.1:" + backend.port())
                    .containsEntry("grpc.status_code", "0")
                    .containsEntry("user", "ann");
            assertThat(attempt.events())
                    .containsExactly(
                            "first_upstream_tx_byte_sent",
                            "last_upstream_tx_byte_sent",
                            "first_upstream_rx_byte_received",
                            "last_upstream_rx_byte_received");
            assertThat(exchange.name()).isEqualTo("POST it");
            assertThat(exchange.events()).hasSize(7);
            assertThat(exchange.tags())
                    .containsEntry("zone", "50%")
                    .containsEntry("user", "ann")
                    .containsEntry("home", "none")
                    .containsEntry("status", "200")
                    .containsEntry("tier", "d")
                    .doesNotContainKey("role");
            assertThat(exchange.tags().get("http.url")).endsWith("/wire");
        }
    }

    @Test
    void aRouteHasItsOwn() {
        String routes = """
                - match: { path: /wire.Service/Call }
                  route: { cluster: backend }
                  decorator: { operation: call-it, propagate: true }
                  tracing:
                    client_sampling: { numerator: 0 }
                    random_sampling: { numerator: 100 }
                    overall_sampling: { numerator: 100 }
                    custom_tags: [ { tag: where, literal: { value: route } } ]
                - match: { prefix: / }
                  route: { cluster: backend }
                  tracing: { operation: mine, upstream_operation: theirs }
                """;
        String manager = "spawn_upstream_span: true";
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(AT_ONCE
                        + file(backend, spans, manager, "")
                                .with("ROUTES", routes)
                                .text())) {
            try (Browser browser = Browser.connect(2, gateway.port())) {
                assertThat(browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto")
                                .header("x-envoy-decorator-operation"))
                        .isEqualTo("call-it");
            }
            assertThat(List.of(spans.next(), spans.next()))
                    .anySatisfy(span -> {
                        assertThat(span.name()).isEqualTo("call-it");
                        assertThat(span.tags()).containsEntry("where", "route");
                    })
                    .anySatisfy(span -> assertThat(span.name()).isEqualTo("router backend egress"));
        }
    }

    @Test
    void aRouteNamesItsSpans() {
        String routes = """
                - match: { prefix: / }
                  route: { cluster: backend }
                  tracing: { operation: mine, upstream_operation: theirs }
                """;
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(AT_ONCE
                        + file(backend, spans, "spawn_upstream_span: true", "")
                                .with("ROUTES", routes)
                                .text())) {
            call(gateway, PATH);

            assertThat(List.of(spans.next().name(), spans.next().name())).containsExactlyInAnyOrder("mine", "theirs");
        }
    }

    @Test
    void theContextOfTheClientMayPassUntouched() {
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(AT_ONCE
                        + file(backend, spans, "no_context_propagation: true", "")
                                .text())) {
            call(gateway, PATH, "traceparent", PARENT + "01");

            assertThat(backend.next().header("traceparent")).isEqualTo(PARENT + "01");
            assertThat(spans.next().parent()).isEqualTo(CALLER);
        }
    }

    @Test
    void alwaysOnOverrulesTheCaller() {
        String provider = SAMPLER.formatted("AlwaysOnSamplerConfig") + """
                max_cache_size: 100
                set_telemetry_sdk_resource_attributes: false
                set_service_name_resource_attribute: false
                resource_detectors:
                - name: own
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig
                    attributes: { team: web }
                """;
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(
                        AT_ONCE + file(backend, spans, "", provider).text())) {
            call(gateway, PATH, "traceparent", PARENT + "00");

            assertThat(spans.next().traceId()).isEqualTo(TRACE);
            assertThat(spans.resource()).containsOnly(Map.entry("team", "web"));
        }
    }

    @Test
    void aShareOfTracesAndTheCallerDecide() {
        String provider = """
                sampler: { name: one, typed_config: {
                  "@type": type.googleapis.com/envoy.extensions.tracers.opentelemetry.samplers.v3.ParentBasedSamplerConfig,
                  wrapped_sampler: { name: two, typed_config: {
                    "@type": type.googleapis.com/envoy.extensions.tracers.opentelemetry.samplers.v3.TraceIdRatioBasedSamplerConfig,
                    sampling_percentage: { numerator: 0 } } } } }
                """;
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(
                        AT_ONCE + file(backend, spans, "", provider).text())) {
            call(gateway, PATH);
            call(gateway, PATH, "traceparent", PARENT + "01");

            assertThat(backend.next().header("traceparent")).endsWith("-00");
            assertThat(spans.next().traceId()).isEqualTo(TRACE);
        }
    }

    @Test
    void aCollectorMayTakeSpansOverHttp() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend collector = new ScriptedBackend().on("/v1/traces?key=1", call -> {
                    call.awaitEnd();
                    call.head().lastData(new byte[0]);
                });
                Subject.Running gateway = subject.start(AT_ONCE
                        + new EnvoyFile(backend.port())
                                .cluster("otel", collector.port(), "http2_protocol_options: {}")
                                .with("MANAGER", """
                                        tracing:
                                          provider:
                                            name: envoy.tracers.opentelemetry
                                            typed_config:
                                              "@type": type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig
                                              http_service:
                                                http_uri: { uri: "http://otel.example/v1/traces?key=1", cluster: otel, timeout: 5s }
                                                request_headers_to_add: [ { header: { key: x-team, value: web } } ]
                                        """)
                                .text())) {
            call(gateway, PATH);

            BackendCall seen = collector.next();
            assertThat(seen.header(":authority")).isEqualTo("otel.example");
            assertThat(seen.header("content-type")).isEqualTo("application/x-protobuf");
            assertThat(seen.header("x-team")).isEqualTo("web");
            assertThat(Spans.of(ProtoFields.ofMessage(seen.awaitEnd())))
                    .singleElement()
                    .satisfies(span -> assertThat(span.name()).isEqualTo("ingress"));
        }
    }
}
