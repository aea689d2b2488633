package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** An Envoy file with the filter connect_grpc_bridge, which has no fields. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ConnectBridgeFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String FILTER = "- name: bridge\n  typed_config: { \"@type\": type.googleapis.com/"
            + "envoy.extensions.filters.http.connect_grpc_bridge.v3.FilterConfig }\n";
    private static final String ROUTES = """
            - match: { prefix: /off. }
              route: { cluster: backend }
              typed_per_filter_config:
                bridge: { "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, disabled: true }
            - match: { prefix: /late. }
              route: { cluster: backend, timeout: 0.05s }
            - match: { prefix: / }
              route: { cluster: backend }
            """;
    private static final String[] UNARY = {"content-type", "application/proto", "connect-protocol-version", "1"};

    private Subject.Running start(ScriptedBackend backend) {
        return subject.start(
                new EnvoyFile(backend.port()).with("FILTERS", FILTER).with("ROUTES", ROUTES));
    }

    @Test
    void aUnaryCallIsAMessageOfGrpc() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = start(backend);
                Browser browser = Browser.connect(1, gateway.port())) {
            backend.on(PATH, seen -> {
                assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
                seen.head("x-head", "1").data(Frames.F4).trailers("grpc-status", "0", "x-late", "2");
            });
            Answer answer = browser.post(PATH, Frames.hex("0a0161"), UNARY);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("application/proto");
            assertThat(answer.header("x-head")).isEqualTo("1");
            assertThat(answer.header("trailer-x-late")).isEqualTo("2");
            assertThat(answer.body()).isEqualTo(Frames.hex("0a026162"));
            BackendCall call = backend.next();
            assertThat(call.header("content-type")).isEqualTo("application/grpc+proto");
            assertThat(call.header("connect-protocol-version")).isNull();
        }
    }

    @Test
    void anErrorHasAnHttpStatusAndIsJson() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = start(backend);
                Browser browser = Browser.connect(1, gateway.port())) {
            backend.on(PATH, seen -> {
                seen.awaitEnd();
                seen.trailersOnly("grpc-status", "9", "grpc-message", "not yet", "x-a", "1");
            });
            Answer answer = browser.post(PATH, Frames.hex("0a0161"), UNARY);
            assertThat(answer.status()).isEqualTo(412);
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.header("x-a")).isEqualTo("1");
            assertThat(answer.text()).contains("\"code\":\"failed_precondition\"", "\"message\":\"not yet\"");
        }
    }

    @Test
    void aStreamEndsWithAMessage() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = start(backend);
                Browser browser = Browser.connect(2, gateway.port())) {
            backend.on(PATH, seen -> {
                seen.awaitEnd();
                seen.head().data(Frames.F3).trailers("grpc-status", "0", "x-late", "2");
            });
            Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/connect+proto");
            assertThat(answer.header("content-type")).isEqualTo("application/connect+proto");
            byte[] end = Frames.frame(2, "{\"metadata\":{\"x-late\":[\"2\"]}}".getBytes(StandardCharsets.US_ASCII));
            assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F3, end));
        }
    }

    @Test
    void theTimeOfItsRouteIsOver() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = start(backend);
                Browser browser = Browser.connect(2, gateway.port())) {
            backend.on("/late.Service/Call", BackendCall::awaitReset);
            Answer answer = browser.post("/late.Service/Call", Frames.hex("0a0161"), UNARY);
            assertThat(answer.status()).isEqualTo(504);
            if (subject != Subject.ENVOY) {
                assertThat(answer.header("content-type")).isEqualTo("application/json");
                assertThat(answer.text())
                        .contains("\"code\":\"deadline_exceeded\"", "\"message\":\"upstream request timeout\"");
            }
            assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.INTERNAL_ERROR);
        }
    }

    @Test
    void aRouteTurnsItOff() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = start(backend);
                Browser browser = Browser.connect(2, gateway.port())) {
            backend.on("/off.Service/Call", seen -> {
                assertThat(seen.awaitEnd()).isEqualTo(Frames.hex("0a0161"));
                seen.trailersOnly("grpc-status", "0");
            });
            assertThat(browser.post("/off.Service/Call", Frames.hex("0a0161"), UNARY)
                            .grpcStatus())
                    .isEqualTo("0");
            assertThat(backend.next().header("content-type")).isEqualTo("application/proto");
        }
    }
}
