package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResetFloodTest {
    private static final long SHORT = 1_000_000;
    private static final long LONG = 2_000_000_000L;

    private final ResetFlood flood = new ResetFlood();

    private void end(int streams, boolean premature) {
        for (int i = 0; i < streams; i++) {
            flood.ended(premature);
        }
    }

    @Test
    void aStreamIsPrematureThatWasResetWithinASecondAndWithoutAResponse() {
        assertThat(ResetFlood.isPremature(false, SHORT)).isTrue();
        assertThat(ResetFlood.isPremature(true, SHORT)).isFalse();
        assertThat(ResetFlood.isPremature(false, LONG)).isFalse();
    }

    @Test
    void twoHundredAndFiftyOfTheFirstFiveHundredAreAFloodWhateverFollows() {
        end(249, true);
        assertThat(flood.isFlood()).isFalse();
        end(1, true);
        assertThat(flood.isFlood()).isTrue();
    }

    @Test
    void laterItIsHalfOfAllStreams() {
        end(750, false);
        end(749, true);
        assertThat(flood.isFlood()).isFalse();
        end(1, true);
        assertThat(flood.isFlood()).isTrue();
    }

    @Test
    void aPageThatCancelsAFifthOfItsCallsIsNone() {
        for (int i = 0; i < 300; i++) {
            end(4, false);
            end(1, true);
        }
        assertThat(flood.isFlood()).isFalse();
    }
}
