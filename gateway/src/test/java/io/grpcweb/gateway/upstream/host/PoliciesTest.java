package io.grpcweb.gateway.upstream.host;

import static io.grpcweb.gateway.upstream.Fixtures.balancer;
import static io.grpcweb.gateway.upstream.Fixtures.host;
import static io.grpcweb.gateway.upstream.Fixtures.hosts;
import static io.grpcweb.gateway.upstream.Fixtures.locality;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Balancer.Policy;
import io.grpcweb.gateway.config.ClusterConfig.Balancer.SlowStart;
import io.grpcweb.gateway.testing.Copy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

final class PoliciesTest {
    private final Random random = new Random(1);
    private long now;

    private Map<Host, Integer> calls(int count, ClusterConfig.Balancer config, List<Host> hosts) {
        HostSet set = HostSet.of(1, hosts, config);
        LoadBalancer balancer = new Policies(config, random::nextLong, () -> now, new LongAdder()).balancer(() -> set);
        Map<Host, Integer> calls = new HashMap<>();
        for (int i = 0; i < count; i++) {
            calls.merge(balancer.choose(PickContext.NONE), 1, Integer::sum);
        }
        return calls;
    }

    @Test
    void chanceIsFair() {
        Map<Host, Integer> calls = calls(3000, balancer(Policy.RANDOM), hosts(3));
        assertThat(calls.values()).hasSize(3).allSatisfy(count -> assertThat(count)
                .isCloseTo(1000, within(100)));
    }

    @Test
    void ofTwoDrawnTheOneWithFewerCallsUnderWayIsTaken() {
        List<Host> hosts = hosts(3);
        hosts.get(0).requestStarted();
        Map<Host, Integer> calls = calls(3000, balancer(Policy.LEAST_REQUEST), hosts);
        // It is chosen only where both draws hit it: one in nine.
        assertThat(calls.get(hosts.get(0))).isCloseTo(333, within(80));
    }

    @Test
    void withWeightsLeastRequestSharesByWeightOverCallsUnderWay() {
        List<Host> hosts = List.of(host(1, 3, locality("a", 0, 1)), host(2, 1, locality("a", 0, 1)));
        Map<Host, Integer> calls = calls(400, balancer(Policy.LEAST_REQUEST), hosts);
        assertThat(calls.get(hosts.get(0))).isCloseTo(300, within(2));
        hosts.get(0).requestStarted();
        hosts.get(0).requestStarted();
        calls = calls(400, balancer(Policy.LEAST_REQUEST), hosts);
        assertThat(calls.get(hosts.get(0))).isCloseTo(200, within(2));
    }

    @Test
    void unhealthyEndpointsGetNothingUntilTooFewAreLeft() {
        List<Host> hosts = hosts(4);
        hosts.get(0).set(HealthFlag.FAILED_ACTIVE_HC);
        hosts.get(1).set(HealthFlag.FAILED_OUTLIER_CHECK);
        assertThat(calls(100, balancer(Policy.ROUND_ROBIN), hosts)).hasSize(2);
        hosts.get(2).set(HealthFlag.FAILED_ACTIVE_HC);
        assertThat(calls(100, balancer(Policy.ROUND_ROBIN), hosts)).hasSize(4);
    }

    @Test
    void theSecondPriorityIsUsedAsTheFirstFails() {
        ClusterConfig.Locality first = locality("a", 0, 1);
        ClusterConfig.Locality second = locality("b", 1, 1);
        List<Host> hosts = List.of(host(1, 1, first), host(2, 1, first), host(3, 1, second));
        assertThat(calls(100, balancer(Policy.ROUND_ROBIN), hosts).keySet()).doesNotContain(hosts.get(2));
        hosts.get(0).set(HealthFlag.FAILED_ACTIVE_HC);
        Map<Host, Integer> calls = calls(1000, balancer(Policy.ROUND_ROBIN), hosts);
        assertThat(calls.get(hosts.get(1))).isCloseTo(700, within(60));
        assertThat(calls.get(hosts.get(2))).isCloseTo(300, within(60));
    }

    @Test
    void localitiesShareByTheirWeightsAndHealth() {
        ClusterConfig.Balancer config = Copy.of(balancer(Policy.ROUND_ROBIN))
                .with("localityWeighted", true)
                .get();
        ClusterConfig.Locality heavy = locality("a", 0, 3);
        ClusterConfig.Locality light = locality("b", 0, 1);
        List<Host> hosts = List.of(host(1, 1, heavy), host(2, 1, heavy), host(3, 1, light), host(4, 1, light));
        Map<Host, Integer> calls = calls(800, config, hosts);
        assertThat(calls.get(hosts.get(0)) + calls.get(hosts.get(1))).isEqualTo(600);
        hosts.get(0).set(HealthFlag.FAILED_ACTIVE_HC);
        // Half healthy times 1.4 leaves 70 % of the weight: 2.1 to 1.
        calls = calls(3100, config, hosts);
        assertThat(calls.get(hosts.get(1))).isCloseTo(2100, within(2));
    }

    @Test
    void anEndpointThatHasJustComeGetsItsShareByAndBy() {
        ClusterConfig.Balancer config = Copy.of(balancer(Policy.ROUND_ROBIN))
                .with("slowStart", new SlowStart(Duration.ofSeconds(10), 1, 0.1))
                .get();
        List<Host> hosts = hosts(2);
        now = Duration.ofSeconds(100).toNanos();
        hosts.get(0).healthySince(now);
        assertThat(calls(110, config, hosts).get(hosts.get(0))).isCloseTo(10, within(1));
        now += Duration.ofSeconds(5).toNanos();
        assertThat(calls(300, config, hosts).get(hosts.get(0))).isCloseTo(100, within(1));
        now += Duration.ofSeconds(5).toNanos();
        assertThat(calls(100, config, hosts).get(hosts.get(0))).isEqualTo(50);
    }

    @Test
    void slowStartMayBeginWithMoreAndGrowFasterAtFirst() {
        ClusterConfig.Balancer config = Copy.of(balancer(Policy.ROUND_ROBIN))
                .with("slowStart", new SlowStart(Duration.ofSeconds(100), 2, 0.25))
                .get();
        List<Host> hosts = hosts(2);
        now = Duration.ofSeconds(1000).toNanos();
        hosts.get(0).healthySince(now);
        // A quarter to one.
        assertThat(calls(100, config, hosts).get(hosts.get(0))).isCloseTo(20, within(1));
        now += Duration.ofSeconds(25).toNanos();
        // The root of a quarter to one.
        assertThat(calls(300, config, hosts).get(hosts.get(0))).isCloseTo(100, within(1));
    }
}
