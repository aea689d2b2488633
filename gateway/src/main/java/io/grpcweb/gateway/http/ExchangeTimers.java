package io.grpcweb.gateway.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * The timers of the exchanges of one connection. One scheduled task serves them all, and the exchanges that come later:
 * it wakes when the earliest could be due, looks, and is scheduled anew. Calls that end in time leave it alone.
 */
public final class ExchangeTimers {
    static final long NEVER = Long.MAX_VALUE;

    private final EventExecutor executor;
    private final LongUnaryOperator idle;
    private ExchangeTimer first;
    private Future<?> task;
    private long taskAt = NEVER;

    /**
     * Timers of a connection without exchanges.
     *
     * @param executor the connection's event loop
     */
    public ExchangeTimers(EventExecutor executor) {
        this(executor, LongUnaryOperator.identity());
    }

    /**
     * The same with idle timeouts that may change; {@link #recheck} has them looked at again.
     *
     * @param idle makes of an idle timeout, in nanoseconds, what it is now
     */
    public ExchangeTimers(EventExecutor executor, LongUnaryOperator idle) {
        this.executor = executor;
        this.idle = idle;
    }

    /** An idle timeout as it is now. */
    long idle(long nanos) {
        return idle.applyAsLong(nanos);
    }

    /** Idle timeouts may have changed. */
    public void recheck() {
        if (first != null) {
            wakeBy(System.nanoTime());
        }
    }

    EventExecutor executor() {
        return executor;
    }

    void add(ExchangeTimer timer) {
        timer.next = first;
        if (first != null) {
            first.previous = timer;
        }
        first = timer;
        wakeBy(timer.due());
    }

    void remove(ExchangeTimer timer) {
        if (timer.previous != null) {
            timer.previous.next = timer.next;
        } else if (first == timer) {
            first = timer.next;
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        timer.next = null;
        timer.previous = null;
    }

    /** A clock of one of them runs anew. */
    void look(ExchangeTimer timer) {
        wakeBy(timer.due());
    }

    private void wakeBy(long nanoTime) {
        if (nanoTime >= taskAt) {
            return;
        }
        stop();
        taskAt = nanoTime;
        task = executor.schedule(this::wake, Math.max(0, nanoTime - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void wake() {
        taskAt = NEVER;
        long now = System.nanoTime();
        long earliest = NEVER;
        List<ExchangeTimer> late = new ArrayList<>();
        for (ExchangeTimer timer = first; timer != null; timer = timer.next) {
            if (timer.due() <= now) {
                late.add(timer);
            } else {
                earliest = Math.min(earliest, timer.due());
            }
        }
        wakeBy(earliest);
        // The end of one exchange may end others.
        late.forEach(timer -> timer.expire(now));
    }

    /** The connection is gone. */
    public void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
        taskAt = NEVER;
    }
}
