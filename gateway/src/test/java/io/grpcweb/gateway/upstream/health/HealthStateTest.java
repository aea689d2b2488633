package io.grpcweb.gateway.upstream.health;

import static io.grpcweb.gateway.upstream.health.HealthState.Result.BAD;
import static io.grpcweb.gateway.upstream.health.HealthState.Result.DEGRADED;
import static io.grpcweb.gateway.upstream.health.HealthState.Result.GOOD;
import static io.grpcweb.gateway.upstream.health.HealthState.Result.TIMEOUT;
import static io.grpcweb.gateway.upstream.health.HealthState.Result.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.upstream.Fixtures;
import io.grpcweb.gateway.upstream.host.HealthFlag;
import io.grpcweb.gateway.upstream.host.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HealthStateTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration NO_TRAFFIC = Duration.ofSeconds(60);
    private static final Duration UNHEALTHY = Duration.ofSeconds(20);
    private static final Duration UNHEALTHY_EDGE = Duration.ofSeconds(1);
    private static final Duration HEALTHY_EDGE = Duration.ofSeconds(2);

    private final ClusterConfig.HealthCheck config =
            Fixtures.healthCheck(ClusterConfig.HealthCheck.Kind.HTTP, 3, 2, new Duration[] {
                INTERVAL, NO_TRAFFIC, UNHEALTHY, UNHEALTHY_EDGE, HEALTHY_EDGE
            });
    private final Host host = Fixtures.host(1);
    private final HealthState state = new HealthState(config, host);

    HealthStateTest() {
        host.set(HealthFlag.FAILED_ACTIVE_HC);
    }

    private HealthState.Step on(HealthState.Result result) {
        return state.on(result, true, 5);
    }

    private static HealthState.Step step(boolean changed, Duration pause) {
        return new HealthState.Step(changed, pause);
    }

    @Test
    void theFirstGoodCheckIsEnoughToBegin() {
        assertThat(on(GOOD)).isEqualTo(step(true, INTERVAL));
        assertThat(host.usable()).isTrue();
        assertThat(host.healthySinceNanos()).isEqualTo(5);
        assertThat(on(GOOD)).isEqualTo(step(false, INTERVAL));
    }

    @Test
    void failuresOfTheNetworkAreCountedAtTheEdgeInterval() {
        on(GOOD);
        assertThat(on(UNREACHABLE)).isEqualTo(step(false, UNHEALTHY_EDGE));
        assertThat(on(GOOD)).isEqualTo(step(false, INTERVAL));
        assertThat(on(UNREACHABLE)).isEqualTo(step(false, UNHEALTHY_EDGE));
        assertThat(on(TIMEOUT)).isEqualTo(step(false, UNHEALTHY_EDGE));
        assertThat(host.usable()).isTrue();
        assertThat(on(UNREACHABLE)).isEqualTo(step(true, UNHEALTHY));
        assertThat(host.healthFlags()).isEqualTo("/failed_active_hc");
        assertThat(on(UNREACHABLE)).isEqualTo(step(false, UNHEALTHY));
    }

    @Test
    void anEndpointThatSaysItIsNotWellIsBelievedAtOnce() {
        on(GOOD);
        assertThat(on(BAD)).isEqualTo(step(true, UNHEALTHY));
        assertThat(host.usable()).isFalse();
    }

    @Test
    void theWayBackTakesTheHealthyThreshold() {
        on(BAD);
        assertThat(on(GOOD)).isEqualTo(step(false, HEALTHY_EDGE));
        assertThat(on(BAD)).isEqualTo(step(false, UNHEALTHY));
        assertThat(on(GOOD)).isEqualTo(step(false, HEALTHY_EDGE));
        assertThat(on(GOOD)).isEqualTo(step(true, INTERVAL));
        assertThat(host.usable()).isTrue();
    }

    @Test
    void aTimeoutShowsInTheFlags() {
        on(TIMEOUT);
        assertThat(host.healthFlags()).isEqualTo("/failed_active_hc/active_hc_timeout");
        on(BAD);
        assertThat(host.healthFlags()).isEqualTo("/failed_active_hc");
    }

    @Test
    void degradedIsUsableButLastInTurn() {
        assertThat(on(DEGRADED).changed()).isTrue();
        assertThat(host.usable()).isTrue();
        assertThat(host.degraded()).isTrue();
        assertThat(on(DEGRADED).changed()).isFalse();
        assertThat(on(GOOD).changed()).isTrue();
        assertThat(host.healthFlags()).isEqualTo("healthy");
    }

    @Test
    void withoutTrafficChecksAreRare() {
        assertThat(state.on(GOOD, false, 0).pause()).isEqualTo(NO_TRAFFIC);
        assertThat(state.on(BAD, false, 0).pause()).isEqualTo(NO_TRAFFIC);
    }

    @Test
    void jitterOnlyMakesPausesLonger() {
        ClusterConfig.HealthCheck plain = config;
        assertThat(HealthState.jittered(plain, INTERVAL, 12345)).isEqualTo(INTERVAL);
        assertThat(HealthState.jittered(plain, Duration.ZERO, 12345)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void anEndpointIsWellWhenEachOfItsChecksFindsItSo() {
        Host both = Fixtures.host(2);
        both.set(HealthFlag.FAILED_ACTIVE_HC);
        List<HealthState> together = new ArrayList<>();
        HealthState one = new HealthState(config, both, together);
        HealthState other = new HealthState(config, both, together);

        assertThat(one.on(GOOD, true, 5).changed()).isFalse();
        assertThat(both.usable()).isFalse();
        assertThat(other.on(GOOD, true, 6).changed()).isTrue();
        assertThat(both.usable()).isTrue();

        assertThat(one.on(BAD, true, 7).changed()).isTrue();
        assertThat(other.on(GOOD, true, 8).changed()).isFalse();
        assertThat(other.on(GOOD, true, 9).changed()).isFalse();
        assertThat(both.usable()).isFalse();
        one.on(GOOD, true, 10);
        assertThat(one.on(GOOD, true, 11).changed()).isTrue();
        assertThat(both.usable()).isTrue();
    }
}
