package io.grpcweb.gateway.net;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When a connection without streams, or one that has grown old, is to end. Activity only notes the time. */
public final class ConnectionClock {
    private final LongSupplier idleNanos;
    private final LongSupplier maxNanos;
    private final Runnable idled;
    private final Runnable aged;
    private EventLoop loop;
    private Future<?> idleTask;
    private Future<?> maxTask;
    private long idleSince;
    private long startedNanos;
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
        this(longestIdle::toNanos, longest::toNanos, idled, aged);
    }

    /** The same with limits in nanoseconds that may change; {@link #recheck} has them looked at again. */
    public ConnectionClock(LongSupplier longestIdle, LongSupplier longest, Runnable idled, Runnable aged) {
        this.idleNanos = longestIdle;
        this.maxNanos = longest;
        this.idled = idled;
        this.aged = aged;
    }

    public void start(EventLoop connectionLoop) {
        loop = connectionLoop;
        startedNanos = System.nanoTime();
        armMax();
        idle();
    }

    private void armMax() {
        long most = maxNanos.getAsLong();
        if (most > 0) {
            long left = startedNanos + most - System.nanoTime();
            maxTask = loop.schedule(aged, Math.max(0, left), TimeUnit.NANOSECONDS);
        }
    }

    /** The limits may have changed. */
    public void recheck() {
        if (stopped || loop == null) {
            return;
        }
        if (maxTask != null && maxTask.cancel(false)) {
            armMax();
        }
        if (idleTask != null && idleTask.cancel(false)) {
            look();
        }
    }

    /** No stream is open. */
    public void idle() {
        if (idle || stopped) {
            return;
        }
        idle = true;
        idleSince = System.nanoTime();
        if (idleTask == null) {
            long most = idleNanos.getAsLong();
            if (most > 0) {
                arm(most);
            }
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
        long most = idleNanos.getAsLong();
        if (!idle) {
            arm(most);
        } else if (passed >= most) {
            idled.run();
        } else {
            arm(most - passed);
        }
    }
}
