package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ProtoFields;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Spans;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;

/** What Envoy files say of tracers that have protocols of their own: their spans are sent as OTLP. */
class OtherTracersTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String AT_ONCE = """
            layered_runtime: { layers: [ { name: all, static_layer: { tracing.opentelemetry.min_flush_spans: 1 } } ] }
            """;

    private final ScriptedBackend backend = new ScriptedBackend().on(PATH, call -> {
        call.awaitEnd();
        call.head().data(Frames.F3).trailers("grpc-status", "0");
    });
    private final ScriptedBackend collector = new ScriptedBackend().on("/v1/traces", call -> {
        call.awaitEnd();
        call.head().lastData(new byte[0]);
    });

    private String file(String manager) {
        return AT_ONCE
                + new EnvoyFile(backend.port())
                        .cluster("otel", collector.port(), "http2_protocol_options: {}")
                        .with("MANAGER", manager)
                        .text();
    }

    private Spans.Span call(String text, String... fields) {
        try (Subject.Running gateway = Subject.GATEWAY.start(text);
                Browser browser = Browser.connect(2, gateway.port())) {
            String[] all = new String[fields.length + 2];
            all[0] = "content-type";
            all[1] = "application/grpc-web+proto";
            System.arraycopy(fields, 0, all, 2, fields.length);
            browser.post(PATH, Frames.F3, all);
            BackendCall seen = collector.next();
            assertThat(seen.header(":authority")).isEqualTo("otel.example");
            return Spans.of(ProtoFields.ofMessage(seen.awaitEnd())).get(0);
        } finally {
            collector.close();
        }
    }

    @Test
    void zipkinKeepsItsFields() {
        Spans.Span span =
                call(file("""
                        tracing:
                          provider:
                            name: envoy.tracers.zipkin
                            typed_config:
                              "@type": type.googleapis.com/envoy.config.trace.v3.ZipkinConfig
                              collector_cluster: otel
                              collector_hostname: otel.example
                              collector_endpoint: /api/v2/spans
                        """), "x-b3-traceid", TRACE, "x-b3-spanid", "b7ad6b7169203331", "x-b3-sampled", "1");

        BackendCall seen = backend.next();
        assertThat(span.traceId()).isEqualTo(TRACE);
        assertThat(span.parent()).isEqualTo("b7ad6b7169203331");
        assertThat(seen.header("x-b3-traceid")).isEqualTo(TRACE);
        assertThat(seen.header("x-b3-spanid")).isEqualTo(span.id());
        assertThat(seen.header("x-b3-parentspanid")).isEqualTo("b7ad6b7169203331");
        assertThat(seen.header("x-b3-sampled")).isEqualTo("1");
        assertThat(seen.header("traceparent")).isNull();
    }

    @Test
    void zipkinMayHaveTheFieldsOfW3cToo() {
        Spans.Span span = call(file("""
                tracing:
                  provider:
                    name: envoy.tracers.zipkin
                    typed_config:
                      "@type": type.googleapis.com/envoy.config.trace.v3.ZipkinConfig
                      collector_cluster: otel
                      collector_hostname: otel.example
                      collector_endpoint: /api/v2/spans
                      trace_context_option: USE_B3_WITH_W3C_PROPAGATION
                """));

        BackendCall seen = backend.next();
        assertThat(seen.header("x-b3-traceid")).isEqualTo(span.traceId());
        assertThat(seen.header("traceparent")).isEqualTo("00-" + span.traceId() + "-" + span.id() + "-01");
    }

    /** The tracer of the bootstrap is that of managers that name none. */
    @Test
    void datadogIsSentAsOtlp() {
        Spans.Span span = call("""
                tracing:
                  http:
                    name: envoy.tracers.datadog
                    typed_config:
                      "@type": type.googleapis.com/envoy.config.trace.v3.DatadogConfig
                      collector_cluster: otel
                      collector_hostname: otel.example
                      service_name: edge
                """ + file("tracing: {}"));

        assertThat(backend.next().header("traceparent")).isEqualTo("00-" + span.traceId() + "-" + span.id() + "-01");
    }
}
