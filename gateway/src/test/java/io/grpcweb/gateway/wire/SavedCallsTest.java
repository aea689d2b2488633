package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that fail at one backend and are saved at another, in the gateway's own format. */
class SavedCallsTest {
    private static final String PATH = "/wire.Service/Call";
    private static final int REFUSED_STREAM = 7;

    /** A set with the service wire.Service and its method Call of the idempotency level NO_SIDE_EFFECTS. */
    private static final byte[] DESCRIPTORS =
            Frames.hex("0a 1e 12 04 77697265 32 16 0a 07 53657276696365 12 0b 0a 04 43616c6c 22 03 9002 01");

    private final ScriptedBackend a = new ScriptedBackend();
    private final ScriptedBackend b = new ScriptedBackend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        a.close();
        b.close();
    }

    private Answer call(GatewayConfig config, String... fields) {
        gateway = RunningGateway.of(config);
        try (Browser browser = Browser.connect(2, gateway.port())) {
            List<String> all = new ArrayList<>(List.of("content-type", "application/grpc-web+proto"));
            all.addAll(List.of(fields));
            return browser.post(PATH, Frames.F3, all.toArray(String[]::new));
        }
    }

    private GatewayConfig both(String route) {
        return Setup.own(route, "", "127.0.0.1:" + a.port(), "127.0.0.1:" + b.port());
    }

    private GatewayConfig trusting() {
        return Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [], client-address.trusted-callers = ["127.0.0.0/8"] }
                clusters.backend.endpoints = ["127.0.0.1:%d", "127.0.0.1:%d"]
                """.formatted(a.port(), b.port()));
    }

    private void each(Script script) {
        a.on(PATH, script);
        b.on(PATH, script);
    }

    /** The first call anywhere is treated so, all others are answered. */
    private void first(Script script) {
        AtomicBoolean done = new AtomicBoolean();
        each(seen -> {
            seen.awaitEnd();
            if (done.compareAndSet(false, true)) {
                script.run(seen);
            } else {
                seen.trailersOnly("grpc-status", "0");
            }
        });
    }

    private int calls() {
        return a.others().size() + b.others().size();
    }

    @Test
    void aRefusedStreamGoesAgainOnce() {
        first(seen -> seen.reset(REFUSED_STREAM));
        assertThat(call(both("")).grpcStatus()).isEqualTo("0");
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void aStreamThatIsRefusedTwiceIsNotTriedAThirdTime() {
        each(seen -> seen.reset(REFUSED_STREAM));
        assertThat(call(both("")).grpcStatus()).isEqualTo("14");
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void withoutResendingARefusedStreamIsTheAnswer() {
        each(seen -> seen.reset(REFUSED_STREAM));
        assertThat(call(both("resend = false")).grpcStatus()).isEqualTo("14");
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void aCallThatABackendMayHaveExecutedIsNotRepeated() {
        first(seen -> seen.closeConnection());
        assertThat(call(both("")).grpcStatus()).isEqualTo("14");
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void anIdempotentMethodIsTriedAgainWhereABackendIsNotAvailable(@TempDir Path folder) throws Exception {
        Path set = Files.write(folder.resolve("api.pb"), DESCRIPTORS);
        first(seen -> seen.trailersOnly("grpc-status", "14"));
        GatewayConfig config = Setup.parse("""
                descriptor-sets = ["%s"]
                listeners.main { listen = "127.0.0.1:0", access-log = [] }
                clusters.backend.endpoints = ["127.0.0.1:%d", "127.0.0.1:%d"]
                """.formatted(set, a.port(), b.port()));
        assertThat(call(config).grpcStatus()).isEqualTo("0");
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void aStatusOfAnotherMethodIsHandedOn() {
        first(seen -> seen.trailersOnly("grpc-status", "14"));
        assertThat(call(both("")).grpcStatus()).isEqualTo("14");
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void aTrustedRequestMayAskForRetriesAndTheBackendsDoNotSeeIt() {
        first(seen -> seen.trailersOnly("grpc-status", "14"));
        Answer answer = call(trusting(), "x-envoy-retry-grpc-on", "unavailable", "x-envoy-max-retries", "3");
        assertThat(answer.grpcStatus()).isEqualTo("0");
        List<BackendCall> seen = new ArrayList<>(a.others());
        seen.addAll(b.others());
        assertThat(seen).hasSize(2).allSatisfy(one -> {
            assertThat(one.header("x-envoy-retry-grpc-on")).isNull();
            assertThat(one.header("x-envoy-max-retries")).isNull();
        });
    }

    @Test
    void aPrivateAddressAloneIsNoReasonToObey() {
        each(seen -> seen.trailersOnly("grpc-status", "14"));
        Answer answer = call(both(""), "x-envoy-retry-grpc-on", "unavailable", "x-envoy-max-retries", "3");
        assertThat(answer.grpcStatus()).isEqualTo("14");
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void whatAStrangerAsksForIsLeftOut() {
        each(seen -> seen.trailersOnly("grpc-status", "14"));
        Answer answer = call(both(""), "x-envoy-retry-grpc-on", "unavailable", "x-forwarded-for", "203.0.113.9");
        assertThat(answer.grpcStatus()).isEqualTo("14");
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void aTrustedRequestMaySetTheTimeForItsAnswer() {
        each(BackendCall::awaitReset);
        Answer answer = call(trusting(), "x-envoy-upstream-rq-timeout-ms", "50");
        assertThat(answer.grpcStatus()).isEqualTo("4");
    }
}
