package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Spans;
import io.grpcweb.gateway.testing.Spans.Span;
import io.grpcweb.gateway.testing.Subject;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The span of a question that the filter ext_authz asks over HTTP. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ExtAuthzSpanTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final long SERVER = 2;
    private static final long CLIENT = 3;

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(PATH, call -> {
            call.awaitEnd();
            call.head().data(Frames.F3).trailers("grpc-status", "0");
        });
    }

    private static String file(ScriptedBackend backend, Http1Backend authz, Spans spans, String timeout) {
        String file = new EnvoyFile(backend.port())
                .cluster("authz", authz.port(), "")
                .cluster("otel", spans.port(), "http2_protocol_options: {}")
                .with("BEHIND", """
                        - name: guard
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                            transport_api_version: V3
                            http_service:
                              server_uri: { uri: "http://authz.example/base", cluster: authz, timeout: %s }
                        """.formatted(timeout))
                .with("MANAGER", """
                        tracing:
                          provider:
                            name: envoy.tracers.opentelemetry
                            typed_config:
                              "@type": type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig
                              grpc_service: { envoy_grpc: { cluster_name: otel }, timeout: 5s }
                              service_name: edge
                        """)
                .text();
        return """
                layered_runtime:
                  layers: [ { name: all, static_layer: { tracing: { opentelemetry: { min_flush_spans: 1 } } } } ]
                """ + file;
    }

    private static void call(Subject.Running gateway) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
        }
    }

    /** By their kinds: which of them is sent first is not said. */
    private static Map<Long, Span> both(Spans spans) {
        return Stream.of(spans.next(), spans.next()).collect(Collectors.toMap(Span::kind, span -> span));
    }

    @ParameterizedTest
    @CsvSource({
        "200, OK, ext_authz_ok, false, false",
        "403, Forbidden, ext_authz_unauthorized, true, false",
        "500, Internal Server Error, ext_authz_unauthorized, true, true"
    })
    void itSaysWhatTheServiceHasAnswered(String status, String words, String verdict, boolean failed, boolean error) {
        try (ScriptedBackend backend = backend();
                Http1Backend authz =
                        new Http1Backend(request -> "HTTP/1.1 " + status + " W\r\ncontent-length: 0\r\n\r\n");
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(file(backend, authz, spans, "5s"))) {
            call(gateway);

            Map<Long, Span> both = both(spans);
            Span asked = both.get(CLIENT);
            Span call = both.get(SERVER);
            assertThat(asked.name()).isEqualTo("async authz egress");
            assertThat(asked.parent()).isEqualTo(call.id());
            assertThat(asked.isError()).isEqualTo(failed);
            assertThat(asked.tags())
                    .containsEntry("component", "proxy")
                    .containsEntry("upstream_cluster", "authz")
                    .containsEntry("upstream_cluster.name", "authz")
                    .containsEntry("http.status_code", status)
                    .containsEntry("ext_authz_http_status", words)
                    .containsEntry("ext_authz_status", verdict);
            assertThat(asked.tags().containsKey("error")).isEqualTo(error);
            assertThat(authz.next().field("traceparent")).isEqualTo("00-" + call.traceId() + "-" + asked.id() + "-01");
        }
    }

    @Test
    void aServiceThatIsTooSlowHasStatus504() {
        try (ScriptedBackend backend = backend();
                Http1Backend authz = new Http1Backend(request -> "");
                Spans spans = new Spans();
                Subject.Running gateway = subject.start(file(backend, authz, spans, "0.2s"))) {
            call(gateway);

            Span asked = both(spans).get(CLIENT);
            assertThat(asked.isError()).isTrue();
            assertThat(asked.tags())
                    .containsEntry("http.status_code", "504")
                    .containsEntry("error", "true")
                    .containsEntry("ext_authz_http_status", "Gateway Timeout")
                    .containsEntry("ext_authz_status", "ext_authz_unauthorized");
        }
    }
}
