package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResetFloodTest {
    private static final long SHORT = 1_000_000;
    private static final long LONG = 2_000_000_000L;

    private static ResetFlood after(int streams, boolean reset, boolean answered, long nanos) {
        ResetFlood flood = new ResetFlood();
        for (int i = 0; i < streams; i++) {
            flood.ended(reset, answered, nanos);
        }
        return flood;
    }

    @Test
    void twoHundredAndFiftyQuickResetsAreAFlood() {
        assertThat(after(249, true, false, SHORT).isFlood()).isFalse();
        assertThat(after(250, true, false, SHORT).isFlood()).isTrue();
    }

    @Test
    void callsThatWereAnsweredOrTookTheirTimeAreNone() {
        assertThat(after(5000, true, true, SHORT).isFlood()).isFalse();
        assertThat(after(5000, true, false, LONG).isFlood()).isFalse();
        assertThat(after(5000, false, false, SHORT).isFlood()).isFalse();
    }

    @Test
    void aCancelNowAndThenIsNone() {
        ResetFlood flood = new ResetFlood();
        for (int i = 0; i < 3000; i++) {
            flood.ended(i % 3 == 0, false, SHORT);
        }
        assertThat(flood.isFlood()).isFalse();
    }
}
