package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ProtoFields;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of access logs that are sent to services. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RemoteLogFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String ALS = "/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";
    private static final String LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    private static final String OTLP =
            "\"@type\": type.googleapis.com/envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig";

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(PATH, call -> {
            call.awaitEnd();
            call.head("x-a", "1").data(Frames.F3).trailers("grpc-status", "5", "x-late", "2");
        });
    }

    private static ScriptedBackend otel() {
        return new ScriptedBackend().on(LOGS, call -> {
            call.awaitEnd();
            call.head().data(ProtoFields.of().frame()).trailers("grpc-status", "0");
        });
    }

    private static EnvoyFile file(ScriptedBackend backend, ScriptedBackend service, String name, String config) {
        return new EnvoyFile(backend.port())
                .cluster("logs", service.port(), "http2_protocol_options: {}")
                .with("MANAGER", """
                        access_log:
                        - name: %s
                          typed_config:
                            %s
                        """.formatted(name, config.strip().replace("\n", "\n    ")));
    }

    private static void call(Subject.Running gateway, String... fields) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH, Frames.F3, fields);
        }
    }

    private static ProtoFields entry(ScriptedBackend service) {
        return ProtoFields.ofFrame(service.next().awaitEnd()).at(1, 2, 2);
    }

    private static Map<String, String> attributes(ProtoFields owner, int field) {
        Map<String, String> found = new TreeMap<>();
        owner.all(field).forEach(one -> found.put(one.text(1), one.at(2).text(1)));
        return found;
    }

    @Test
    void envoysServiceGetsEntries() {
        String config = """
                "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig
                common_config:
                  log_name: edge
                  transport_api_version: V3
                  buffer_size_bytes: 1
                  buffer_flush_interval: 0.1s
                  grpc_service: { envoy_grpc: { cluster_name: logs } }
                  custom_tags: [ { tag: zone, literal: { value: north } } ]
                additional_request_headers_to_log: [ X-User, x-none ]
                additional_response_headers_to_log: [ x-a ]
                additional_response_trailers_to_log: [ x-late ]
                """;
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = new ScriptedBackend().on(ALS, BackendCall::head);
                Subject.Running gateway = subject.start("node: { id: n1, cluster: c1 }\n"
                        + file(backend, service, "envoy.access_loggers.http_grpc", config)
                                .text())) {
            call(gateway, "content-type", "application/grpc", "te", "trailers", "x-user", "ann", "user-agent", "page");

            // Envoy does not end its stream.
            BackendCall stream = service.next();
            byte[] prefix = stream.awaitBytes(5);
            int length = (prefix[3] & 0xff) << 8 | prefix[4] & 0xff;
            byte[] frame = Arrays.copyOf(stream.awaitBytes(5 + length), 5 + length);
            ProtoFields message = ProtoFields.ofFrame(frame);
            assertThat(message.at(1).text(2)).isEqualTo("edge");
            assertThat(message.at(1, 1).text(1)).isEqualTo("n1");
            ProtoFields entry = message.at(2, 1);
            assertThat(entry.whole(2)).isEqualTo(3);
            ProtoFields common = entry.at(1);
            assertThat(common.at(20, 1).text(2)).isEqualTo("127.0.0.1");
            assertThat(common.at(13, 1).whole(3)).isEqualTo(backend.port());
            assertThat(common.text(15)).isEqualTo("backend");
            assertThat(common.map(22)).containsEntry("zone", "north");
            assertThat(common.whole(24)).isEqualTo(1);
            assertThat(common.whole(33)).isEqualTo(6);
            ProtoFields request = entry.at(3);
            assertThat(request.whole(1)).isEqualTo(3);
            assertThat(request.text(5)).isEqualTo(PATH);
            assertThat(request.text(6)).isEqualTo("page");
            assertThat(request.text(9)).hasSize(36);
            assertThat(request.whole(12)).isEqualTo(8);
            assertThat(request.map(13)).containsOnly(Map.entry("x-user", "ann"));
            ProtoFields response = entry.at(4);
            assertThat(response.at(1).whole(1)).isEqualTo(200);
            assertThat(response.whole(3)).isEqualTo(8);
            assertThat(response.map(4)).containsOnly(Map.entry("x-a", "1"));
            assertThat(response.map(5)).containsOnly(Map.entry("x-late", "2"));
            assertThat(response.text(6)).isEqualTo("via_upstream");
        }
    }

    @Test
    void aCollectorGetsRecords() {
        String config = OTLP + """

                log_name: edge
                buffer_size_bytes: 1
                buffer_flush_interval: 0.1s
                grpc_service: { envoy_grpc: { cluster_name: logs } }
                resource_attributes: { values: [ { key: service.name, value: { string_value: shop } } ] }
                resource_detectors:
                - name: own
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig
                    attributes: { team: web }
                body: { kvlist_value: { values: [ { key: method, value: { string_value: "%REQ(:METHOD)%" } },
                  { key: list, value: { array_value: { values: [ { string_value: "%PROTOCOL%" } ] } } } ] } }
                attributes: { values: [ { key: path, value: { string_value: "%REQ(:PATH)%" } } ] }
                custom_tags: [ { tag: zone, literal: { value: north } } ]
                """;
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = otel();
                Subject.Running gateway = subject.start("node: { id: n1, cluster: c1 }\n"
                        + file(backend, service, "envoy.access_loggers.open_telemetry", config)
                                .text())) {
            call(gateway, "content-type", "application/grpc-web+proto");

            ProtoFields message = ProtoFields.ofFrame(service.next().awaitEnd());
            assertThat(attributes(message.at(1, 1), 1))
                    .containsEntry("service.name", "shop")
                    .containsEntry("team", "web")
                    .containsEntry("log_name", "edge")
                    .containsEntry("node_name", "n1")
                    .containsEntry("cluster_name", "c1");
            ProtoFields entry = message.at(1, 2, 2);
            assertThat(entry.at(5).at(6).all(1)).anySatisfy(member -> {
                assertThat(member.text(1)).isEqualTo("method");
                assertThat(member.at(2).text(1)).isEqualTo("POST");
            });
            assertThat(entry.at(5).at(6).all(1)).anySatisfy(member -> {
                assertThat(member.text(1)).isEqualTo("list");
                assertThat(member.at(2, 5, 1).text(1)).isEqualTo("HTTP/2");
            });
            assertThat(attributes(entry, 6)).containsEntry("path", PATH).containsEntry("zone", "north");
        }
    }

    @Test
    void theOlderNamesOfFieldsCountToo() {
        String config = OTLP + """

                common_config:
                  log_name: edge
                  transport_api_version: V3
                  buffer_size_bytes: 1
                  grpc_service: { envoy_grpc: { cluster_name: logs } }
                disable_builtin_labels: true
                body: { string_value: "%REQ(:METHOD)% %RESPONSE_CODE%" }
                """;
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = otel();
                Subject.Running gateway =
                        subject.start(file(backend, service, "envoy.access_loggers.open_telemetry", config))) {
            call(gateway, "content-type", "application/grpc-web+proto");

            assertThat(entry(service).at(5).text(1)).isEqualTo("POST 200");
        }
    }

    @Test
    void recordsMayLeaveOverHttp() {
        String config = OTLP + """

                log_name: edge
                buffer_size_bytes: 1
                http_service: { http_uri: { uri: "http://otel.example/v1/logs", cluster: logs, timeout: 5s } }
                body: { string_value: "%REQ(:METHOD)%" }
                """;
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = new ScriptedBackend().on("/v1/logs", call -> {
                    call.awaitEnd();
                    call.head().lastData(new byte[0]);
                });
                Subject.Running gateway =
                        subject.start(file(backend, service, "envoy.access_loggers.open_telemetry", config))) {
            call(gateway, "content-type", "application/grpc-web+proto");

            ProtoFields message = ProtoFields.ofMessage(service.next().awaitEnd());
            assertThat(message.at(1, 2, 2, 5).text(1)).isEqualTo("POST");
        }
    }
}
