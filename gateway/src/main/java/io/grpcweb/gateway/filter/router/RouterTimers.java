package io.grpcweb.gateway.filter.router;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The clocks of one forwarded request: route, attempt, pause between attempts, whole stream. Zero means "not set". */
final class RouterTimers {
    private final EventExecutor executor;
    private long routeNanos;
    private long tryNanos;
    private Future<?> route;
    private Future<?> attempt;
    private Future<?> pause;
    private Future<?> stream;

    RouterTimers(EventExecutor executor) {
        this.executor = executor;
    }

    void route(long nanos) {
        routeNanos = nanos;
    }

    void perTry(long nanos) {
        tryNanos = nanos;
    }

    /** How long the backend may take, for {@code x-envoy-expected-rq-timeout-ms}; zero means for ever. */
    long expectedMillis() {
        long nanos = tryNanos > 0 && (routeNanos == 0 || tryNanos < routeNanos) ? tryNanos : routeNanos;
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    void startRoute(Runnable late) {
        if (routeNanos > 0 && route == null) {
            route = executor.schedule(late, routeNanos, TimeUnit.NANOSECONDS);
        }
    }

    void startTry(Runnable late) {
        if (tryNanos > 0) {
            stopTry();
            attempt = executor.schedule(late, tryNanos, TimeUnit.NANOSECONDS);
        }
    }

    void stopTry() {
        attempt = stopped(attempt);
    }

    void startPause(long nanos, Runnable next) {
        pause = executor.schedule(next, nanos, TimeUnit.NANOSECONDS);
    }

    void startStream(long nanos, Runnable late) {
        if (nanos > 0) {
            stream = executor.schedule(late, nanos, TimeUnit.NANOSECONDS);
        }
    }

    void stop() {
        stopTry();
        route = stopped(route);
        pause = stopped(pause);
        stream = stopped(stream);
    }

    private static Future<?> stopped(Future<?> task) {
        if (task != null) {
            task.cancel(false);
        }
        return null;
    }
}
