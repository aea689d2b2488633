package io.grpcweb.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.api.Test;

/** A search costs a bounded time, and no machine is too slow for an ordinary one. */
final class NameFilterTest {
    private static final String NAME = "cluster.backend.upstream_rq_total.of_a_name_as_long_as_they_come";

    @Test
    void aPatternThatCostsMuchIsGivenUp() {
        NameFilter filter = new NameFilter("((a|b|c|u|_|e){1,20}){1,20}$");
        assertThatThrownBy(() -> {
                    while (true) {
                        filter.finds(NAME);
                    }
                })
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining("it takes too long");
    }

    @Test
    void aPatternThatIsTooLargeForOneNameIsRefusedAtOnce() {
        NameFilter filter = new NameFilter("(ab){900}");
        assertThatThrownBy(() -> filter.finds("a".repeat(2000)))
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining("it takes too long");
    }

    @Test
    void namesAreFoundAndMatched() {
        NameFilter filter = new NameFilter("upstream_rq_total");
        assertThat(filter.finds(NAME)).isTrue();
        assertThat(filter.matches(NAME)).isFalse();
        assertThat(filter.matches("upstream_rq_total")).isTrue();
    }
}
