package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.RetryPolicy;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.upstream.CircuitBreakers;
import io.grpcweb.gateway.upstream.Cluster;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether one call is tried again. There are two ways: at once, where no backend has looked at it, and after a pause,
 * where the retry policy of the route, of the method or of the request says so. The router asks only while all of the
 * request is at hand and nothing of a response has left.
 */
final class Retries {
    /** Envoy's defaults; the conditions come from the request. */
    private static final RetryPolicy OF_REQUEST = new RetryPolicy(
            List.of(), 1, Duration.ZERO, List.of(), List.of(), Duration.ofMillis(25), Duration.ofMillis(250), false);

    /** So often a call without a connection goes to the next endpoint. */
    private static final int MOST_RESENDS = 3;

    private final RetryPolicy policy;
    private final RetryState state;
    private final boolean resendsUnseen;
    private final ClusterStats stats;
    private final StreamInfo info;
    private boolean sentAgain;
    private int resends;

    private Retries(RetryPolicy policy, RetryState state, boolean resendsUnseen, ClusterStats stats, StreamInfo info) {
        this.policy = policy;
        this.state = state;
        this.resendsUnseen = resendsUnseen;
        this.stats = stats;
        this.info = info;
    }

    /** For a call to a cluster; takes the words of the request about it out of the head, which is trusted. */
    static Retries of(
            Forward forward,
            Http2Headers head,
            RouterFactory known,
            Cluster cluster,
            CircuitBreakers.Limits limits,
            StreamInfo info) {
        RetryPolicy policy = policy(forward, head, info);
        RetryState state = null;
        if (policy != null) {
            RetryConditions conditions = known.conditions(policy).and(head);
            state = new RetryState(policy, conditions, RetryConditions.retries(policy, head), limits.retries());
            RetryConditions.remove(head);
        }
        return new Retries(policy, state, forward.resend().unseen(), cluster.stats(), info);
    }

    private static RetryPolicy policy(Forward forward, Http2Headers head, StreamInfo info) {
        if (forward.retry().isPresent()) {
            return forward.retry().get();
        }
        Set<String> idempotent = forward.resend().idempotent();
        if (info.idempotent
                || !idempotent.isEmpty() && idempotent.contains(head.path().toString())) {
            return RetryPolicy.IDEMPOTENT;
        }
        return RetryConditions.areIn(head) ? OF_REQUEST : null;
    }

    boolean hasPolicy() {
        return policy != null;
    }

    long perTryNanos() {
        return policy == null ? 0 : policy.perTryTimeout().toNanos();
    }

    /** Whether another endpoint is to be preferred to one that was tried. */
    boolean avoidsPreviousHosts() {
        return policy == null || policy.avoidPreviousHosts();
    }

    /**
     * Whether a call that failed goes again at once, since no backend has looked at it: where its connection goes away
     * (RFC 9113 section 6.8) once, in the gateway's own format also where the stream was refused (section 8.7), and where
     * there was no connection at all.
     *
     * @param opened whether it had a stream
     */
    boolean resends(UpstreamFailure failure, long resetCode, boolean unprocessed, boolean opened) {
        if (!unprocessed) {
            return false;
        }
        if (opened) {
            boolean goesAgain = !sentAgain && (resetCode < 0 || resendsUnseen);
            sentAgain |= goesAgain;
            return goesAgain;
        }
        if (failure == UpstreamFailure.CONNECTION_TIMEOUT) {
            // The caller has waited long enough: one more endpoint, and no further.
            resends = Math.max(resends, MOST_RESENDS - 1);
        }
        return resendsUnseen && resends++ < MOST_RESENDS;
    }

    boolean onHead(int status, int grpcStatus, Http2Headers head) {
        return state != null && counted(state.onHead(status, grpcStatus, head));
    }

    boolean onReset(UpstreamFailure failure, boolean opened) {
        return state != null && counted(state.onReset(failure, opened));
    }

    boolean onAttemptTimeout() {
        return state != null && counted(state.onAttemptTimeout());
    }

    private boolean counted(RetryState.Decision decision) {
        switch (decision) {
            case LIMIT_EXCEEDED -> {
                info.flag(ResponseFlag.UPSTREAM_RETRY_LIMIT);
                stats.upstreamRqRetryLimitExceeded.increment();
            }
            case OVERFLOW -> stats.upstreamRqRetryOverflow.increment();
            case RETRY -> {
                stats.upstreamRqRetry.increment();
                stats.upstreamRqRetryBackoffExponential.increment();
            }
            case NO -> {}
        }
        return decision == RetryState.Decision.RETRY;
    }

    long nextPauseNanos() {
        return state.nextPauseNanos(ThreadLocalRandom.current().nextLong());
    }

    /** A response has begun that is handed on. */
    void succeeded() {
        if (state != null && info.attempts > 1 && !info.has(ResponseFlag.UPSTREAM_RETRY_LIMIT)) {
            stats.upstreamRqRetrySuccess.increment();
        }
    }

    /** The call is over. */
    void close() {
        if (state != null) {
            state.close();
        }
    }
}
