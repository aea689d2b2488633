package io.grpcweb.gateway.upstream;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Waits for a control plane's next word about the endpoints of a cluster, where its last one holds for a time only. */
final class StaleTimer {
    private final EventLoop loop;
    private final Runnable outdated;
    private Future<?> timer;

    /** Not running. */
    StaleTimer(EventLoop loop, Runnable outdated) {
        this.loop = loop;
        this.outdated = outdated;
    }

    /** There is a new word, which holds for so long, or for ever where that is zero; on the loop. */
    void restart(Duration holds) {
        close();
        timer = holds.isZero() ? null : loop.schedule(outdated, holds.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** It runs out no more. */
    void close() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
