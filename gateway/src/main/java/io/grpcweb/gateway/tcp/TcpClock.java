package io.grpcweb.gateway.tcp;

import io.grpcweb.gateway.config.TcpConfig;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Ends a session on which nothing comes, or that has grown old. What comes only notes the time. */
final class TcpClock {
    private final EventLoop loop;
    private final TcpConfig config;
    private final Runnable idled;
    private final Runnable aged;
    private Future<?> idleTask;
    private Future<?> ageTask;
    private long lastNanos;

    TcpClock(EventLoop loop, TcpConfig config, Runnable idled, Runnable aged) {
        this.loop = loop;
        this.config = config;
        this.idled = idled;
        this.aged = aged;
    }

    void start() {
        touch();
        if (!config.idle().isZero()) {
            arm(config.idle().toNanos());
        }
        config.longest().ifPresent(longest -> {
            double more = 1 + config.jitter() * ThreadLocalRandom.current().nextDouble();
            ageTask = loop.schedule(aged, (long) (longest.toNanos() * more), TimeUnit.NANOSECONDS);
        });
    }

    /** Something has come. */
    void touch() {
        lastNanos = System.nanoTime();
    }

    void stop() {
        if (idleTask != null) {
            idleTask.cancel(false);
        }
        if (ageTask != null) {
            ageTask.cancel(false);
        }
    }

    private void arm(long nanos) {
        idleTask = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long left = lastNanos + config.idle().toNanos() - System.nanoTime();
        if (left > 0) {
            arm(left);
        } else {
            idled.run();
        }
    }
}
