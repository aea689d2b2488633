package io.grpcweb.gateway.filter.router;

import static io.grpcweb.gateway.filter.router.RetryState.Decision.LIMIT_EXCEEDED;
import static io.grpcweb.gateway.filter.router.RetryState.Decision.NO;
import static io.grpcweb.gateway.filter.router.RetryState.Decision.OVERFLOW;
import static io.grpcweb.gateway.filter.router.RetryState.Decision.RETRY;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.upstream.CircuitBreakers;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryStateTest {
    private static final Http2Headers NO_FIELDS = EmptyHttp2Headers.INSTANCE;

    private final CircuitBreakers.Breaker breaker =
            new CircuitBreakers(ClusterConfig.Breakers.DEFAULT).of(false).retries();

    private static RouteConfig.RetryPolicy policy(int retries, String... on) {
        RouteConfig.HeaderMatch again = new RouteConfig.HeaderMatch(
                "x-again", Optional.of(new StringMatch.Exact("yes", false)), Optional.empty(), false, false);
        return new RouteConfig.RetryPolicy(
                Arrays.asList(on),
                retries,
                Duration.ZERO,
                List.of(429),
                List.of(again),
                Duration.ofMillis(25),
                Duration.ofMillis(250),
                false);
    }

    private RetryState state(int retries, String... on) {
        RouteConfig.RetryPolicy policy = policy(retries, on);
        return new RetryState(policy, RetryConditions.of(policy), policy.retries(), breaker);
    }

    @ParameterizedTest
    @CsvSource({
        "5xx, 500, -1, RETRY",
        "5xx, 503, -1, RETRY",
        "5xx, 499, -1, NO",
        "5xx, 200, 14, NO",
        "gateway-error, 500, -1, NO",
        "gateway-error, 502, -1, RETRY",
        "gateway-error, 504, -1, RETRY",
        "retriable-4xx, 409, -1, RETRY",
        "retriable-4xx, 404, -1, NO",
        "retriable-status-codes, 429, -1, RETRY",
        "retriable-status-codes, 503, -1, NO",
        "cancelled, 200, 1, RETRY",
        "deadline-exceeded, 200, 4, RETRY",
        "resource-exhausted, 200, 8, RETRY",
        "internal, 200, 13, RETRY",
        "unavailable, 200, 14, RETRY",
        "unavailable, 200, 13, NO",
        "unavailable, 200, -1, NO",
        "unavailable, 503, -1, NO",
        "reset, 503, -1, NO",
        "nonsense, 503, 14, NO",
    })
    void anAnswerIsTriedAgainByTheCondition(String on, int status, int grpcStatus, RetryState.Decision decision) {
        assertThat(state(1, on).onHead(status, grpcStatus, NO_FIELDS)).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({
        "connect-failure, CONNECTION_FAILURE, false, RETRY",
        "connect-failure, CONNECTION_TIMEOUT, false, RETRY",
        "connect-failure, REMOTE_RESET, true, NO",
        "refused-stream, REFUSED_STREAM, true, RETRY",
        "refused-stream, REMOTE_RESET, true, NO",
        "reset, REMOTE_RESET, true, RETRY",
        "reset, CONNECTION_TERMINATION, true, RETRY",
        "reset, CONNECTION_FAILURE, false, RETRY",
        "reset-before-request, CONNECTION_FAILURE, false, RETRY",
        "reset-before-request, REMOTE_RESET, true, NO",
        "5xx, REMOTE_RESET, true, RETRY",
        "gateway-error, CONNECTION_FAILURE, false, RETRY",
        "unavailable, REMOTE_RESET, true, NO",
    })
    void aFailureIsTriedAgainByTheCondition(
            String on, UpstreamFailure failure, boolean requestSent, RetryState.Decision decision) {
        assertThat(state(1, on).onReset(failure, requestSent)).isEqualTo(decision);
    }

    @Test
    void aTimeoutOfTheAttemptCountsAsAReset() {
        assertThat(state(1, "5xx").onAttemptTimeout()).isEqualTo(RETRY);
        assertThat(state(1, "reset").onAttemptTimeout()).isEqualTo(RETRY);
        assertThat(state(1, "connect-failure", "refused-stream").onAttemptTimeout())
                .isEqualTo(NO);
    }

    @Test
    void anAnswerThatSaysOverloadedIsNotTriedAgain() {
        Http2Headers head = new DefaultHttp2Headers().add("x-envoy-overloaded", "true");
        assertThat(state(1, "5xx").onHead(503, -1, head)).isEqualTo(NO);
    }

    @Test
    void aRateLimitedAnswerIsTriedAgainOnlyWhenThatIsAskedFor() {
        Http2Headers head = new DefaultHttp2Headers().add("x-envoy-ratelimited", "true");
        assertThat(state(1, "5xx").onHead(503, -1, head)).isEqualTo(NO);
        assertThat(state(1, "envoy-ratelimited").onHead(429, -1, head)).isEqualTo(RETRY);
    }

    @Test
    void aHeaderFieldCanAskForIt() {
        Http2Headers yes = new DefaultHttp2Headers().add("x-again", "yes");
        Http2Headers no = new DefaultHttp2Headers().add("x-again", "no");
        assertThat(state(1, "retriable-headers").onHead(200, -1, yes)).isEqualTo(RETRY);
        assertThat(state(1, "retriable-headers").onHead(200, -1, no)).isEqualTo(NO);
        assertThat(state(1, "retriable-headers").onHead(200, -1, NO_FIELDS)).isEqualTo(NO);
    }

    @Test
    void thereAreNoMoreRetriesThanAllowed() {
        RetryState state = state(2, "5xx");
        assertThat(state.onHead(503, -1, NO_FIELDS)).isEqualTo(RETRY);
        assertThat(state.onReset(UpstreamFailure.REMOTE_RESET, true)).isEqualTo(RETRY);
        assertThat(state.onHead(503, -1, NO_FIELDS)).isEqualTo(LIMIT_EXCEEDED);
        assertThat(breaker.active()).isZero();
    }

    @Test
    void theBreakerHoldsForAllCallsTogetherAndIsGivenBack() {
        for (int i = 0; i < 3; i++) {
            assertThat(state(1, "5xx").onHead(503, -1, NO_FIELDS)).isEqualTo(RETRY);
        }
        assertThat(state(1, "5xx").onHead(503, -1, NO_FIELDS)).isEqualTo(OVERFLOW);
        breaker.release();
        RetryState state = state(1, "5xx");
        assertThat(state.onHead(503, -1, NO_FIELDS)).isEqualTo(RETRY);
        assertThat(state.onHead(200, 0, NO_FIELDS)).isEqualTo(NO);
        state.close();
        assertThat(breaker.active()).isEqualTo(2);
    }

    @Test
    void pausesAreJitteredOverAnIntervalThatDoublesUpToTheMaximum() {
        RetryState state = state(9, "5xx");
        long[] intervals = {25, 50, 100, 200, 250, 250};
        for (long interval : intervals) {
            long nanos = Duration.ofMillis(interval).toNanos();
            assertThat(state.nextPauseNanos(nanos - 1)).isEqualTo(nanos - 1);
        }
        assertThat(state.nextPauseNanos(Duration.ofMillis(250).toNanos())).isZero();
    }

    @Test
    void aTrustedRequestCanAskForMore() {
        RouteConfig.RetryPolicy policy = policy(1);
        Http2Headers request = new DefaultHttp2Headers()
                .add("x-envoy-retry-on", "5xx,retriable-status-codes")
                .add("x-envoy-retry-grpc-on", "unavailable")
                .add("x-envoy-retriable-status-codes", "418")
                .add("x-envoy-max-retries", "4");
        RetryConditions conditions = RetryConditions.of(policy).and(request);
        assertThat(RetryConditions.retries(policy, request)).isEqualTo(4);
        assertThat(conditions.applyTo(500, -1, NO_FIELDS)).isTrue();
        assertThat(conditions.applyTo(418, -1, NO_FIELDS)).isTrue();
        assertThat(conditions.applyTo(429, -1, NO_FIELDS)).isTrue();
        assertThat(conditions.applyTo(200, 14, NO_FIELDS)).isTrue();
        assertThat(conditions.applyTo(200, 13, NO_FIELDS)).isFalse();
    }
}
