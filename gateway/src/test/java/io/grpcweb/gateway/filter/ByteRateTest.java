package io.grpcweb.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ByteRateTest {
    private long now = 5_000_000_000L;
    private final ByteRate rate = new ByteRate(1000, TimeUnit.MILLISECONDS.toNanos(100), () -> now);

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void itBeginsWithASliceWheneverItIsAskedFirst() {
        pass(10_000);
        assertThat(rate.take(500)).isEqualTo(100);
        assertThat(rate.take(500)).isZero();
    }

    @Test
    void bytesComeBackWithTime() {
        rate.take(500);
        pass(250);
        assertThat(rate.take(200)).isEqualTo(200);
        assertThat(rate.take(200)).isEqualTo(50);
        assertThat(rate.take(200)).isZero();
    }

    @Test
    void asManyAsComeInASecondAreKept() {
        rate.take(500);
        pass(60_000);
        assertThat(rate.take(5000)).isEqualTo(1000);
        assertThat(rate.take(5000)).isZero();
    }
}
