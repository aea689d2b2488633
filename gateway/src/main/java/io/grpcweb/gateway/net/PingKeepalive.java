package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.HttpConfig;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** PING frames at an interval (RFC 9113 section 6.7); a peer that does not answer in time is given up. */
public final class PingKeepalive {
    private static final long PAYLOAD = 0x677263707765620aL;

    private final Http2Endpoint connection;
    private final HttpConfig.Keepalive settings;
    private final Runnable unanswered;
    private Future<?> next;
    private Future<?> deadline;
    private long lastHeard = System.nanoTime();

    /**
     * For a connection that is not open yet.
     *
     * @param unanswered gives the peer up
     */
    public PingKeepalive(Http2Endpoint connection, HttpConfig.Keepalive settings, Runnable unanswered) {
        this.connection = connection;
        this.settings = settings;
        this.unanswered = unanswered;
    }

    public void start() {
        if (!settings.interval().isZero()) {
            next = connection
                    .context()
                    .executor()
                    .schedule(
                            this::ping,
                            settings.nextNanos(ThreadLocalRandom.current().nextDouble()),
                            TimeUnit.NANOSECONDS);
        }
    }

    private void ping() {
        connection.encoder().writePing(connection.context(), false, PAYLOAD, connection.promise());
        connection.flush(connection.context());
        deadline = connection
                .context()
                .executor()
                .schedule(unanswered, settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The peer has sent something. */
    public void heard() {
        if (!settings.afterIdle().isZero()) {
            lastHeard = System.nanoTime();
        }
    }

    /** A call is about to begin: a peer from which nothing came for long is asked at once whether it is still there. */
    public void beforeCall() {
        if (!settings.afterIdle().isZero()
                && deadline == null
                && System.nanoTime() - lastHeard > settings.afterIdle().toNanos()) {
            if (next != null) {
                next.cancel(false);
            }
            ping();
        }
    }

    /** The peer has answered. */
    public void acknowledged() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
            start();
        }
    }

    public void stop() {
        if (next != null) {
            next.cancel(false);
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
