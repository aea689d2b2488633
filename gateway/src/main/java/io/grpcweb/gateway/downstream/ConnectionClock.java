package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.HttpConfig;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** When a connection without streams, or one that has grown old, is to end. Activity only notes the time. */
final class ConnectionClock {
    private final long idleNanos;
    private final long maxNanos;
    private final Runnable expired;
    private EventLoop loop;
    private Future<?> idleTask;
    private Future<?> maxTask;
    private long idleSince;
    private boolean idle;

    ConnectionClock(HttpConfig.Timeouts timeouts, Runnable expired) {
        this.idleNanos = timeouts.connectionIdle().toNanos();
        this.maxNanos = timeouts.connectionMax().toNanos();
        this.expired = expired;
    }

    void start(EventLoop connectionLoop) {
        loop = connectionLoop;
        if (maxNanos > 0) {
            maxTask = loop.schedule(expired, maxNanos, TimeUnit.NANOSECONDS);
        }
        idle();
    }

    /** No stream is open. */
    void idle() {
        idle = true;
        idleSince = System.nanoTime();
        if (idleNanos > 0 && idleTask == null) {
            arm(idleNanos);
        }
    }

    /** A stream has opened. */
    void busy() {
        idle = false;
    }

    void stop() {
        if (idleTask != null) {
            idleTask.cancel(false);
        }
        if (maxTask != null) {
            maxTask.cancel(false);
        }
    }

    private void arm(long nanos) {
        idleTask = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        idleTask = null;
        long passed = System.nanoTime() - idleSince;
        if (!idle) {
            arm(idleNanos);
        } else if (passed >= idleNanos) {
            expired.run();
        } else {
            arm(idleNanos - passed);
        }
    }
}
