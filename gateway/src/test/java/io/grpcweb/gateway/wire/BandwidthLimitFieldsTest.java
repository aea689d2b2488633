package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter bandwidth_limit. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record BandwidthLimitFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final byte[] MESSAGE = Frames.message(new byte[4091]);

    private Answer call(String settings, String series) {
        String filter = "- name: bandwidth\n  typed_config: { \"@type\": type.googleapis.com/"
                + "envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit, stat_prefix: edge, " + settings
                + " }\n";
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head("content-type", "application/grpc").data(MESSAGE).trailers("grpc-status", "0");
                });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("FILTERS", filter));
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer = browser.post(PATH, MESSAGE, "content-type", "application/grpc", "te", "trailers");
            assertThat(answer.body()).isEqualTo(MESSAGE);
            assertThat(answer.trailer("grpc-status")).isEqualTo("0");
            assertThat(gateway.page("/stats")).contains(series);
            return answer;
        }
    }

    @Test
    void aResponseIsSlowAndItsTrailersTellForHowLong() {
        long began = System.nanoTime();
        Answer answer = call(
                "enable_mode: RESPONSE, limit_kbps: 16, fill_interval: 0.1s, enable_response_trailers: true,"
                        + " response_trailer_prefix: x",
                "edge.http_bandwidth_limit.response_enabled: 1");
        // Three slices of 1638 bytes, of which the first one comes at once.
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(150_000_000);
        assertThat(Integer.parseInt(answer.trailer("x-bandwidth-response-delay-ms")))
                .isGreaterThanOrEqualTo(100);
    }

    @Test
    void aRequestIsSlow() {
        long began = System.nanoTime();
        Answer answer = call(
                "enable_mode: REQUEST, limit_kbps: 16, fill_interval: 0.1s",
                "edge.http_bandwidth_limit.request_enabled: 1");
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(150_000_000);
        assertThat(answer.trailer("bandwidth-request-delay-ms")).isNull();
    }

    @Test
    void itIsOffWhereTheFileSaysSo() {
        call(
                "enable_mode: RESPONSE, limit_kbps: 1, runtime_enabled: { default_value: false, runtime_key: a }",
                "edge.http_bandwidth_limit.response_enabled: 0");
    }
}
