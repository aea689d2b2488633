package io.grpcweb.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Reduction;
import io.grpcweb.gateway.config.OverloadConfig.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final long MOST = 100;

    private final Load load = new Load(
            2,
            List.of(
                    new Reduction(Timer.CONNECTION_IDLE, Duration.ofNanos(20), 0),
                    new Reduction(Timer.STREAM_IDLE, Duration.ZERO, 0.4)));

    private void put(Kind kind, double share) {
        load.put(Map.of(kind, share), Map.of());
    }

    @Test
    void timeoutsBecomeShorterByTheShareOfTheActionAndNoFurtherThanIsSaid() {
        assertThat(load.nanos(Timer.CONNECTION_IDLE, MOST)).isEqualTo(MOST);
        put(Kind.REDUCE_TIMEOUTS, 0.5);
        assertThat(load.nanos(Timer.CONNECTION_IDLE, MOST)).isEqualTo(20 + 40);
        assertThat(load.nanos(Timer.STREAM_IDLE, MOST)).isEqualTo(40 + 30);
        put(Kind.REDUCE_TIMEOUTS, 1);
        assertThat(load.nanos(Timer.CONNECTION_IDLE, MOST)).isEqualTo(20);
        assertThat(load.nanos(Timer.STREAM_IDLE, MOST)).isEqualTo(40);
        assertThat(load.nanos(Timer.STREAM_FLUSH, MOST))
                .as("one of which nothing is said")
                .isEqualTo(MOST);
        assertThat(load.nanos(Timer.CONNECTION_IDLE, 0)).as("none").isZero();
        assertThat(load.nanos(Timer.CONNECTION_IDLE, 10))
                .as("one that is shorter already")
                .isEqualTo(10);
    }

    @Test
    void anActionThatIsInForceInPartHitsSome() {
        put(Kind.STOP_ACCEPTING_REQUESTS, 0.5);
        int hits = 0;
        for (int i = 0; i < 1000; i++) {
            hits += load.hits(Kind.STOP_ACCEPTING_REQUESTS) ? 1 : 0;
        }
        assertThat(hits).isBetween(300, 700);
        put(Kind.STOP_ACCEPTING_REQUESTS, 0);
        assertThat(load.hits(Kind.STOP_ACCEPTING_REQUESTS)).isFalse();
    }

    @Test
    void connectionsHavePlacesUntilTheyAreClosed() {
        assertThat(load.opened()).isTrue();
        assertThat(load.opened()).isTrue();
        assertThat(load.opened()).isFalse();
        assertThat(load.connections()).isEqualTo(2);
        load.closed();
        assertThat(load.opened()).isTrue();
    }
}
