package io.grpcweb.gateway.filter.admissioncontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutcomesTest {
    private long now = 1;
    private final Outcomes outcomes = new Outcomes(TimeUnit.SECONDS.toNanos(10), () -> now);

    private void record(int successes, int failures) {
        for (int i = 0; i < successes + failures; i++) {
            outcomes.record(i < successes);
        }
    }

    @Test
    void refusalsFollowFromFailures() {
        assertThat(outcomes.refusal(0.5, 1)).isZero();
        record(20, 79);
        // (99 - 20 / 0.5) / 100
        assertThat(outcomes.refusal(0.5, 1)).isCloseTo(0.59, within(1e-9));
        assertThat(outcomes.refusal(0.5, 2)).isCloseTo(Math.sqrt(0.59), within(1e-9));
        assertThat(outcomes.requestsPerSecond()).isEqualTo(9);
    }

    @Test
    void nothingIsRefusedWhileEnoughSucceed() {
        record(60, 40);
        assertThat(outcomes.refusal(0.5, 1)).isNegative();
    }

    @Test
    void outcomesAreForgottenBySeconds() {
        record(0, 10);
        now += TimeUnit.SECONDS.toNanos(6);
        record(10, 0);
        now += TimeUnit.SECONDS.toNanos(5);
        assertThat(outcomes.refusal(1, 1)).isZero();
        now += TimeUnit.SECONDS.toNanos(6);
        assertThat(outcomes.requestsPerSecond()).isZero();
    }
}
