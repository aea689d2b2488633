package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two thousand calls that wait for a service which never answers. */
final class HangingServiceTest {
    private static final int CALLS = 2000;
    private static final int BROWSERS = 4;
    private static final String PATH = "/wire.Service/Call";
    private static final String AUTHZ =
            "{ type = ext-authz, grpc { cluster = hung, timeout = 4s }, on-error.status = 504 }";
    private static final String LIMIT =
            "{ type = rate-limit-service, domain = d, grpc { cluster = hung, timeout = 4s },"
                    + " rate-limits = [{ actions = [{ constant = all }] }], on-error { refused = 1.0, status = 504 } }";

    private static RunningGateway gateway(String filter, ScriptedBackend backend, ScriptedBackend hung) {
        return RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [], filters = [cors, grpc-web, %s, router],
                  routes = [{ cluster = backend }] }
                clusters.backend { endpoints = ["127.0.0.1:%d"] }
                clusters.hung { endpoints = ["127.0.0.1:%d"],
                  breakers.normal { requests = 5000, pending = 5000, connections = 100 } }
                """.formatted(filter, backend.port(), hung.port())));
    }

    @ParameterizedTest
    @ValueSource(strings = {AUTHZ, LIMIT})
    void eachOneEndsInItsFormOrWithItsClient(String filter) {
        List<Http2Browser> browsers = new ArrayList<>();
        try (ScriptedBackend backend = new ScriptedBackend();
                ScriptedBackend hung = new ScriptedBackend();
                RunningGateway gateway = gateway(filter, backend, hung)) {
            Queue<BackendCall> asked = new ConcurrentLinkedQueue<>();
            hung.on("/envoy.service.auth.v3.Authorization/Check", asked::add)
                    .on("/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit", asked::add);
            List<Http2Browser.Call> calls = new ArrayList<>();
            for (int i = 0; i < BROWSERS; i++) {
                browsers.add(new Http2Browser(gateway.port()));
            }
            for (int i = 0; i < CALLS; i++) {
                Http2Browser.Call call =
                        browsers.get(i % BROWSERS).call(PATH, "content-type", "application/grpc-web+proto");
                call.send(Frames.F3);
                calls.add(call);
            }
            // The clients of every tenth call go; the service sees that.
            for (int i = 0; i < CALLS; i += 10) {
                calls.get(i).cancel();
            }
            for (int i = 0; i < CALLS; i++) {
                if (i % 10 != 0) {
                    assertThat(calls.get(i).status()).isEqualTo(200);
                    assertThat(calls.get(i).answer().grpcStatus()).isEqualTo("14");
                }
            }
            assertThat(backend.others()).isEmpty();
            assertThat(asked).isNotEmpty().allSatisfy(call -> assertThat(call.awaitReset())
                    .isEqualTo(Http2Error.CANCEL.code()));
        } finally {
            browsers.forEach(Http2Browser::close);
        }
    }
}
