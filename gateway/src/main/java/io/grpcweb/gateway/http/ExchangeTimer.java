package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.HttpConfig;
import java.time.Duration;

/**
 * The clocks of one exchange: idle, whole stream, whole request. Activity only notes the time; {@link ExchangeTimers}
 * looks when something could be due.
 */
public final class ExchangeTimer {
    private static final long NEVER = ExchangeTimers.NEVER;

    /**
     * The caller has a timer of its own that began a little earlier. It should be first, or the outcome of a call would
     * depend on the jitter of two clocks.
     */
    private static final long GRACE_NANOS = 15_000_000;

    private static final long TOLERANCE_NANOS = 5_000_000;

    private final Exchange exchange;
    private final ExchangeTimers timers;
    private long idleNanos;
    private Duration flush;
    private long streamEnd = NEVER;
    private long requestEnd = NEVER;
    private final long progressNanos;
    private long progressEnd = NEVER;
    private long progressBytes;
    private boolean requestWaits;
    private long lastActivity;
    private boolean hasDeadline;

    /** Neighbours in the list of {@link ExchangeTimers}. */
    ExchangeTimer next;

    ExchangeTimer previous;

    ExchangeTimer(Exchange exchange, ExchangeTimers timers, HttpConfig.Timeouts timeouts) {
        this.exchange = exchange;
        this.timers = timers;
        this.lastActivity = exchange.info().startNanos;
        this.idleNanos = timeouts.streamIdle().toNanos();
        this.flush = timeouts.streamFlush();
        this.progressNanos = timeouts.requestProgress().toNanos();
        if (!timeouts.request().isZero()) {
            requestEnd = lastActivity + timeouts.request().toNanos();
        }
    }

    /** Begins to watch; call when the route is known. */
    public void start() {
        if (progressNanos > 0
                && !exchange.isRequestEnded()
                && exchange.info().format.isGrpcWeb()) {
            progressEnd = System.nanoTime() + progressNanos;
        }
        if (due() != NEVER && !exchange.isOver()) {
            timers.add(this);
        }
    }

    /** The limits are those of the listener again, before those of another route are set; {@link #start} watches them. */
    public void reset(HttpConfig.Timeouts timeouts) {
        timers.remove(this);
        idleNanos = timeouts.streamIdle().toNanos();
        flush = timeouts.streamFlush();
        streamEnd = NEVER;
        hasDeadline = false;
    }

    /** A stream idle timeout of the route's own; zero means none. */
    public void idle(Duration timeout) {
        idleNanos = timeout.toNanos();
    }

    /** How long the peer may leave a response untouched that is complete, where the route has a limit of its own. */
    public void flush(Duration timeout) {
        flush = timeout;
    }

    /** How long the peer may leave a response untouched that is complete; zero means for ever. */
    public Duration flushPatience() {
        return flush;
    }

    /** The whole stream must end within this time of its start; at once where that has passed. */
    public void streamLimit(long nanos) {
        streamEnd = exchange.info().startNanos + Math.min(nanos, NEVER / 4);
    }

    /** A limit of the whole stream that is known after the start; the sooner one counts. */
    public void endWithin(long nanos) {
        timers.remove(this);
        streamEnd = Math.min(streamEnd, exchange.info().startNanos + Math.min(nanos, NEVER / 4));
        rejoin();
    }

    /** A stream idle timeout that is known after the start; it takes the place of the one before. */
    public void idleFromNow(Duration timeout) {
        timers.remove(this);
        idle(timeout);
        rejoin();
    }

    private void rejoin() {
        if (due() != NEVER && !exchange.isOver()) {
            timers.add(this);
        }
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

    /** Whether the backend takes no more of the request, so that it is not the client's fault that nothing comes. */
    public void requestWaits(boolean waits) {
        requestWaits = waits;
        if (!waits && progressEnd != NEVER) {
            progressEnd = System.nanoTime() + progressNanos;
        }
    }

    /** Something came or went. Returns the time. */
    public long touch() {
        lastActivity = System.nanoTime();
        return lastActivity;
    }

    long requestEnded() {
        requestEnd = NEVER;
        progressEnd = NEVER;
        return touch();
    }

    void stop() {
        timers.remove(this);
    }

    /** The time at which a clock runs out if nothing happens until then. */
    long due() {
        long idleEnd = idleNanos == 0 ? NEVER : lastActivity + timers.idle(idleNanos);
        return Math.min(Math.min(idleEnd, progressEnd), Math.min(streamEnd, requestEnd));
    }

    /** Enough of the request has come since the last look, or it is given up. */
    private void progress(long now) {
        long received = exchange.info().bytesReceived;
        if (!requestWaits && received - progressBytes < HttpConfig.Timeouts.PROGRESS_BYTES) {
            exchange.reply(LocalReply.requestTimeout());
            return;
        }
        progressBytes = received;
        progressEnd = now + progressNanos;
        timers.look(this);
    }

    /** A clock has run out. */
    void expire(long now) {
        if (exchange.isOver()) {
            return;
        }
        if (now >= streamEnd) {
            exchange.reply(LocalReply.durationTimeout(hasDeadline || exchange.isRequestEnded()));
        } else if (now >= requestEnd) {
            exchange.reply(LocalReply.requestTimeout());
        } else if (now >= progressEnd) {
            progress(now);
        } else {
            exchange.reply(LocalReply.idleTimeout(exchange.isRequestEnded()));
        }
    }
}
