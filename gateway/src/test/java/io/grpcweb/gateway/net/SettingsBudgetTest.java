package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettingsBudgetTest {
    private static final long SECOND = 1_000_000_000L;

    private final SettingsBudget budget = new SettingsBudget();

    @Test
    void aWindowThatGrowsAFewTimesOverManyStreamsIsNoFlood() {
        for (int i = 0; i < 9; i++) {
            assertThat(budget.take(true, 1000, 0)).isTrue();
        }
        assertThat(budget.take(true, 1000, 0)).isFalse();
    }

    @Test
    void settingsThatMoveNoWindowCostTheSameHoweverManyStreamsAreOpen() {
        for (int i = 0; i < 200; i++) {
            assertThat(budget.take(false, 1000, 0)).isTrue();
        }
        assertThat(budget.take(false, 1000, 0)).isFalse();
    }

    @Test
    void timeGivesTheBudgetBackAndNoMoreThanThat() {
        assertThat(budget.take(true, 9_950, 0)).isTrue();
        assertThat(budget.take(true, 4_950, SECOND / 2)).isTrue();
        assertThat(budget.take(true, 9_950, 100 * SECOND)).isTrue();
        assertThat(budget.take(true, 0, 100 * SECOND)).isFalse();
    }
}
