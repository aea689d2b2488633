package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter fault. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record FaultFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String ALL = "percentage: { numerator: 100 }";

    private static String filter(String settings) {
        return """
                - name: fault
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault, %s }
                """.formatted(settings);
    }

    private Subject.Running start(int backend, String settings) {
        return subject.start(new EnvoyFile(backend).http1().with("FILTERS", filter(settings)));
    }

    private static Answer ask(Subject.Running gateway, String... fields) {
        return Http1Browser.once(gateway.port(), "GET", "/", fields);
    }

    @Test
    void aRequestIsAnsweredWithAStatus() {
        String settings = "headers: [ { name: x-fault, string_match: { exact: 'yes' } } ], abort: { http_status: 418, "
                + "response_body: 'no tea', " + ALL + " }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend.port(), settings)) {
            Answer aborted = ask(gateway, "x-fault", "yes");
            assertThat(aborted.status()).isEqualTo(418);
            assertThat(aborted.text()).isEqualTo("no tea");
            assertThat(backend.wasAsked()).isFalse();
            assertThat(ask(gateway).status()).isEqualTo(200);
            assertThat(gateway.page("/stats")).contains("http.edge.fault.aborts_injected: 1");
        }
    }

    @Test
    void aRequestWithAFaultHasItsMetadata() {
        String settings = "filter_metadata: { why: test }, delay: { fixed_delay: 0.001s, " + ALL
                + " }, headers: [ { name: x-fault, string_match: { exact: 'yes' } } ]";
        String header = "response_headers_to_add: [ { header: { key: x-why, value: "
                + "\"%DYNAMIC_METADATA(envoy.filters.http.fault:why)%\" } } ]";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("HOST", header)
                        .with("FILTERS", filter(settings)))) {
            assertThat(ask(gateway, "x-fault", "yes").header("x-why")).isEqualTo("test");
            assertThat(ask(gateway).header("x-why")).isIn("-", null);
        }
    }

    @Test
    void aNativeCallIsAnsweredWithAGrpcStatus() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("FILTERS", filter("abort: { grpc_status: 8, " + ALL + " }")));
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer aborted = browser.post(PATH, Frames.F3, "content-type", "application/grpc", "te", "trailers");
            assertThat(aborted.status()).isEqualTo(200);
            assertThat(aborted.header("grpc-status")).isEqualTo("8");
            assertThat(aborted.header("grpc-message")).isEqualTo("fault filter abort");
        }
    }

    @Test
    void aRequestAsksForItsFaultItself() {
        String settings = "abort: { header_abort: {}, percentage: { numerator: 10000, denominator: TEN_THOUSAND } }, "
                + "delay: { header_delay: {}, " + ALL + " }, response_rate_limit: { header_limit: {}, " + ALL + " }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend.port(), settings)) {
            assertThat(ask(gateway, "x-envoy-fault-abort-request", "429").status())
                    .isEqualTo(429);
            assertThat(ask(gateway, "x-envoy-fault-abort-request", "42").status())
                    .isEqualTo(200);
            assertThat(ask(gateway, "x-envoy-fault-abort-request", "429", "x-envoy-fault-abort-request-percentage", "0")
                            .status())
                    .isEqualTo(200);
            long began = System.nanoTime();
            assertThat(ask(gateway, "x-envoy-fault-delay-request", "120").status())
                    .isEqualTo(200);
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(120_000_000);
            assertThat(ask(gateway, "x-envoy-fault-throughput-response", "1").text())
                    .isEqualTo("ok");
            assertThat(gateway.page("/stats"))
                    .contains(
                            "http.edge.fault.aborts_injected: 1",
                            "http.edge.fault.delays_injected: 1",
                            "http.edge.fault.response_rl_injected: 1");
        }
    }

    @Test
    void aShareOfNothingIsNothingAndSoIsAnotherClusterOrNode() {
        for (String settings : new String[] {
            "abort: { http_status: 503, percentage: { numerator: 0 } }",
            "upstream_cluster: elsewhere, abort: { http_status: 503, " + ALL + " }",
            "downstream_nodes: [ one ], abort: { http_status: 503, " + ALL + " }"
        }) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = start(backend.port(), settings)) {
                assertThat(ask(gateway).status()).isEqualTo(200);
            }
        }
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        start(backend.port(), "upstream_cluster: backend, abort: { http_status: 503, " + ALL + " }")) {
            assertThat(ask(gateway).status()).isEqualTo(503);
        }
    }

    @Test
    void oneFaultAtATime() {
        String settings = "max_active_faults: 1, delay: { fixed_delay: 30s, " + ALL
                + " }, headers: [ { name: x-slow, present_match: true } ]";
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).with("FILTERS", filter(settings)));
                Browser browser = Browser.connect(2, gateway.port())) {
            String[] fields = {"content-type", "application/grpc", "te", "trailers", "x-slow", "1"};
            BrowserCall slow = browser.call(PATH, fields);
            await().until(() -> gateway.page("/stats").contains("http.edge.fault.active_faults: 1"));
            assertThat(browser.post(PATH, Frames.F3, fields).grpcStatus()).isEqualTo("0");
            slow.cancel();
            await().until(() -> gateway.page("/stats").contains("http.edge.fault.active_faults: 0"));
            assertThat(gateway.page("/stats"))
                    .contains("http.edge.fault.faults_overflow: 1", "http.edge.fault.delays_injected: 1");
            backend.next();
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void aResponseIsSlow() {
        String settings = "response_rate_limit: { fixed_limit: { limit_kbps: 32 }, " + ALL + " }";
        byte[] message = Frames.message(new byte[8187]);
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head("content-type", "application/grpc").data(message).trailers("grpc-status", "0");
                });
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).with("FILTERS", filter(settings)));
                Browser browser = Browser.connect(2, gateway.port())) {
            long began = System.nanoTime();
            Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.body()).isEqualTo(Frames.concat(message, Frames.T0));
            // Five slices of 50 ms at 1638 bytes each; the first one comes at once.
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(150_000_000);
        }
    }
}
