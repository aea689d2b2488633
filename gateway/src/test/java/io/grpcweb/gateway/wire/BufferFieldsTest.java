package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter buffer. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record BufferFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.";
    private static final String FILTER =
            "- name: buffer\n  typed_config: { \"@type\": " + TYPE + "Buffer, max_request_bytes: 64 }\n";
    private static final String ROUTES = """
            - match: { prefix: /more. }
              route: { cluster: backend }
              typed_per_filter_config: { buffer: { "@type": %1$sBufferPerRoute, buffer: { max_request_bytes: 256 } } }
            - match: { prefix: /off. }
              route: { cluster: backend }
              typed_per_filter_config: { buffer: { "@type": %1$sBufferPerRoute, disabled: true } }
            - match: { prefix: / }
              route: { cluster: backend }
            """.formatted(TYPE);

    @Test
    void aRequestGoesUpWhenItIsWhole() {
        byte[] half = Frames.message(new byte[70]);
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).with("FILTERS", FILTER).with("ROUTES", ROUTES));
                Browser browser = Browser.connect(2, gateway.port())) {
            for (String path : new String[] {"/wire.Service/Call", "/more.Service/Call", "/off.Service/Call"}) {
                backend.on(path, seen -> {
                    seen.awaitEnd();
                    seen.trailersOnly("grpc-status", "0");
                });
            }
            String[] fields = {"content-type", "application/grpc", "te", "trailers"};
            BrowserCall call = browser.call("/wire.Service/Call", fields);
            call.send(Frames.F3);
            call.send(Frames.F4);
            assertThat(backend.others()).isEmpty();
            call.end();
            assertThat(call.answer().grpcStatus()).isEqualTo("0");
            assertThat(backend.next().exchange().head().get("content-length")).hasToString("17");

            BrowserCall long1 = browser.call("/wire.Service/Call", fields);
            long1.send(half);
            Answer refused = long1.answer();
            assertThat(refused.header("grpc-status")).isEqualTo("2");
            assertThat(refused.header("grpc-message")).isEqualTo("Payload Too Large");
            assertThat(browser.post("/more.Service/Call", half, fields).grpcStatus())
                    .isEqualTo("0");
            assertThat(browser.post("/off.Service/Call", new byte[0], fields).grpcStatus())
                    .isEqualTo("0");
        }
    }
}
