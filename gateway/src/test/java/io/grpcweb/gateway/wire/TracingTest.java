package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.LogWatch;
import io.grpcweb.gateway.testing.ProtoFields;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Spans;
import io.grpcweb.gateway.testing.Spans.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A listener that is traced: its spans are a tree, and nothing waits for whoever takes them. */
class TracingTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PAGE = "b7ad6b7169203331";
    private static final int EXPORT_CALLS = 4;

    private static RunningGateway gateway(String tracing, ScriptedBackend backend, int collector) {
        return RunningGateway.of(Setup.parse("""
                listeners.main {
                  listen = "127.0.0.1:0", access-log = []
                  tracing { to = otel, %s }
                  routes = [{ cluster = backend, retry { on = [reset], retries = 1 } }]
                }
                clusters.backend { endpoints = ["127.0.0.1:%d"] }
                clusters.otel { endpoints = ["127.0.0.1:%d"] }
                """.formatted(tracing, backend.port(), collector)));
    }

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(PATH, call -> {
            call.awaitEnd();
            call.head().data(Frames.F2).trailers("grpc-status", "0");
        });
    }

    @Test
    void aCallThatIsTriedTwiceIsOneTree() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Spans spans = new Spans();
                RunningGateway gateway =
                        gateway("resource { service.name = edge }, send.spans = 1", backend, spans.port());
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Queue<BackendCall> tries = new ConcurrentLinkedQueue<>();
            backend.on(PATH, call -> {
                call.awaitEnd();
                tries.add(call);
                if (tries.size() == 1) {
                    call.reset(7);
                } else {
                    call.head().data(Frames.F2).trailers("grpc-status", "5");
                }
            });
            String[] fields = {
                "content-type", "application/grpc-web+proto", "traceparent", "00-" + TRACE + "-" + PAGE + "-01"
            };
            assertThat(browser.post(PATH, Frames.F3, fields).grpcStatus()).isEqualTo("5");

            List<Span> all = List.of(spans.next(), spans.next(), spans.next());
            Span call =
                    all.stream().filter(span -> span.kind() == 2).findFirst().orElseThrow();
            List<Span> attempts = all.stream().filter(span -> span.kind() == 3).toList();
            assertThat(all).allSatisfy(span -> {
                assertThat(span.traceId()).isEqualTo(TRACE);
                assertThat(span.name()).isEqualTo("wire.Service/Call");
                assertThat(span.tags())
                        .containsEntry("rpc.system.name", "grpc")
                        .containsEntry("rpc.method", "wire.Service/Call");
            });
            assertThat(call.parent()).isEqualTo(PAGE);
            assertThat(call.isError()).isFalse();
            assertThat(call.tags())
                    .containsEntry("rpc.response.status_code", "NOT_FOUND")
                    .containsEntry("grpcweb.format", "grpc-web")
                    .containsEntry("server.address", "gateway.test")
                    .containsEntry("client.address", "127.0.0.1");
            assertThat(attempts).hasSize(2).allSatisfy(span -> {
                assertThat(span.parent()).isEqualTo(call.id());
                assertThat(span.isError()).isTrue();
                assertThat(span.tags()).containsEntry("network.peer.port", Integer.toString(backend.port()));
            });
            assertThat(attempts.get(0).tags()).containsEntry("error.type", "remote refused stream reset");
            assertThat(attempts.get(1).tags())
                    .containsEntry("error.type", "NOT_FOUND")
                    .containsEntry("http.request.resend_count", "1");
            assertThat(new ArrayList<>(tries))
                    .extracting(seen -> seen.header("traceparent"))
                    .containsExactly(
                            "00-" + TRACE + "-" + attempts.get(0).id() + "-01",
                            "00-" + TRACE + "-" + attempts.get(1).id() + "-01");
            assertThat(spans.resource()).containsEntry("service.name", "edge");
        }
    }

    @Test
    void noCallWaitsForACollectorThatHangs() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend hung = new ScriptedBackend()
                        .on("/opentelemetry.proto.collector.trace.v1.TraceService/Export", call -> {});
                RunningGateway gateway =
                        gateway("attempts = false, send { spans = 1, most = 2 }", backend, hung.port());
                Http2Browser browser = new Http2Browser(gateway.port())) {
            for (int i = 0; i < EXPORT_CALLS + 2 + 3; i++) {
                assertThat(browser.post(PATH, Frames.F3, WEB).grpcStatus()).isEqualTo("0");
            }

            await().untilAsserted(() -> assertThat(gateway.stat("tracing.opentelemetry.spans_dropped"))
                    .isEqualTo(3));
            assertThat(gateway.stat("tracing.opentelemetry.spans_sent")).isZero();
            assertThat(gateway.stat("cluster.otel.upstream_rq_active")).isEqualTo(EXPORT_CALLS);
        }
    }

    @Test
    void spansThatDoNotArriveAreCountedAndSaid() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend refusing = new ScriptedBackend()
                        .on("/opentelemetry.proto.collector.trace.v1.TraceService/Export", call -> {
                            call.awaitEnd();
                            call.trailersOnly("grpc-status", "8", "grpc-message", "full");
                        });
                RunningGateway gateway = gateway("attempts = false, send.spans = 1", backend, refusing.port());
                Http2Browser browser = new Http2Browser(gateway.port());
                LogWatch log = new LogWatch()) {
            browser.post(PATH, Frames.F3, WEB);
            browser.post(PATH, Frames.F3, WEB);

            await().untilAsserted(() -> assertThat(gateway.stat("tracing.opentelemetry.spans_dropped"))
                    .isEqualTo(2));
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains("otel"))
                    .containsExactly("spans do not reach the cluster otel and are dropped: RESOURCE_EXHAUSTED, full");
        }
    }

    @Test
    void aServiceThatAFilterAsksIsPartOfTheTree() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = new ScriptedBackend()
                        .on("/envoy.service.auth.v3.Authorization/Check", call -> {
                            call.awaitEnd();
                            call.head()
                                    .data(ProtoFields.of(2, ProtoFields.of()).frame())
                                    .trailers("grpc-status", "0");
                        });
                Spans spans = new Spans();
                RunningGateway gateway =
                        RunningGateway.of(Setup.parse("""
                        listeners.main {
                          listen = "127.0.0.1:0", access-log = []
                          tracing { to = otel, names = envoy, attempts = false, send.spans = 1 }
                          filters = [grpc-web, { type = ext-authz, grpc { cluster = authz, timeout = 5s } }, router]
                          routes = [{ cluster = backend }]
                        }
                        clusters.backend { endpoints = ["127.0.0.1:%d"] }
                        clusters.authz { endpoints = ["127.0.0.1:%d"] }
                        clusters.otel { endpoints = ["127.0.0.1:%d"] }
                        """.formatted(backend.port(), service.port(), spans.port())));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.post(PATH, Frames.F3, WEB);

            // Which of them is sent first is not said.
            List<Span> both = List.of(spans.next(), spans.next());
            Span asked =
                    both.stream().filter(span -> span.kind() == 3).findFirst().orElseThrow();
            Span call =
                    both.stream().filter(span -> span.kind() == 2).findFirst().orElseThrow();
            assertThat(asked.name()).isEqualTo("async envoy.service.auth.v3.Authorization.Check egress");
            assertThat(asked.parent()).isEqualTo(call.id());
            assertThat(asked.tags())
                    .containsEntry("grpc.status_code", "0")
                    .containsEntry("ext_authz_status", "ext_authz_ok")
                    .containsEntry("upstream_cluster", "authz");
            assertThat(service.next().header("traceparent"))
                    .isEqualTo("00-" + call.traceId() + "-" + asked.id() + "-01");
        }
    }

    @Test
    void aServiceThatAFilterAsksOverHttpHasTheNamesOfHttp() {
        try (ScriptedBackend backend = backend();
                Http1Backend service =
                        new Http1Backend(request -> "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
                Spans spans = new Spans();
                RunningGateway gateway =
                        RunningGateway.of(Setup.parse("""
                        listeners.main {
                          listen = "127.0.0.1:0", access-log = []
                          tracing { to = otel, attempts = false, send.spans = 1 }
                          filters = [grpc-web, { type = ext-authz, http { cluster = authz, timeout = 5s } }, router]
                          routes = [{ cluster = backend }]
                        }
                        clusters.backend { endpoints = ["127.0.0.1:%d"] }
                        clusters.authz { endpoints = ["127.0.0.1:%d"], protocol = http1 }
                        clusters.otel { endpoints = ["127.0.0.1:%d"] }
                        """.formatted(backend.port(), service.port(), spans.port())));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.post(PATH, Frames.F3, WEB);

            Span asked = Stream.of(spans.next(), spans.next())
                    .filter(span -> span.kind() == 3)
                    .findFirst()
                    .orElseThrow();
            assertThat(asked.name()).isEqualTo("POST");
            assertThat(asked.isError()).isTrue();
            assertThat(asked.tags())
                    .containsEntry("http.request.method", "POST")
                    .containsEntry("http.response.status_code", "403")
                    .containsEntry("error.type", "403")
                    .containsEntry("grpcweb.cluster", "authz")
                    .doesNotContainKey("rpc.method");
        }
    }

    @Test
    void aTraceIsFoundByALatency() {
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                RunningGateway gateway = RunningGateway.of(Setup.parse("""
                        admin.listen = "127.0.0.1:0"
                        listeners.main {
                          listen = "127.0.0.1:0", access-log = []
                          tracing { to = otel, attempts = false, send.spans = 1 }
                          routes = [{ cluster = backend }]
                        }
                        clusters.backend { endpoints = ["127.0.0.1:%d"] }
                        clusters.otel { endpoints = ["127.0.0.1:%d"] }
                        """.formatted(backend.port(), spans.port())));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.post(PATH, Frames.F3, WEB);

            Span call = spans.next();
            String exemplar = " # {span_id=\"" + call.id() + "\",trace_id=\"" + call.traceId() + "\"} ";
            await().untilAsserted(() -> assertThat(metrics(gateway, "application/openmetrics-text"))
                    .contains(exemplar)
                    .endsWith("\n# EOF\n"));
            assertThat(metrics(gateway, "text/plain"))
                    .contains("gateway_call_duration_seconds_bucket{")
                    .doesNotContain(call.traceId());
        }
    }

    private static String metrics(RunningGateway gateway, String accept) {
        return Http1Browser.once(gateway.adminPort(), "GET", "/metrics", "accept", accept)
                .text();
    }

    @Test
    void spansDoNotWaitForOthers() {
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans();
                RunningGateway gateway =
                        gateway("attempts = false, send { spans = 512, interval = 50ms }", backend, spans.port());
                Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.post(PATH, Frames.F3, WEB);

            assertThat(spans.next().name()).isEqualTo("wire.Service/Call");
            await().untilAsserted(() -> assertThat(gateway.stat("tracing.opentelemetry.timer_flushed"))
                    .isEqualTo(1));
        }
    }

    @Test
    void whatWaitsAtTheEndIsSent() {
        try (ScriptedBackend backend = backend();
                Spans spans = new Spans()) {
            try (RunningGateway gateway =
                            gateway("attempts = false, send { spans = 512, interval = 1h }", backend, spans.port());
                    Http2Browser browser = new Http2Browser(gateway.port())) {
                browser.post(PATH, Frames.F3, WEB);
            }
            assertThat(spans.next().name()).isEqualTo("wire.Service/Call");
        }
    }

    @Test
    void aRequestOfHttpHasTheNamesOfHttp() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Spans spans = new Spans();
                RunningGateway gateway = gateway("attempts = false, send.spans = 1", backend, spans.port());
                Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.post("/page?a=1", new byte[0], "content-type", "text/plain");

            Span span = spans.next();
            assertThat(span.name()).isEqualTo("POST");
            assertThat(span.tags())
                    .containsEntry("http.request.method", "POST")
                    .containsEntry("http.response.status_code", "415")
                    .containsEntry("url.path", "/page")
                    .doesNotContainKey("rpc.method");
        }
    }
}
