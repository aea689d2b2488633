package io.grpcweb.gateway.process;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Says that the process is well only after each event loop has come round: one that is stuck keeps the next word back, and
 * systemd ends the process when its time is over.
 */
public final class Watchdog implements Runnable {
    private final List<EventExecutor> loops = new ArrayList<>();
    private final Runnable alive;
    private final AtomicInteger missing = new AtomicInteger();

    /** @param alive runs on the last loop of a round */
    Watchdog(Iterable<EventExecutor> loops, Runnable alive) {
        loops.forEach(this.loops::add);
        this.alive = alive;
    }

    /**
     * Begins to watch, with rounds of a third of the time that the manager waits, for as long as the loops run.
     *
     * @param clock begins each round, and is watched with the others
     */
    public static void start(ServiceManager manager, EventExecutor clock, EventExecutorGroup loops) {
        manager.watchdogMicros().ifPresent(micros -> {
            List<EventExecutor> all = new ArrayList<>();
            all.add(clock);
            loops.forEach(all::add);
            long period = Math.max(1, micros / 3);
            clock.scheduleAtFixedRate(new Watchdog(all, manager::alive), 0, period, TimeUnit.MICROSECONDS);
        });
    }

    /** A round, unless the one before has not ended. */
    @Override
    public void run() {
        if (!missing.compareAndSet(0, loops.size())) {
            return;
        }
        for (EventExecutor loop : loops) {
            loop.execute(() -> {
                if (missing.decrementAndGet() == 0) {
                    alive.run();
                }
            });
        }
    }
}
