package io.grpcweb.gateway.source.xds.channel;

import io.grpcweb.gateway.source.xds.Timers;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Timers of an event loop. */
public final class LoopTimers implements Timers {
    private static final Waiting NOTHING = () -> {};

    private final EventLoop loop;

    public LoopTimers(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public Waiting after(Duration delay, Runnable action) {
        if (loop.isShuttingDown()) {
            return NOTHING;
        }
        Future<?> scheduled = loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void next(Runnable action) {
        if (!loop.isShuttingDown()) {
            loop.execute(action);
        }
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
