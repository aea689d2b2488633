package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Load;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All backends are unavailable, and every call would like to be tried again. */
class RetryStormTest {
    private static final String PATH = "/wire.Service/Call";

    @Test
    void aBudgetKeepsRetriesToAFifthOfTheCalls() {
        storm(300, 600);
    }

    @Test
    @Tag("long")
    void aBudgetKeepsRetriesToAFifthOfAThousandCallsASecond() {
        storm(1000, 5000);
    }

    private static void storm(int perSecond, int calls) {
        LongAdder arrived = new LongAdder();
        List<ScriptedBackend> backends = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            backends.add(new ScriptedBackend().on(PATH, seen -> {
                seen.awaitEnd();
                arrived.increment();
                seen.trailersOnly("grpc-status", "14");
            }));
        }
        String[] addresses =
                backends.stream().map(one -> "127.0.0.1:" + one.port()).toArray(String[]::new);
        try (RunningGateway gateway = RunningGateway.of(Setup.own(
                        // Three retries at a time are always allowed: at 100 ms each they are less than a fifth.
                        "retry { on = [unavailable], retries = 3, back-off { base = 200ms, max = 400ms } }",
                        "breakers.normal { requests = 100000, pending = 100000, retry-budget { percent = 20, minimum = 3 } }",
                        addresses));
                Load load = new Load(gateway.port(), PATH, perSecond, number -> "x")) {
            load.awaitEnds(calls);
            List<Load.Outcome> outcomes = load.end();
            assertThat(outcomes)
                    .allSatisfy(one -> assertThat(one.status()).as(one.answer()).isEqualTo(14));
            assertThat(arrived.sum())
                    .isGreaterThan(outcomes.size())
                    // A fifth of what is under way, itself included: at most a quarter of the calls.
                    .isLessThanOrEqualTo((long) (1.25 * outcomes.size()) + 3);
        } finally {
            backends.forEach(ScriptedBackend::close);
        }
    }
}
