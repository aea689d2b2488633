package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendProcess;
import io.grpcweb.gateway.testing.Load;
import io.grpcweb.gateway.testing.Setup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Three backends, each a process, are restarted one after another while calls go on. */
@EnabledOnOs(OS.LINUX)
class RestartTest {
    private static final String NO_POLICY = "";
    private static final String POLICY =
            "retry { on = [unavailable, reset, connect-failure, refused-stream], retries = 3 }";

    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final List<BackendProcess> BACKENDS = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path folder) {
        for (int i = 0; i < 3; i++) {
            BACKENDS.add(new BackendProcess(folder));
        }
    }

    @AfterAll
    static void stop() {
        BACKENDS.forEach(BackendProcess::close);
    }

    /** Tells the calls of one test from those of another. */
    private final String run = "run" + RUNS.incrementAndGet() + "-";

    @Test
    void aRollingRestartLosesNoCallAndRepeatsNone() {
        assertNoneLostAndNoneTwice(roll(1, 200, NO_POLICY, BackendProcess::end));
    }

    @Test
    void aRollingRestartByKillingLosesNoCallUnderARetryPolicy() {
        assertThat(Load.failed(roll(1, 200, POLICY, BackendProcess::kill))).isEmpty();
    }

    @Test
    @Tag("long")
    void threeRoundsAtFullRateLoseNoCallAndRepeatNone() {
        assertNoneLostAndNoneTwice(roll(3, 500, NO_POLICY, BackendProcess::end));
    }

    @Test
    @Tag("long")
    void threeRoundsOfKillingAtFullRateLoseNoCallUnderARetryPolicy() {
        assertThat(Load.failed(roll(3, 500, POLICY, BackendProcess::kill))).isEmpty();
    }

    private void assertNoneLostAndNoneTwice(List<Load.Outcome> outcomes) {
        assertThat(Load.failed(outcomes)).isEmpty();
        List<String> executed = BACKENDS.stream()
                .flatMap(backend -> backend.journal().stream())
                .filter(name -> name.startsWith(run))
                .toList();
        assertThat(executed).doesNotHaveDuplicates().hasSameSizeAs(outcomes);
    }

    /** Most calls take 10 ms, every fiftieth 400 ms: those are under way when their backend is told to end. */
    private List<Load.Outcome> roll(int rounds, int perSecond, String route, Consumer<BackendProcess> end) {
        GatewayConfig config = Setup.own(
                route,
                "breakers.normal.retries = 1000",
                BACKENDS.stream().map(BackendProcess::address).toArray(String[]::new));
        try (RunningGateway gateway = RunningGateway.of(config, 2);
                Load load = new Load(
                        gateway.port(),
                        "/test.Backend/Answer",
                        perSecond,
                        number -> run + number + (number % 50 == 0 ? " 400" : " 10"))) {
            load.awaitEnds(perSecond);
            for (int round = 0; round < rounds; round++) {
                for (BackendProcess backend : BACKENDS) {
                    end.accept(backend);
                    load.awaitEnds(perSecond / 4);
                    backend.start();
                    // Only when it is in use again, the next one goes.
                    backend.awaitCalls(10);
                }
            }
            return load.end();
        }
    }
}
