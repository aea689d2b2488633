package io.grpcweb.gateway.upstream.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.upstream.host.PriorityLoad.Count;
import org.junit.jupiter.api.Test;

/** The numbers are those of the tables in Envoy's documentation ("Priority levels", "Panic threshold"). */
final class PriorityLoadTest {
    private static PriorityLoad load(Count... levels) {
        return new PriorityLoad(levels, 50, 140);
    }

    private static Count healthy(int percent) {
        return new Count(100, 100, percent, 0);
    }

    @Test
    void theFirstLevelTakesAllWhileSeventyTwoPercentAreHealthy() {
        PriorityLoad load = load(healthy(72), healthy(100));
        assertThat(load.healthy(0)).isEqualTo(100);
        assertThat(load.healthy(1)).isZero();
    }

    @Test
    void belowThatItSpillsOver() {
        PriorityLoad load = load(healthy(71), healthy(100));
        assertThat(load.healthy(0)).isEqualTo(99);
        assertThat(load.healthy(1)).isEqualTo(1);
        load = load(healthy(25), healthy(100));
        assertThat(load.healthy(0)).isEqualTo(35);
        assertThat(load.healthy(1)).isEqualTo(65);
        assertThat(load.panic(0)).isFalse();
    }

    @Test
    void belowOneHundredInAllTheLoadsAreScaledUp() {
        PriorityLoad load = load(healthy(25), healthy(25));
        assertThat(load.healthy(0)).isEqualTo(50);
        assertThat(load.healthy(1)).isEqualTo(50);
        load = load(healthy(20), healthy(20), healthy(20));
        assertThat(load.healthy(0)).isEqualTo(34);
        assertThat(load.healthy(1)).isEqualTo(33);
        assertThat(load.healthy(2)).isEqualTo(33);
    }

    @Test
    void degradedEndpointsTakeWhatTheHealthyOnesCannot() {
        PriorityLoad load = load(new Count(100, 100, 50, 50));
        assertThat(load.healthy(0)).isEqualTo(70);
        assertThat(load.degraded(0)).isEqualTo(30);
    }

    @Test
    void belowHalfHealthyAllAreUsed() {
        assertThat(load(new Count(3, 3, 1, 0)).panic(0)).isTrue();
        assertThat(load(new Count(4, 4, 2, 0)).panic(0)).isFalse();
        assertThat(load(new Count(3, 3, 0, 0)).panic(0)).isTrue();
        assertThat(load(new Count(3, 3, 0, 0)).healthy(0)).isEqualTo(100);
    }

    @Test
    void aPanicOfAllLevelsSharesByTheirSizes() {
        PriorityLoad load = load(new Count(3, 3, 0, 0), new Count(1, 1, 0, 0));
        assertThat(load.panic(0)).isTrue();
        assertThat(load.panic(1)).isTrue();
        assertThat(load.healthy(0)).isEqualTo(75);
        assertThat(load.healthy(1)).isEqualTo(25);
    }

    @Test
    void aThresholdOfZeroMeansNoPanic() {
        PriorityLoad load = new PriorityLoad(new Count[] {new Count(3, 3, 0, 0)}, 0, 140);
        assertThat(load.panic(0)).isFalse();
        assertThat(load.healthy(0)).isEqualTo(100);
    }

    @Test
    void theLevelIsChosenInProportion() {
        PriorityLoad load = load(new Count(100, 100, 50, 0), new Count(100, 100, 0, 100));
        assertThat(load.choose(0)).isZero();
        assertThat(load.choose(69)).isZero();
        assertThat(load.choose(70)).isEqualTo(3);
        assertThat(load.choose(99)).isEqualTo(3);
    }
}
