package io.grpcweb.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * A call that a filter below {@code grpc_web} refuses: the answer has the form of the call.
 *
 * @param filter one entry of {@code http_filters}, which refuses every call
 * @param grpcStatus that the caller reads
 * @param message that the caller reads
 */
public record RefusedCall(Subject subject, String filter, String grpcStatus, String message) {
    private static final String WEB = "- name: web\n  typed_config: { \"@type\":"
            + " type.googleapis.com/envoy.extensions.filters.http.grpc_web.v3.GrpcWeb }\n";

    /**
     * Makes the call and looks at the answer.
     *
     * @param http version of the call, 1 or 2
     * @param type content-type of the call
     * @param status HTTP status that is expected
     * @param more further fields of the call, names and values in turn
     */
    public void expect(int http, String type, int status, String... more) {
        List<String> fields = new ArrayList<>(List.of("content-type", type, "accept", type, "te", "trailers"));
        fields.addAll(List.of(more));
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("FILTERS", WEB + filter));
                Browser browser = Browser.connect(http, gateway.port())) {
            byte[] body = type.contains("text") ? Frames.text(Frames.F3) : Frames.F3;
            Answer answer = browser.post("/a.B/C", body, fields.toArray(String[]::new));
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("grpc-status")).isEqualTo(grpcStatus);
            assertThat(answer.header("grpc-message")).isEqualTo(message);
            assertThat(answer.body()).isEmpty();
        }
    }
}
