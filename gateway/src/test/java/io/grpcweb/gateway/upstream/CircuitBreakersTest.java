package io.grpcweb.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig.Breakers;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CircuitBreakersTest {
    private static CircuitBreakers.Limits limits(Optional<Breakers.RetryBudget> budget) {
        Breakers.Thresholds normal = new Breakers.Thresholds(1, 2, 3, 4, budget, false, 5);
        return new CircuitBreakers(new Breakers(normal, Breakers.Thresholds.DEFAULT, Breakers.Thresholds.ANY))
                .of(false);
    }

    @Test
    void nothingIsLetThroughAboveTheLimitUntilSomethingIsGivenBack() {
        CircuitBreakers.Breaker pending = limits(Optional.empty()).pending();
        assertThat(pending.tryAcquire()).isTrue();
        assertThat(pending.tryAcquire()).isTrue();
        assertThat(pending.open()).isTrue();
        assertThat(pending.tryAcquire()).isFalse();
        pending.release();
        assertThat(pending.remaining()).isEqualTo(1);
        assertThat(pending.tryAcquire()).isTrue();
    }

    @Test
    void thePrioritiesDoNotShare() {
        CircuitBreakers breakers = new CircuitBreakers(Breakers.DEFAULT);
        for (int i = 0; i < 1024; i++) {
            assertThat(breakers.of(false).requests().tryAcquire()).isTrue();
        }
        assertThat(breakers.of(false).requests().tryAcquire()).isFalse();
        assertThat(breakers.of(true).requests().tryAcquire()).isTrue();
    }

    @Test
    void aRetryBudgetIsAShareOfWhatIsActiveAndAtLeastItsMinimum() {
        CircuitBreakers.Limits limits = limits(Optional.of(new Breakers.RetryBudget(20, 3)));
        assertThat(limits.retries().limit()).isEqualTo(3);
        for (int i = 0; i < 15; i++) {
            limits.requests().acquireAnyway();
            limits.pending().acquireAnyway();
        }
        assertThat(limits.retries().limit()).isEqualTo(6);
    }

    @Test
    void whatIsLetThroughAnywayCountsAllTheSame() {
        CircuitBreakers.Breaker connections = limits(Optional.empty()).connections();
        connections.acquireAnyway();
        connections.acquireAnyway();
        assertThat(connections.active()).isEqualTo(2);
        connections.release();
        assertThat(connections.tryAcquire()).isFalse();
    }
}
