package io.grpcweb.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Notices a peer that does not take what was handed to its socket. It runs only while something waits there, looks at what
 * is first in the queue, and calls that progress which changes it; a connection that stands still for the whole of its
 * patience is given up. Confined to the connection's event loop.
 */
public final class StallClock {
    private static final long LONGEST_TICK = TimeUnit.SECONDS.toNanos(1);
    private static final int TICKS = 4;

    private final Channel channel;
    private final Runnable stalled;
    private final Looks looks;
    private long patience;
    private long tickNanos;
    private Future<?> task;
    private Object first;
    private long firstBytes;
    private long stillNanos;

    /** What else its owner looks at with every tick. */
    @FunctionalInterface
    public interface Looks {
        /**
         * Looks once.
         *
         * @param tickNanos since the last look
         * @return whether something of the owner's waits still
         */
        boolean look(long tickNanos);
    }

    /**
     * A clock that does not run yet.
     *
     * @param patience for how long a peer may take nothing; zero: for ever
     * @param looks asked with every tick
     * @param stalled runs when the patience is over
     */
    public StallClock(Channel channel, Duration patience, Looks looks, Runnable stalled) {
        this.channel = channel;
        this.looks = looks;
        this.stalled = stalled;
        set(patience.toNanos());
    }

    /** Changes the patience; what was counted so far is forgotten. */
    public void patience(Duration longest) {
        if (longest.toNanos() != patience) {
            set(longest.toNanos());
        }
    }

    private void set(long nanos) {
        patience = nanos;
        tickNanos = patience == 0 ? LONGEST_TICK : Math.max(1_000_000, Math.min(LONGEST_TICK, patience / TICKS));
        stillNanos = 0;
        if (task != null) {
            stop();
            arm();
        }
    }

    /** The connection ends: from now on its patience is that of a delayed close, or a second where there is none. */
    public void hurry(Duration delayedClose) {
        patience(delayedClose.isZero() ? Duration.ofSeconds(1) : delayedClose);
    }

    /** Something was handed over and flushed; cheap where the socket has taken it. */
    public void flushed(boolean ownerWaits) {
        if (task == null && (ownerWaits || isWaiting())) {
            stillNanos = 0;
            note();
            arm();
        }
    }

    /** The connection is gone. */
    public void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
        first = null;
    }

    /** Whether the socket has not taken all that was flushed. */
    public boolean isWaiting() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue != null && !queue.isEmpty();
    }

    private void arm() {
        task = channel.eventLoop().schedule(this::tick, tickNanos, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        task = null;
        if (!channel.isOpen()) {
            first = null;
            return;
        }
        boolean ownerWaits = looks.look(tickNanos);
        boolean waits = isWaiting();
        if (!note() || !waits) {
            stillNanos = 0;
        } else {
            stillNanos += tickNanos;
            if (patience > 0 && stillNanos >= patience) {
                first = null;
                stalled.run();
                return;
            }
        }
        if (waits || ownerWaits) {
            arm();
        } else {
            first = null;
        }
    }

    /** Remembers what is first in the queue; returns whether it is what was first before. */
    private boolean note() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        Object now = queue == null ? null : queue.current();
        long bytes = now == null ? 0 : queue.currentProgress();
        boolean same = now == first && bytes == firstBytes;
        first = now;
        firstBytes = bytes;
        return same;
    }
}
