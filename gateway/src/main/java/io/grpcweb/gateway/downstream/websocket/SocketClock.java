package io.grpcweb.gateway.downstream.websocket;

import io.grpcweb.gateway.config.HttpConfig;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The clocks of one WebSocket, of which one runs at a time: until its first call, then for what is silent, then until the
 * client has closed. The calls have clocks of their own. Confined to one event loop.
 */
final class SocketClock {
    /** What happens when a clock has run out. */
    interface Alarm {
        /** No call has come. */
        void firstMessageLate();

        /** How long there has been no call. */
        long nanosWithoutCall();

        /** There has been no call for the time that a connection may have none. */
        void idle();

        /** Nothing has come for a while. */
        void silent();

        /** Nothing has come for a while after a ping. */
        void lost();

        /** The client does not close. */
        void closingLate();
    }

    private final EventExecutor executor;
    private final HttpConfig.WebSockets settings;
    private final Duration idle;
    private final Duration closing;
    private final Alarm alarm;
    private Future<?> task;
    private long heard;
    private boolean pinged;

    SocketClock(EventExecutor executor, HttpConfig http, Alarm alarm) {
        this.executor = executor;
        this.settings = http.webSockets();
        this.idle = http.timeouts().connectionIdle();
        this.closing = http.timeouts().delayedClose();
        this.alarm = alarm;
    }

    /** The handshake is over. */
    void opened() {
        heard = System.nanoTime();
        run(settings.firstMessage(), alarm::firstMessageLate);
    }

    /** The first call has come. */
    void called() {
        run(settings.ping().isZero() ? idle : settings.ping(), this::look);
    }

    /** Close was sent. */
    void closing() {
        run(closing, alarm::closingLate);
        if (closing.isZero()) {
            alarm.closingLate();
        }
    }

    /** Something came. */
    void heard() {
        heard = System.nanoTime();
        pinged = false;
    }

    void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (!idle.isZero() && alarm.nanosWithoutCall() >= idle.toNanos()) {
            alarm.idle();
        } else if (settings.ping().isZero()) {
            run(idle, this::look);
        } else {
            askWhetherThere(settings.ping().toNanos() - (now - heard));
        }
    }

    private void askWhetherThere(long left) {
        if (left > 0) {
            run(Duration.ofNanos(left), this::look);
        } else if (pinged) {
            alarm.lost();
        } else {
            pinged = true;
            run(settings.ping(), this::look);
            alarm.silent();
        }
    }

    private void run(Duration after, Runnable action) {
        stop();
        if (!after.isZero()) {
            task = executor.schedule(action, after.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
