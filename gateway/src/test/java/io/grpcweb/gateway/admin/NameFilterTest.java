package io.grpcweb.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NameFilterTest {
    private static final long TWO_SECONDS = Duration.ofSeconds(2).toNanos();

    private long now = 5;
    private long worked = 7;
    private final NameFilter filter = new NameFilter("a+b", () -> now, () -> worked);

    @Test
    void aNameFitsSomewhereOrAsAWhole() {
        assertThat(filter.finds("caab.")).isTrue();
        assertThat(filter.matches("caab.")).isFalse();
        assertThat(filter.matches("aab")).isTrue();
    }

    @Test
    void aThreadThatOnlyWaitedHasTime() {
        now += TWO_SECONDS;
        worked += Duration.ofMillis(199).toNanos();
        assertThat(filter.finds("ab")).isTrue();
    }

    @Test
    void aPatternThatTakesTheProcessorIsStopped() {
        now += TWO_SECONDS;
        worked += Duration.ofMillis(201).toNanos();
        assertThat(filter.finds("ab")).isTrue();
        NameFilter large = new NameFilter("(ab){900}", () -> now, () -> worked);
        now += TWO_SECONDS;
        worked += Duration.ofMillis(201).toNanos();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        large.finds("ab".repeat(10));
                    }
                })
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining("it takes too long");
    }

    @Test
    void aNameThatIsTooLongForThePatternStopsItAsWell() {
        assertThatThrownBy(() -> filter.matches("a".repeat(10_000))).hasMessageContaining("it takes too long");
    }
}
