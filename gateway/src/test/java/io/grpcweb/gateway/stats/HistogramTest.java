package io.grpcweb.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistogramTest {
    private final Histogram histogram = new Histogram();

    @Test
    void aBoundBelongsToItsBucket() {
        histogram.recordNanos(500_000);
        histogram.recordNanos(500_001);

        assertThat(histogram.snapshot().cumulative(0)).isEqualTo(1);
        assertThat(histogram.snapshot().cumulative(1)).isEqualTo(2);
    }

    @Test
    void anHourAndMoreIsOnlyInTheLastBucket() {
        histogram.recordNanos(3_600_000_000_001L);

        Histogram.Snapshot snapshot = histogram.snapshot();

        assertThat(snapshot.size()).isEqualTo(20);
        assertThat(snapshot.label(18)).isEqualTo("3600000");
        assertThat(snapshot.cumulative(18)).isZero();
        assertThat(snapshot.label(19)).isEqualTo("+Inf");
        assertThat(snapshot.count()).isEqualTo(1);
    }

    @Test
    void theSumIsInMilliseconds() {
        histogram.recordNanos(1_500_000);
        histogram.record(7);

        assertThat(histogram.snapshot().sum()).isEqualTo(8.5);
    }

    @Test
    void quantilesLieInsideOfTheBucketThatHoldsThem() {
        for (int i = 0; i < 100; i++) {
            histogram.recordNanos(2_000_000);
        }

        assertThat(histogram.snapshot().quantile(0.5)).isEqualTo(3.0);
        assertThat(histogram.snapshot().quantile(1)).isEqualTo(5.0);
        assertThat(new Histogram().snapshot().quantile(0.5)).isNaN();
    }

    @Test
    void theDifferenceOfTwoMomentsIsWhatCameBetween() {
        histogram.recordNanos(700_000);
        Histogram.Snapshot before = histogram.snapshot();
        histogram.recordNanos(800_000);

        assertThat(histogram.snapshot().since(before).count()).isEqualTo(1);
    }
}
