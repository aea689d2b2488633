package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.upstream.CircuitBreakers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;

/**
 * The retries of one call: told how each attempt went, it says whether there is another one, and after which pause.
 * It holds a place in the retry circuit breaker from that decision until the next one, or until {@link #close()}.
 *
 * <p>It does not know whether a byte of the response has left or whether the request is still at hand; the router asks
 * it only while another attempt is possible at all.
 */
final class RetryState {
    private final RetryConditions conditions;
    private final CircuitBreakers.Breaker breaker;
    private final long maximumNanos;
    private long intervalNanos;
    private int left;
    private boolean retrying;

    /** What follows from an attempt that is over. */
    enum Decision {
        /** That was the response. */
        NO,
        /** Another attempt, after {@link #nextPauseNanos}. */
        RETRY,
        /** It would have been worth another attempt, but there were enough: response flag {@code URX}. */
        LIMIT_EXCEEDED,
        /** The circuit breaker for retries is open. */
        OVERFLOW
    }

    /**
     * For one call.
     *
     * @param conditions those of the route, or with those of the request
     * @param retries how many attempts there may be after the first
     */
    RetryState(
            RouteConfig.RetryPolicy policy, RetryConditions conditions, int retries, CircuitBreakers.Breaker breaker) {
        this.conditions = conditions;
        this.breaker = breaker;
        this.left = retries;
        this.intervalNanos = Math.max(1, nanos(policy.backOffBase()));
        this.maximumNanos = Math.max(intervalNanos, nanos(policy.backOffMax()));
    }

    private static long nanos(Duration duration) {
        return duration.toNanos();
    }

    /**
     * The head of a response has come.
     *
     * @param grpcStatus of the head, -1 where it has none
     */
    Decision onHead(int status, int grpcStatus, Http2Headers head) {
        return decide(conditions.applyTo(status, grpcStatus, head));
    }

    /** The attempt failed without a response. */
    Decision onReset(UpstreamFailure failure, boolean requestSent) {
        return decide(conditions.applyTo(failure, requestSent));
    }

    /** The time of the attempt is over: counts as a reset. */
    Decision onAttemptTimeout() {
        return decide(conditions.applyTo(null, true));
    }

    private Decision decide(boolean worthIt) {
        close();
        if (!worthIt) {
            return Decision.NO;
        }
        if (left == 0) {
            return Decision.LIMIT_EXCEEDED;
        }
        left--;
        if (!breaker.tryAcquire()) {
            return Decision.OVERFLOW;
        }
        retrying = true;
        return Decision.RETRY;
    }

    /**
     * How long to wait before the attempt: full jitter over an interval that doubles from the base to the maximum.
     *
     * @param random any number
     */
    long nextPauseNanos(long random) {
        long interval = intervalNanos;
        intervalNanos = interval <= maximumNanos / 2 ? interval * 2 : maximumNanos;
        return Long.remainderUnsigned(random, interval);
    }

    /** The call is over, or its response has begun: gives back what is held of the circuit breaker. */
    void close() {
        if (retrying) {
            retrying = false;
            breaker.release();
        }
    }
}
