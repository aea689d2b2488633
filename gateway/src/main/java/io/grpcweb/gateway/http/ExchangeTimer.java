package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.HttpConfig;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The clocks of one exchange: idle, whole stream, whole request. One scheduled task serves them all; activity only
 * notes the time, and the task looks again when it fires.
 */
public final class ExchangeTimer {
    private static final long NEVER = Long.MAX_VALUE;

    /**
     * The caller has a timer of its own that began a little earlier. It should be first, or the outcome of a call would
     * depend on the jitter of two clocks.
     */
    private static final long GRACE_NANOS = 15_000_000;

    private static final long TOLERANCE_NANOS = 5_000_000;

    private final Exchange exchange;
    private long idleNanos;
    private long streamEnd = NEVER;
    private long requestEnd = NEVER;
    private long lastActivity;
    private Future<?> task;
    private long taskAt = NEVER;
    private boolean hasDeadline;

    ExchangeTimer(Exchange exchange, HttpConfig.Timeouts timeouts) {
        this.exchange = exchange;
        this.lastActivity = exchange.info().startNanos;
        this.idleNanos = timeouts.streamIdle().toNanos();
        if (!timeouts.request().isZero()) {
            requestEnd = lastActivity + timeouts.request().toNanos();
        }
    }

    /** Begins to watch; call when the route is known. */
    public void start() {
        arm();
    }

    /** A stream idle timeout of the route's own; zero means none. */
    public void idle(Duration timeout) {
        idleNanos = timeout.toNanos();
    }

    /** The whole stream must end within this time of its start; at once where that has passed. */
    public void streamLimit(long nanos) {
        streamEnd = exchange.info().startNanos + Math.min(nanos, NEVER / 4);
    }

    /** The caller's own deadline: the stream is ended a little behind it. */
    public void callerDeadline(long nanos) {
        streamLimit(Math.min(nanos, NEVER / 4) + GRACE_NANOS);
        hasDeadline = true;
    }

    /** Whether the caller's deadline has passed, or so nearly that a backend's clock may say so. */
    public boolean isDeadlinePassed() {
        return hasDeadline && System.nanoTime() - (streamEnd - GRACE_NANOS) > -TOLERANCE_NANOS;
    }

    /** Something came or went. Returns the time. */
    public long touch() {
        lastActivity = System.nanoTime();
        return lastActivity;
    }

    long requestEnded() {
        requestEnd = NEVER;
        return touch();
    }

    void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
        streamEnd = NEVER;
        requestEnd = NEVER;
        idleNanos = 0;
    }

    private long next() {
        long idleEnd = idleNanos == 0 ? NEVER : lastActivity + idleNanos;
        return Math.min(idleEnd, Math.min(streamEnd, requestEnd));
    }

    private void arm() {
        long next = next();
        if (next == NEVER || exchange.isOver()) {
            return;
        }
        if (task != null) {
            if (taskAt <= next) {
                return;
            }
            task.cancel(false);
        }
        taskAt = next;
        task = exchange.executor().schedule(this::fire, Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        task = null;
        long now = System.nanoTime();
        if (exchange.isOver()) {
            return;
        }
        if (now >= streamEnd) {
            exchange.reply(LocalReply.durationTimeout(hasDeadline || exchange.isRequestEnded()));
        } else if (now >= requestEnd) {
            exchange.reply(LocalReply.requestTimeout());
        } else if (idleNanos > 0 && now - lastActivity >= idleNanos) {
            exchange.reply(LocalReply.idleTimeout(exchange.isRequestEnded()));
        } else {
            arm();
        }
    }
}
