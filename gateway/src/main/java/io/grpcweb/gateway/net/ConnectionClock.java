package io.grpcweb.gateway.net;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** When a connection without streams, or one that has grown old, is to end. Activity only notes the time. */
public final class ConnectionClock {
    private final long idleNanos;
    private final long maxNanos;
    private final Runnable idled;
    private final Runnable aged;
    private EventLoop loop;
    private Future<?> idleTask;
    private Future<?> maxTask;
    private long idleSince;
    private boolean idle;
    private boolean stopped;

    /**
     * A clock that does not run yet.
     *
     * @param longestIdle how long a connection may be without a stream; zero: for ever
     * @param longest how old it may become; zero: as old as it likes
     * @param idled runs when it was without a stream for so long
     * @param aged runs when it is so old
     */
    public ConnectionClock(Duration longestIdle, Duration longest, Runnable idled, Runnable aged) {
        this.idleNanos = longestIdle.toNanos();
        this.maxNanos = longest.toNanos();
        this.idled = idled;
        this.aged = aged;
    }

    public void start(EventLoop connectionLoop) {
        loop = connectionLoop;
        if (maxNanos > 0) {
            maxTask = loop.schedule(aged, maxNanos, TimeUnit.NANOSECONDS);
        }
        idle();
    }

    /** No stream is open. */
    public void idle() {
        if (idle || stopped) {
            return;
        }
        idle = true;
        idleSince = System.nanoTime();
        if (idleNanos > 0 && idleTask == null) {
            arm(idleNanos);
        }
    }

    /** A stream has opened. */
    public void busy() {
        idle = false;
    }

    /** The connection is gone, or is ending by itself. */
    public void stop() {
        stopped = true;
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
            idled.run();
        } else {
            arm(idleNanos - passed);
        }
    }
}
