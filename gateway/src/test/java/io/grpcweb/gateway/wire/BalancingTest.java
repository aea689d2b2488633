package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.FreePort;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of one connection are spread over all backends. */
class BalancingTest {
    private static final String PATH = "/wire.Service/Call";

    private static ScriptedBackend answering(String name) {
        return new ScriptedBackend().on(PATH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "0", "x-backend", name);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void eachBackendGetsItsShareOfTheCallsOfOneConnection(int http) {
        try (ScriptedBackend a = answering("a");
                ScriptedBackend b = answering("b");
                ScriptedBackend c = answering("c");
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, a.port(), b.port(), c.port()));
                Browser browser = Browser.connect(http, gateway.port())) {
            for (int i = 0; i < 300; i++) {
                Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
                assertThat(answer.header("grpc-status")).as(answer.toString()).isEqualTo("0");
            }
            assertThat(a.others().size()).isBetween(98, 102);
            assertThat(b.others().size()).isBetween(98, 102);
            assertThat(c.others().size()).isBetween(98, 102);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aDeadBackendCostsNoCall(int http) throws IOException {
        int dead = FreePort.take();
        try (ScriptedBackend a = answering("a");
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, a.port(), dead))) {
            for (int i = 0; i < 40; i++) {
                Answer answer = once(http, gateway.port());
                assertThat(answer.header("grpc-status")).as(answer.toString()).isEqualTo("0");
            }
        }
    }

    /** A call on a connection of its own: an answer that is quicker than the request ends an HTTP/1.1 connection. */
    private static Answer once(int http, int port) {
        try (Browser browser = Browser.connect(http, port)) {
            return browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
        }
    }
}
