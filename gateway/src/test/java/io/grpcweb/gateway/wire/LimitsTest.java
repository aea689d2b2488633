package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How much may be under way with a cluster, and endpoints that are left alone because they fail. */
class LimitsTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] BINARY = {"content-type", "application/grpc-web+proto"};

    @Test
    void exactlyAsManyCallsPassAsTheLimitAllowsAndTheOthersAreRefusedAtOnce() {
        Gate release = new Gate();
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    release.pass();
                    seen.trailersOnly("grpc-status", "0");
                });
                RunningGateway gateway = RunningGateway.of(Setup.own(
                        "",
                        "breakers.normal { connections = 10, pending = 10, requests = 10, retries = 1 }",
                        "127.0.0.1:" + backend.port()));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            List<BrowserCall> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                BrowserCall call = browser.call(PATH, BINARY);
                call.send(Frames.F3);
                call.end();
                calls.add(call);
            }
            // Refused while the others are still held.
            calls.subList(10, 100).forEach(call -> {
                Answer answer = call.answer();
                assertThat(answer.grpcStatus()).isEqualTo("14");
                assertThat(answer.header("x-envoy-overloaded")).isEqualTo("true");
            });
            release.open();
            calls.subList(0, 10)
                    .forEach(call -> assertThat(call.answer().grpcStatus()).isEqualTo("0"));
            assertThat(backend.others()).hasSize(10);
        }
    }

    @Test
    void oneOfFiveThatFailsIsLeftAloneAfterFiveFailuresInARow() {
        List<ScriptedBackend> backends = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String status = i == 0 ? "14" : "0";
            backends.add(new ScriptedBackend().on(PATH, seen -> {
                seen.awaitEnd();
                seen.trailersOnly("grpc-status", status);
            }));
        }
        String[] addresses =
                backends.stream().map(one -> "127.0.0.1:" + one.port()).toArray(String[]::new);
        try (RunningGateway gateway = RunningGateway.of(Setup.own("", "outlier-detection {}", addresses));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Map<String, Integer> statuses = new TreeMap<>();
            for (int i = 0; i < 200; i++) {
                statuses.merge(browser.post(PATH, Frames.F3, BINARY).grpcStatus(), 1, Integer::sum);
            }
            // The decision takes a moment, in which a call more may fail.
            assertThat(statuses.get("14")).isBetween(5, 7);
            assertThat(backends.get(0).others()).hasSize(statuses.get("14"));
        } finally {
            backends.forEach(ScriptedBackend::close);
        }
    }

    /** The backend allows one stream at a time: calls wait for it, and only so many. */
    @Test
    void callsThatWaitForABackendAreCounted() {
        Gate release = new Gate();
        try (ScriptedBackend backend = new ScriptedBackend(3, 1).on(PATH, seen -> {
                    release.pass();
                    seen.awaitEnd();
                    seen.trailersOnly("grpc-status", "0");
                });
                RunningGateway gateway = RunningGateway.of(Setup.own(
                        "",
                        "http2.max-concurrent-streams = 100, breakers.normal { connections = 1, pending = 2 }",
                        "127.0.0.1:" + backend.port()));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            List<BrowserCall> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                BrowserCall call = browser.call(PATH, BINARY);
                call.send(Frames.F3);
                call.end();
                if (i == 0) {
                    backend.next();
                }
                calls.add(call);
            }
            Answer refused = calls.get(3).answer();
            assertThat(refused.grpcStatus()).isEqualTo("14");
            assertThat(refused.header("x-envoy-overloaded")).isEqualTo("true");
            release.open();
            calls.subList(0, 3)
                    .forEach(call -> assertThat(call.answer().grpcStatus()).isEqualTo("0"));
        }
    }
}
