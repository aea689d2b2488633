package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class MeterClockTest {
    private final MeterClock clock = new MeterClock();

    @Test
    void theTimeIsThatOfTheLastAdvance() {
        long before = System.currentTimeMillis();
        clock.advance();
        long after = System.currentTimeMillis();

        assertThat(clock.wallTime()).isBetween(before, after);
        Awaitility.await().until(() -> System.currentTimeMillis() > after);
        assertThat(clock.wallTime()).isBetween(before, after);
    }

    @Test
    void eventLoopsThatAreWatchedAdvanceIt() {
        long made = clock.wallTime();
        DefaultEventExecutorGroup loops = new DefaultEventExecutorGroup(1);

        new LoopStall(new SimpleMeterRegistry(), clock).watch(loops);

        Awaitility.await().until(() -> clock.wallTime() > made);
        loops.shutdownGracefully();
    }
}
