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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filters admission_control and adaptive_concurrency. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record LoadFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] NATIVE = {"content-type", "application/grpc", "te", "trailers"};

    private static String filter(String type, String settings) {
        return "- name: load\n  typed_config: { \"@type\": type.googleapis.com/envoy.extensions.filters.http." + type
                + ", " + settings + " }\n";
    }

    /** How many of 60 calls, one after the other, reach a backend that answers with this. */
    private int reached(String answer, String settings) {
        int reached = 0;
        try (Http1Backend backend = new Http1Backend(request -> answer);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", filter("admission_control.v3.AdmissionControl", settings)));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            for (int i = 0; i < 60; i++) {
                browser.ask("GET", "/");
            }
            while (backend.wasAsked()) {
                backend.next();
                reached++;
            }
            assertThat(gateway.page("/stats")).contains("http.edge.admission_control.rq_rejected: " + (60 - reached));
        }
        return reached;
    }

    @Test
    void whileCallsFailManyAreRefused() {
        String failing = "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n";
        String criteria = "success_criteria: { http_criteria: { http_success_status: [ { start: 100, end: 400 } ] } }";
        // At least one in ten goes through; all would without the filter.
        assertThat(reached(
                        failing,
                        criteria + ", sampling_window: 60s, aggression: { default_value: 2, runtime_key: a },"
                                + " sr_threshold: { default_value: { value: 90 }, runtime_key: b },"
                                + " max_rejection_probability: { default_value: { value: 99 }, runtime_key: c }"))
                .isLessThan(40);
        assertThat(reached(failing, criteria + ", enabled: { default_value: false, runtime_key: a }"))
                .isEqualTo(60);
        assertThat(reached(failing, criteria + ", rps_threshold: { default_value: 1000, runtime_key: a }"))
                .isEqualTo(60);
        assertThat(reached(Http1Backend.OK, criteria)).isEqualTo(60);
    }

    @Test
    void aGrpcStatusIsASuccessIfTheFileSaysSo() {
        String settings = "success_criteria: { grpc_criteria: { grpc_success_status: [ 0, 5 ] } }";
        try (ScriptedBackend backend = new ScriptedBackend()
                        .on(PATH, seen -> seen.trailersOnly("grpc-status", "5"))
                        .on("/wire.Service/Fails", seen -> seen.trailersOnly("grpc-status", "14"));
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("FILTERS", filter("admission_control.v3.AdmissionControl", settings)));
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH, Frames.F3, NATIVE);
            browser.post("/wire.Service/Fails", Frames.F3, NATIVE);
            assertThat(gateway.page("/stats"))
                    .contains("http.edge.admission_control.rq_success: 1", "http.edge.admission_control.rq_failure: 1");
        }
    }

    @Test
    void callsAboveTheLimitAreRefused() {
        String settings = """
                concurrency_limit_exceeded_status: { code: TooManyRequests }, enabled: { default_value: true, runtime_key: a },
                gradient_controller_config: { sample_aggregate_percentile: { value: 90 },
                  concurrency_limit_params: { max_concurrency_limit: 5, min_concurrency_limit: 1, concurrency_update_interval: 60s },
                  min_rtt_calc_params: { interval: 60s, request_count: 10, jitter: { value: 0 }, min_concurrency: 2, buffer: { value: 10 } } }""".replace("\n", " ");
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.trailersOnly("grpc-status", "0");
                });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("FILTERS", filter("adaptive_concurrency.v3.AdaptiveConcurrency", settings)));
                Browser browser = Browser.connect(2, gateway.port())) {
            List<BrowserCall> open = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                open.add(browser.call(PATH, NATIVE));
                backend.next();
            }
            Answer refused = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(refused.status()).isEqualTo(429);
            open.forEach(BrowserCall::end);
            open.forEach(call -> assertThat(call.answer().grpcStatus()).isEqualTo("0"));
            assertThat(browser.post(PATH, Frames.F3, NATIVE).grpcStatus()).isEqualTo("0");
            assertThat(gateway.page("/stats"))
                    .contains(
                            "http.edge.adaptive_concurrency.gradient_controller.rq_blocked: 1",
                            "http.edge.adaptive_concurrency.gradient_controller.min_rtt_calculation_active: 1",
                            "http.edge.adaptive_concurrency.gradient_controller.concurrency_limit: 2");
        }
    }

    @Test
    void theIdealTimeMayBeKnown() {
        String settings =
                "gradient_controller_config: { concurrency_limit_params: { concurrency_update_interval: 60s },"
                        + " min_rtt_calc_params: { fixed_value: 0.25s } }";
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("FILTERS", filter("adaptive_concurrency.v3.AdaptiveConcurrency", settings)))) {
            await().until(() -> gateway.page("/stats")
                    .contains("http.edge.adaptive_concurrency.gradient_controller.min_rtt_msecs: 250"));
        }
    }
}
