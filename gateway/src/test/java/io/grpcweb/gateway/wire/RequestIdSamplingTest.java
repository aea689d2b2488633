package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Spans;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of request ids and the decision to trace. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RequestIdSamplingTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";

    /** 5001 of 10,000, and its 15th character says that a proxy before has sampled it. */
    private static final String ID = "00001389-635d-9ceb-b907-12674f8c7267";

    private static final String FILE = """
            layered_runtime: { layers: [ { name: all, static_layer: { tracing: { opentelemetry: { min_flush_spans: 1 } } } } ] }
            """;

    private static final String MANAGER = """
            use_remote_address: false
            preserve_external_request_id: true
            request_id_extension:
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig
                %s
            tracing:
              random_sampling: { value: %s }
              provider:
                name: envoy.tracers.opentelemetry
                typed_config:
                  "@type": type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig
                  grpc_service: { envoy_grpc: { cluster_name: otel }, timeout: 5s }
                  service_name: edge
            """;

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(PATH, call -> {
            call.awaitEnd();
            call.head().data(Frames.F3).trailers("grpc-status", "0");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "pack_trace_reason: true, 0, 01, 9",
        "pack_trace_reason: false, 0, 00, 9",
        "pack_trace_reason: false, 100, 01, 9",
        "use_request_id_for_trace_sampling: true, 0, 01, 9",
        "use_request_id_for_trace_sampling: false, 0, 01, 9"
    })
    void whatTheIdOfATrustedCallerDecides(String field, int random, String flags, char kept) {
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(FILE
                        + new EnvoyFile(backend.port())
                                .cluster("otel", spans.port(), "http2_protocol_options: {}")
                                .with("MANAGER", MANAGER.formatted(field, random))
                                .text());
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto", "x-request-id", ID);

            BackendCall seen = backend.next();
            assertThat(seen.header("traceparent")).endsWith("-" + flags);
            assertThat(seen.header("x-request-id")).isEqualTo(ID.replace("-9", "-" + kept));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pack_trace_reason: true, 9",
        "pack_trace_reason: false, 4",
        "use_request_id_for_trace_sampling: false, 4"
    })
    void whatAnIdTellsThoseBehind(String field, char mark) {
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(FILE
                        + new EnvoyFile(backend.port())
                                .cluster("otel", spans.port(), "http2_protocol_options: {}")
                                .with("MANAGER", MANAGER.formatted(field, 100))
                                .text());
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");

            BackendCall seen = backend.next();
            assertThat(seen.header("x-request-id").charAt(14)).isEqualTo(mark);
            assertThat(spans.next().tags()).containsEntry("guid:x-request-id", seen.header("x-request-id"));
        }
    }
}
