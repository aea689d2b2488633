package io.grpcweb.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private final DefaultEventExecutorGroup loops = new DefaultEventExecutorGroup(2);
    private final Semaphore alive = new Semaphore(0);
    private final Watchdog watchdog = new Watchdog(loops, alive::release);

    @AfterEach
    void end() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private boolean isAlive() throws InterruptedException {
        return alive.tryAcquire(10, TimeUnit.SECONDS);
    }

    @Test
    void saysOnceARoundThatAllLoopsRun() throws Exception {
        watchdog.run();
        assertThat(isAlive()).isTrue();
        watchdog.run();
        assertThat(isAlive()).isTrue();
        assertThat(alive.availablePermits()).isZero();
    }

    @Test
    void saysNothingWhileOneIsStuck() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        EventExecutor first = loops.iterator().next();
        first.execute(() -> await(stuck));

        for (int i = 0; i < 3; i++) {
            watchdog.run();
        }
        for (EventExecutor other : loops) {
            if (other != first) {
                other.submit(() -> {}).get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(alive.availablePermits()).isZero();

        stuck.countDown();
        assertThat(isAlive()).isTrue();
        watchdog.run();
        assertThat(isAlive()).isTrue();
        assertThat(alive.availablePermits()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
