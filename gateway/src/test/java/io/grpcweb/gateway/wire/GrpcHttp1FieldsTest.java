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

/** What an Envoy file says of the filter grpc_http1_bridge. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record GrpcHttp1FieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";

    private static String filter(String fields) {
        return "- name: bridge\n  typed_config: { \"@type\": type.googleapis.com/"
                + "envoy.extensions.filters.http.grpc_http1_bridge.v3.Config" + fields + " }\n";
    }

    @Test
    void trailersBecomeFieldsOfAResponseWithALength() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("FILTERS", filter("")));
                Browser browser = Browser.connect(1, gateway.port())) {
            backend.on(PATH, seen -> {
                seen.awaitEnd();
                seen.head("x-a", "1").data(Frames.F3, Frames.F4);
                seen.trailers("grpc-status", "0", "x-late", "2");
            });
            backend.on("/wire.Service/Fail", seen -> {
                seen.awaitEnd();
                seen.head().data(Frames.F3).trailers("grpc-status", "5", "grpc-message", "no such thing");
            });
            Answer whole = browser.post(PATH, Frames.F3, "content-type", "application/grpc");
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.header("grpc-status")).isEqualTo("0");
            assertThat(whole.header("content-length")).isEqualTo("17");
            assertThat(whole.header("x-late")).isNull();
            assertThat(whole.body()).isEqualTo(Frames.concat(Frames.F3, Frames.F4));

            Answer failed = browser.post("/wire.Service/Fail", Frames.F3, "content-type", "application/grpc");
            assertThat(failed.status()).isEqualTo(503);
            assertThat(failed.header("grpc-message")).isEqualTo("no such thing");
            assertThat(failed.body()).isEqualTo(Frames.F3);
        }
    }

    @Test
    void plainProtobufIsFramedAndTheQueryIsLeftOut() {
        String fields = ", upgrade_protobuf_to_grpc: true, ignore_query_parameters: true";
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("FILTERS", filter(fields)));
                Browser browser = Browser.connect(1, gateway.port())) {
            backend.on(PATH, seen -> {
                assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
                seen.head().data(Frames.F4).trailers("grpc-status", "0");
            });
            Answer answer = browser.post(PATH + "?a=b", Frames.hex("0a0161"), "content-type", "application/x-protobuf");
            assertThat(answer.body()).isEqualTo(Frames.hex("0a026162"));
            assertThat(answer.header("content-length")).isEqualTo("4");
            assertThat(backend.next().header("content-type")).isEqualTo("application/grpc");
        }
    }

    @Test
    void withoutTheFieldsAQueryGoesOn() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("FILTERS", filter("")));
                Browser browser = Browser.connect(1, gateway.port())) {
            backend.on(PATH + "?a=b", seen -> {
                seen.awaitEnd();
                seen.head().data(Frames.F4).trailers("grpc-status", "0");
            });
            assertThat(browser.post(PATH + "?a=b", Frames.F3, "content-type", "application/grpc")
                            .header("grpc-status"))
                    .isEqualTo("0");
        }
    }
}
