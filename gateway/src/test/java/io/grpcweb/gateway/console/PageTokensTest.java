package io.grpcweb.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PageTokensTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final PageTokens tokens = new PageTokens(now::get);

    @Test
    void eachOpensOneSocket() {
        String token = tokens.issue();

        assertThat(token).matches("[0-9a-f]{64}");
        assertThat(tokens.take(token)).isTrue();
        assertThat(tokens.take(token)).isFalse();
        assertThat(tokens.take("")).isFalse();
    }

    @Test
    void eachLastsAMinute() {
        String early = tokens.issue();
        String late = tokens.issue();
        now.addAndGet(TimeUnit.SECONDS.toNanos(60));
        assertThat(tokens.take(early)).isTrue();
        now.addAndGet(1);
        assertThat(tokens.take(late)).isFalse();
    }

    @Test
    void theEldestOfSixtyFourGoes() {
        String first = tokens.issue();
        String second = tokens.issue();
        for (int i = 2; i < 65; i++) {
            tokens.issue();
        }
        assertThat(tokens.take(first)).isFalse();
        assertThat(tokens.take(second)).isTrue();
    }
}
