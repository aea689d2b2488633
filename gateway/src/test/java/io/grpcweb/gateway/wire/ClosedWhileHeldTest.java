package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.RepeatedTest;

/** The gateway is closed while filters hold calls; that no buffer stays is seen by the leak detector. */
final class ClosedWhileHeldTest {
    private static final int CALLS = 500;

    @RepeatedTest(10)
    void nothingThatIsHeldStays() {
        Http2Browser browser = null;
        try (ScriptedBackend backend = new ScriptedBackend();
                ScriptedBackend hung = new ScriptedBackend()) {
            Queue<BackendCall> asked = new ConcurrentLinkedQueue<>();
            hung.on("/envoy.service.auth.v3.Authorization/Check", asked::add);
            try (RunningGateway gateway = RunningGateway.of(Setup.parse("""
                    listeners.main { listen = "127.0.0.1:0", access-log = [], filters = [cors, grpc-web,
                      { type = ext-authz, grpc { cluster = hung, timeout = 60s }, on-error.status = 504 }, router],
                      routes = [{ cluster = backend }] }
                    clusters.backend { endpoints = ["127.0.0.1:%d"] }
                    clusters.hung { endpoints = ["127.0.0.1:%d"],
                      breakers.normal { requests = 5000, pending = 5000, connections = 100 } }
                    """.formatted(backend.port(), hung.port())))) {
                browser = new Http2Browser(gateway.port());
                for (int i = 0; i < CALLS; i++) {
                    browser.call("/wire.Service/Call", "content-type", "application/grpc-web+proto")
                            .send(Frames.F3);
                }
                await().until(() -> asked.size() > 50);
            }
            assertThat(backend.others()).isEmpty();
        } finally {
            if (browser != null) {
                browser.close();
            }
        }
    }
}
