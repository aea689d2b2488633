package io.grpcweb.gateway.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late each event loop is with a task that is due: what a call may have to wait for others. The task also
 * advances the clock of the meters.
 */
final class LoopStall {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final MeterClock clock;
    private final Timer lateness;

    LoopStall(MeterRegistry registry, MeterClock clock) {
        this.clock = clock;
        this.lateness = Timer.builder("gateway.event.loop.lateness")
                .description("How late an event loop begins a task that is due.")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1))
                .register(registry);
    }

    /** Begins to measure all loops of a group; ends with them. */
    void watch(EventExecutorGroup loops) {
        for (EventExecutor loop : loops) {
            arm(loop);
        }
    }

    private void arm(EventExecutor loop) {
        long due = System.nanoTime() + PERIOD_NANOS;
        loop.schedule(
                () -> {
                    clock.advance();
                    lateness.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
                    if (!loop.isShuttingDown()) {
                        arm(loop);
                    }
                },
                PERIOD_NANOS,
                TimeUnit.NANOSECONDS);
    }
}
