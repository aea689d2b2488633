package io.grpcweb.gateway.upstream.health;

import static io.grpcweb.gateway.upstream.host.Outcome.LocalOrigin.CONNECTED;
import static io.grpcweb.gateway.upstream.host.Outcome.LocalOrigin.CONNECT_FAILED;
import static io.grpcweb.gateway.upstream.host.Outcome.LocalOrigin.RESET;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.testing.Copy;
import io.grpcweb.gateway.upstream.Fixtures;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.Outcome;
import io.grpcweb.gateway.upstream.host.OutlierMonitor.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutlierDetectorTest {
    private int dice;
    private long now;
    private ClusterConfig.OutlierDetection config;
    private OutlierDetector detector;
    private List<Host> hosts;

    private void start(int count, int maxPercent, boolean split) {
        config = Copy.of(ClusterConfig.OutlierDetection.DEFAULT)
                .with("consecutiveGatewayFailure", 3)
                .with("consecutiveLocalOriginFailure", 4)
                .with("maxEjectionTime", Duration.ofSeconds(100))
                .with("maxEjectionPercent", maxPercent)
                .with("enforcingFailurePercentage", 100)
                .with("failurePercentageMinimumHosts", 3)
                .with("splitExternalLocalOriginErrors", split)
                .with("alwaysEjectOne", false)
                .get();
        detector = new OutlierDetector(config, () -> dice);
        hosts = Fixtures.hosts(count);
        detector.added(hosts);
    }

    private void report(int host, Outcome... outcomes) {
        for (Outcome outcome : outcomes) {
            hosts.get(host).outlier().count(outcome, config, kind -> detector.tripped(hosts.get(host), kind, now));
        }
    }

    private void answers(int host, int status, int times) {
        for (int i = 0; i < times; i++) {
            report(host, Outcome.answered(status));
        }
    }

    private boolean afterSeconds(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
        return detector.interval(now);
    }

    private long value(String name) {
        return detector.counters().values().get(name);
    }

    @Test
    void fiveFailuresInARowAreEnough() {
        start(2, 50, false);
        answers(0, 500, 4);
        answers(0, 200, 1);
        answers(0, 500, 4);
        assertThat(hosts.get(0).ejected()).isFalse();
        answers(0, 500, 1);
        assertThat(hosts.get(0).ejected()).isTrue();
        assertThat(hosts.get(0).healthFlags()).isEqualTo("/failed_outlier_check");
        assertThat(value("ejections_enforced_consecutive_5xx")).isEqualTo(1);
        assertThat(value("ejections_active")).isEqualTo(1);
    }

    @Test
    void failuresOfThisSideCountAsAnswersUnlessTheyAreSplitOff() {
        start(2, 50, false);
        report(0, CONNECTED, RESET, CONNECTED, CONNECT_FAILED, CONNECT_FAILED, CONNECTED, RESET, RESET);
        assertThat(hosts.get(0).ejected()).isTrue();

        start(2, 50, true);
        report(0, RESET, RESET, RESET, CONNECTED, RESET, RESET, RESET);
        answers(0, 503, 4);
        assertThat(hosts.get(0).ejected()).isFalse();
        report(0, CONNECT_FAILED);
        assertThat(hosts.get(0).ejected()).isTrue();
        assertThat(value("ejections_enforced_consecutive_local_origin_failure")).isEqualTo(1);
    }

    @Test
    void gatewayFailuresAreDetectedButNotEnforcedByDefault() {
        start(2, 50, false);
        answers(0, 503, 2);
        answers(0, 500, 1);
        answers(0, 502, 1);
        assertThat(value("ejections_detected_consecutive_gateway_failure")).isZero();
        answers(1, 503, 3);
        assertThat(value("ejections_detected_consecutive_gateway_failure")).isEqualTo(1);
        assertThat(hosts.get(1).ejected()).isFalse();
    }

    /** Read off Envoy 1.40.0: with five endpoints and 10 %, none is ejected and each detection is an overflow. */
    @Test
    void noMoreThanTheShareThatMayBeOutIsOut() {
        start(5, 10, false);
        answers(1, 503, 5);
        assertThat(hosts.get(1).ejected()).isFalse();
        assertThat(value("ejections_overflow")).isEqualTo(2);

        start(5, 50, false);
        for (int i = 1; i < 5; i++) {
            answers(i, 500, 5);
        }
        assertThat(hosts.stream().filter(Host::ejected)).hasSize(2);
        assertThat(value("ejections_overflow")).isEqualTo(2);
    }

    @Test
    void anEjectionLastsLongerEachTimeUpToTheMaximum() {
        start(2, 50, false);
        for (int seconds : new int[] {30, 60, 90, 100, 100}) {
            answers(0, 500, 5);
            assertThat(hosts.get(0).ejected()).isTrue();
            assertThat(afterSeconds(seconds - 1)).isFalse();
            assertThat(afterSeconds(1)).isTrue();
            assertThat(hosts.get(0).ejected()).isFalse();
        }
        assertThat(value("ejections_active")).isZero();
    }

    @Test
    void goodBehaviourMakesTheNextEjectionShorter() {
        start(2, 50, false);
        answers(0, 500, 5);
        afterSeconds(30);
        answers(0, 500, 5);
        afterSeconds(60);
        assertThat(hosts.get(0).ejected()).isFalse();
        afterSeconds(10);
        afterSeconds(10);
        answers(0, 500, 5);
        assertThat(afterSeconds(30)).isTrue();
    }

    @Test
    void anEndpointFarBelowTheOthersIsOut() {
        start(6, 50, false);
        for (int i = 0; i < 5; i++) {
            answers(i, 200, 100);
        }
        for (int i = 0; i < 50; i++) {
            answers(5, 200, 1);
            answers(5, 500, 1);
        }
        assertThat(afterSeconds(10)).isTrue();
        assertThat(hosts.get(5).ejected()).isTrue();
        assertThat(hosts.get(5).successRate()).isEqualTo(50);
        assertThat(value("ejections_enforced_success_rate")).isEqualTo(1);
        // A new interval begins with nothing.
        assertThat(afterSeconds(10)).isFalse();
        assertThat(hosts.get(0).successRate()).isEqualTo(-1);
    }

    @Test
    void tooFewCallsOrEndpointsAreNotJudged() {
        start(6, 50, false);
        for (int i = 0; i < 6; i++) {
            answers(i, i == 5 ? 500 : 200, 4);
        }
        assertThat(afterSeconds(10)).isFalse();
    }

    @Test
    void eightyFivePercentOfFailuresAreEnough() {
        start(3, 50, false);
        for (int i = 0; i < 3; i++) {
            // 9 of 60 good, so 85 % bad; failures in a row are not told here.
            for (int j = 0; j < 60; j++) {
                boolean good = i > 0 || j < 9;
                hosts.get(i).outlier().count(Outcome.answered(good ? 200 : 500), config, kind -> {});
            }
        }
        assertThat(afterSeconds(10)).isTrue();
        assertThat(hosts.stream().map(Host::ejected)).containsExactly(true, false, false);
        assertThat(value("ejections_enforced_failure_percentage")).isEqualTo(1);
    }

    @Test
    void theEnforcingPercentageIsByChance() {
        start(2, 50, false);
        dice = 100;
        answers(0, 500, 5);
        assertThat(hosts.get(0).ejected()).isFalse();
        assertThat(value("ejections_detected_consecutive_5xx")).isEqualTo(1);
        dice = 99;
        answers(0, 500, 5);
        assertThat(hosts.get(0).ejected()).isTrue();
    }

    @Test
    void aGoodHealthCheckBringsBack() {
        start(2, 50, false);
        answers(0, 500, 5);
        assertThat(detector.healthCheckPassed(hosts.get(0), now)).isTrue();
        assertThat(hosts.get(0).ejected()).isFalse();
        assertThat(detector.healthCheckPassed(hosts.get(0), now)).isFalse();
    }

    @Test
    void anEndpointThatIsGoneNoLongerCounts() {
        start(3, 40, false);
        answers(0, 500, 5);
        detector.removed(List.of(hosts.get(0)));
        assertThat(value("ejections_active")).isZero();
        assertThat(detector.tripped(hosts.get(0), Kind.CONSECUTIVE_5XX, now)).isFalse();
    }
}
