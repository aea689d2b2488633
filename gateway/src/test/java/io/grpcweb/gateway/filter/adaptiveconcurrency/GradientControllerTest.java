package io.grpcweb.gateway.filter.adaptiveconcurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GradientControllerTest {
    private final AdaptiveConcurrencyStats stats = new AdaptiveConcurrencyStats("edge");
    private long now = 1;

    private GradientController controller(Optional<Duration> fixed) {
        return new GradientController(
                new AdaptiveConcurrencyConfig(
                        "name",
                        true,
                        0.5,
                        new AdaptiveConcurrencyConfig.Limit(2, 100, Duration.ofSeconds(1)),
                        new AdaptiveConcurrencyConfig.Ideal(fixed, Duration.ofMinutes(1), 4, 0, 3, 0.25),
                        503),
                stats,
                () -> now);
    }

    /** One call after the other, each as long as this. */
    private void calls(GradientController controller, int count, long millis) {
        for (int i = 0; i < count; i++) {
            assertThat(controller.admits()).isTrue();
            long since = now;
            now += TimeUnit.MILLISECONDS.toNanos(millis);
            controller.ended(since, true);
        }
    }

    @Test
    void fewCallsAreLetThroughWhileItMeasures() {
        GradientController controller = controller(Optional.empty());
        assertThat(stats.measuring.value()).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThat(controller.admits()).isTrue();
        }
        assertThat(controller.admits()).isFalse();
        assertThat(stats.blocked.sum()).isEqualTo(1);
        controller.ended(now, false);
        assertThat(controller.admits()).isTrue();
    }

    @Test
    void theLimitGrowsWhileCallsAreFastAndShrinksWhileTheyAreSlow() {
        GradientController controller = controller(Optional.empty());
        calls(controller, 4, 100);
        assertThat(stats.measuring.value()).isZero();
        assertThat(stats.idealMillis.value()).isBetween(94L, 107L);
        assertThat(stats.limit.value()).isEqualTo(2);

        calls(controller, 11, 100);
        // 2 times 1.25, and the square root of that.
        assertThat(stats.limit.value()).isEqualTo(4);
        long fast = stats.limit.value();
        calls(controller, 2, 600);
        assertThat(stats.limit.value()).isLessThanOrEqualTo(fast);
        calls(controller, 4, 600);
        assertThat(stats.gradient.value()).isEqualTo(500);
    }

    @Test
    void aTimeThatIsKnownIsNotMeasured() {
        GradientController controller = controller(Optional.of(Duration.ofMillis(100)));
        assertThat(stats.measuring.value()).isZero();
        assertThat(stats.idealMillis.value()).isEqualTo(100);
        now += TimeUnit.MINUTES.toNanos(5);
        calls(controller, 1, 1);
        assertThat(stats.measuring.value()).isZero();
    }

    @Test
    void itIsMeasuredAnewFromTimeToTime() {
        GradientController controller = controller(Optional.empty());
        calls(controller, 4, 10);
        now += TimeUnit.MINUTES.toNanos(1);
        assertThat(controller.admits()).isTrue();
        assertThat(stats.measuring.value()).isEqualTo(1);
        // It began before, and says nothing.
        controller.ended(now - 1, true);
        calls(controller, 3, 10);
        assertThat(stats.measuring.value()).isEqualTo(1);
        calls(controller, 1, 10);
        assertThat(stats.measuring.value()).isZero();
    }
}
