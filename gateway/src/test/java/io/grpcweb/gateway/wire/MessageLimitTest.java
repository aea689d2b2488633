package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are longer than the configuration allows. */
class MessageLimitTest {
    private static final String PATH = "/wire.Service/Call";
    private static final byte[] SEVEN = {0, 0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7};

    private static GatewayConfig limited(ScriptedBackend backend) {
        return Setup.parse("listeners.main { listen = \"127.0.0.1:0\", access-log = [], limits.message = 6B }\n"
                + "clusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aRequestWithOneHasStatus8(int version) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, BackendCall::awaitReset);
                RunningGateway gateway = RunningGateway.of(limited(backend));
                Browser browser = Browser.connect(version, gateway.port())) {
            Answer answer = browser.post(PATH, SEVEN, "content-type", "application/grpc-web+proto");
            assertThat(answer.text()).contains("grpc-status:8", "message is 7 bytes, limit is 6");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anAnswerWithOneEndsWithStatus8(int version) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head().data(SEVEN);
                    seen.awaitReset();
                });
                RunningGateway gateway = RunningGateway.of(limited(backend));
                Browser browser = Browser.connect(version, gateway.port())) {
            Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.text()).contains("grpc-status:8", "message is 7 bytes, limit is 6");
        }
    }
}
