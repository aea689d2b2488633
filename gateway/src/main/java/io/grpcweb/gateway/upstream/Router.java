package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.stats.ClusterStats;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The lowest room: forwards a request to an endpoint of its route's cluster and hands the answer up. It holds the request
 * back while there is no stream, and tries again where that is allowed.
 */
final class Router extends HttpFilter {
    private static final AsciiString SERVICE_TIME = AsciiString.cached("x-envoy-upstream-service-time");
    private static final AsciiString EXPECTED_TIMEOUT = AsciiString.cached("x-envoy-expected-rq-timeout-ms");

    private static final AsciiString ATTEMPT_COUNT = AsciiString.cached("x-envoy-attempt-count");

    /** A request without a stream waits in memory up to this; above it the browser is held back. */
    private static final int HELD_BACK = 64 * 1024;

    /** So much is kept without a retry policy, for a connection that goes away before the backend looked at the call. */
    private static final int KEPT = 16 * 1024;

    private final Exchange exchange;
    private final Upstreams upstreams;
    private final boolean quiet;
    private final RequestBuffer request = new RequestBuffer();
    private final RouterTimers timers;
    private LoopPools pools;
    private Forward forward;
    private CircuitBreakers.Limits limits;
    private RetryState retry;
    private PickContext pick;
    private Http2Headers requestHead;
    private boolean headEnds;
    private Attempt attempt;
    private boolean keeping = true;
    private boolean responseWritable = true;
    private boolean requestPaused;
    private boolean requestComplete;
    private boolean answering;
    private boolean done;
    private boolean sentAgain;

    Router(Exchange exchange, Upstreams upstreams, boolean quiet) {
        this.exchange = exchange;
        this.upstreams = upstreams;
        this.quiet = quiet;
        this.timers = new RouterTimers(exchange.executor());
    }

    // The request.

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        RouteConfig.Route route = exchange.route();
        if (route == null) {
            exchange.reply(LocalReply.noRoute());
        } else if (route.action() instanceof RouteConfig.DirectResponse direct) {
            exchange.reply(LocalReply.directResponse(direct.status(), direct.body()));
        } else if (route.action() instanceof RouteConfig.Redirect redirect) {
            exchange.info().details = "direct_response";
            Http2Headers answer = Redirects.answer(redirect, route, head);
            exchange.headerEdits().response(answer, exchange.info());
            upper().responseHead(answer, true);
        } else {
            forward = (Forward) route.action();
            if (forward.grpcOnly() && refuses(head)) {
                return;
            }
            forward(route, head, end);
        }
    }

    /** A backend that speaks gRPC alone never sees a stranger's form or page request. */
    private boolean refuses(Http2Headers head) {
        if (!"POST".contentEquals(head.method())) {
            exchange.reply(LocalReply.methodNotAllowed());
        } else if (exchange.info().format == CallFormat.HTTP) {
            exchange.reply(LocalReply.unsupportedMediaType(""));
        } else {
            return false;
        }
        return true;
    }

    private void forward(RouteConfig.Route route, Http2Headers head, boolean end) {
        RouteConfig.WeightedCluster drawn = ClusterName.draw(forward.cluster());
        if (drawn != null) {
            exchange.drawn(drawn);
        }
        String name = drawn == null ? ClusterName.of(forward.cluster(), head) : drawn.cluster();
        exchange.info().cluster = name;
        pools = name == null ? null : upstreams.pools((EventLoop) exchange.executor(), name);
        if (pools == null) {
            exchange.info().cluster = null;
            exchange.reply(LocalReply.unknownCluster(forward.clusterNotFoundStatus()));
            return;
        }
        limits = pools.cluster().breakers().of(forward.highPriority());
        exchange.headerEdits().request(head, exchange.info());
        RequestRewrite.apply(head, route, forward);
        if (drawn != null && drawn.hostRewrite().isPresent()) {
            RequestRewrite.host(head, drawn.hostRewrite().get());
        }
        timers.route(RouteTimeout.of(forward, head));
        if (forward.retry().isPresent()) {
            RouteConfig.RetryPolicy policy = forward.retry().get();
            retry = new RetryState(policy, RetryConditions.of(policy), policy.retries(), limits.retries());
            timers.perTry(policy.perTryTimeout().toNanos());
        }
        if (timers.expectedMillis() > 0) {
            head.set(EXPECTED_TIMEOUT, Long.toString(timers.expectedMillis()));
        }
        timers.startStream(pools.cluster().config().maxStreamDuration().toNanos(), () -> {
            stats().upstreamRqMaxDurationReached.increment();
            fail(LocalReply.upstreamDurationTimeout());
        });
        pick = pickContext(head);
        requestHead = head;
        headEnds = end;
        if (end) {
            requestComplete();
        }
        tryOnce();
    }

    private PickContext pickContext(Http2Headers head) {
        if (forward.hashPolicies().isEmpty()) {
            return PickContext.withoutHash();
        }
        StreamInfo info = exchange.info();
        return new HashPolicies(forward.hashPolicies())
                .apply(head, info.connection.remote(), info.connection.local(), cookie -> info.setCookie = cookie);
    }

    private void tryOnce() {
        StreamInfo info = exchange.info();
        info.attempts++;
        Host host = pools.balancer().choose(pick);
        if (host == null) {
            stats().upstreamCxNoneHealthy.increment();
            fail(LocalReply.noHealthyUpstream());
            return;
        }
        info.upstreamHost = host.hostname();
        info.upstreamRemote = host.address();
        Attempt next = new Attempt(this, pools.pool(host, "HTTP/2".equals(info.protocol)), limits);
        if (!next.admit()) {
            stats().upstreamRqPendingOverflow.increment();
            fail(LocalReply.overflow());
            return;
        }
        if (exchange.virtualHost().attemptCount()) {
            requestHead.set(ATTEMPT_COUNT, Integer.toString(info.attempts));
        }
        if (forward.autoHostRewrite()) {
            RequestRewrite.host(requestHead, host.hostname());
        }
        attempt = next;
        if (requestComplete) {
            timers.startTry(this::tryTimedOut);
        }
        attempt.start();
    }

    void opened(Attempt opened) {
        StreamInfo info = exchange.info();
        UpstreamStream stream = opened.stream();
        info.upstreamLocal = stream.localAddress();
        info.upstreamProtocol = stream.protocol();
        info.firstUpstreamTxNanos = System.nanoTime();
        pools.cluster().report(opened.host(), Outcome.LocalOrigin.CONNECTED);
        stream.responseWritable(responseWritable);
        if (info.upgrade != null && "HTTP/2".equals(stream.protocol())) {
            ExtendedConnect.request(requestHead, info.upgrade);
        }
        stream.head(requestHead, headEnds);
        if (!headEnds && opened.stream() != null) {
            backendWritable(true);
            request.writeTo(stream, keeping);
        }
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (done || attempt == null) {
            data.release();
            return;
        }
        UpstreamStream stream = attempt.stream();
        if (keeping && request.bytes() + data.readableBytes() > mostKept()) {
            keeping = false;
            if (stream != null) {
                request.release();
            }
        }
        if (stream == null) {
            request.add(data, end);
            if (!end && request.bytes() > HELD_BACK) {
                backendWritable(false);
            }
        } else {
            if (keeping) {
                request.add(data.retainedDuplicate(), end);
            }
            stream.data(data, end);
        }
        if (end) {
            requestComplete();
        }
    }

    private int mostKept() {
        return retry == null ? KEPT : pools.cluster().config().bufferBytes();
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (done || attempt == null) {
            return;
        }
        request.end(trailers);
        UpstreamStream stream = attempt.stream();
        if (stream != null) {
            stream.trailers(trailers);
        }
        requestComplete();
    }

    /** The route's timeout runs from the end of the request to the end of the answer. */
    private void requestComplete() {
        requestComplete = true;
        exchange.info().lastUpstreamTxNanos = System.nanoTime();
        if (!done) {
            timers.startRoute(() -> {
                reportTimeout();
                stats().upstreamRqTimeout.increment();
                fail(LocalReply.routeTimeout());
            });
            if (attempt != null) {
                timers.startTry(this::tryTimedOut);
            }
        }
    }

    void backendWritable(boolean writable) {
        if (requestPaused == writable && !done) {
            requestPaused = !writable;
            upper().requestWritable(writable);
        }
    }

    @Override
    public void cancel() {
        finished();
        if (attempt != null) {
            attempt.cancel();
        }
    }

    // The answer.

    @Override
    public void responseWritable(boolean writable) {
        responseWritable = writable;
        UpstreamStream stream = attempt == null ? null : attempt.stream();
        if (stream != null) {
            stream.responseWritable(writable);
        }
    }

    void answerHead(Attempt from, Http2Headers head, boolean end) {
        StreamInfo info = exchange.info();
        info.firstUpstreamRxNanos = System.nanoTime();
        int status = Exchange.status(head);
        int grpcStatus = grpcStatus(head, end);
        report(from, status, grpcStatus, end);
        if (retry != null && keeping && tryAgain(retry.onHead(status, grpcStatus, head))) {
            from.cancel();
            stats().retriedResponse(status);
            return;
        }
        stats().response(status);
        if (info.attempts > 1 && retry != null && !info.has(ResponseFlag.UPSTREAM_RETRY_LIMIT)) {
            stats().upstreamRqRetrySuccess.increment();
        }
        if (info.upgrade != null && "HTTP/2".equals(info.upstreamProtocol)) {
            ExtendedConnect.answer(head, status);
        }
        answering = true;
        keeping = false;
        request.release();
        timers.stopTry();
        if (!quiet && requestComplete) {
            long nanos = info.firstUpstreamRxNanos - info.lastUpstreamTxNanos;
            head.set(SERVICE_TIME, Long.toString(Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos))));
        }
        if (info.setCookie != null) {
            head.add("set-cookie", info.setCookie);
        }
        exchange.headerEdits().response(head, info);
        if (info.details == null) {
            info.details = "via_upstream";
        }
        if (end) {
            completed();
        }
        upper().responseHead(head, end);
    }

    private static int grpcStatus(Http2Headers fields, boolean end) {
        CharSequence status = end ? fields.get(GrpcHeaders.STATUS) : null;
        return status == null ? -1 : GrpcStatus.parse(status);
    }

    void answerData(ByteBuf data, boolean end) {
        if (end) {
            // Nothing where the head or a status has told already.
            report(attempt, 200, -1, true);
            completed();
        }
        upper().responseData(data, end);
    }

    void answerTrailers(Attempt from, Http2Headers trailers) {
        report(from, 200, grpcStatus(trailers, true), true);
        completed();
        upper().responseTrailers(trailers);
    }

    /** Outlier detection counts a gRPC status as the HTTP status it stands for, once it is known. */
    private void report(Attempt from, int status, int grpcStatus, boolean end) {
        if (from.isReported() || (status == 200 && grpcStatus < 0 && !end)) {
            return;
        }
        from.reported();
        if (grpcStatus >= 0) {
            pools.cluster().report(from.host(), Outcome.answered(GrpcStatus.toHttp(grpcStatus)));
        } else {
            pools.cluster().report(from.host(), Outcome.answered(status));
        }
    }

    /** The backend's answer is whole. */
    private void completed() {
        finished();
        if (requestComplete) {
            StreamInfo info = exchange.info();
            stats().requestTime(info.lastUpstreamRxNanos - info.lastUpstreamTxNanos);
        }
    }

    private void finished() {
        done = true;
        exchange.info().lastUpstreamRxNanos = System.nanoTime();
        timers.stop();
        request.release();
        if (retry != null) {
            retry.close();
        }
    }

    // Failure.

    void failed(Attempt from, UpstreamFailure failure, long resetCode, boolean unprocessed, String reason) {
        exchange.info().upstreamFailure = reason;
        if (!failure.isConnectFailure()) {
            pools.cluster().report(from.host(), Outcome.LocalOrigin.RESET);
        }
        if (failure == UpstreamFailure.REMOTE_RESET && exchange.timer().isDeadlinePassed()) {
            // A backend that gives up at the deadline says so with RST_STREAM(CANCEL).
            exchange.reply(LocalReply.durationTimeout());
            return;
        }
        if (answering) {
            exchange.reply(LocalReply.upstreamLost(failure, lostStatus(failure, resetCode)));
            return;
        }
        boolean goAway = unprocessed && resetCode < 0 && from.wasOpened();
        if (goAway && keeping && !sentAgain) {
            // RFC 9113 section 6.8: the backend did not look at it, so it may go again, once.
            sentAgain = true;
            tryOnce();
        } else if (retry == null || !keeping || !tryAgain(retry.onReset(failure, from.wasOpened()))) {
            fail(LocalReply.upstreamReset(failure, retry != null && exchange.info().attempts > 1));
        }
    }

    /** Ends the exchange in the backend's place; Envoy counts the status as the cluster's answer. */
    private void fail(LocalReply reply) {
        if (!answering && !done) {
            stats().response(reply.httpStatus());
        }
        exchange.reply(reply);
    }

    private ClusterStats stats() {
        return pools.cluster().stats();
    }

    private void tryTimedOut() {
        reportTimeout();
        Attempt late = attempt;
        late.cancel();
        stats().upstreamRqPerTryTimeout.increment();
        if (retry == null || !keeping || !tryAgain(retry.onAttemptTimeout())) {
            fail(LocalReply.perTryTimeout());
        }
    }

    private void reportTimeout() {
        if (attempt != null && !answering) {
            pools.cluster().report(attempt.host(), Outcome.LocalOrigin.REQUEST_TIMEOUT);
        }
    }

    private boolean tryAgain(RetryState.Decision decision) {
        if (decision == RetryState.Decision.LIMIT_EXCEEDED) {
            exchange.info().flag(ResponseFlag.UPSTREAM_RETRY_LIMIT);
            stats().upstreamRqRetryLimitExceeded.increment();
        } else if (decision == RetryState.Decision.OVERFLOW) {
            stats().upstreamRqRetryOverflow.increment();
        }
        if (decision != RetryState.Decision.RETRY) {
            return false;
        }
        stats().upstreamRqRetry.increment();
        stats().upstreamRqRetryBackoffExponential.increment();
        timers.stopTry();
        pick.avoid(attempt.host());
        timers.startPause(retry.nextPauseNanos(ThreadLocalRandom.current().nextLong()), () -> {
            if (!done) {
                tryOnce();
            }
        });
        return true;
    }

    private static GrpcStatus lostStatus(UpstreamFailure failure, long resetCode) {
        if (resetCode >= 0) {
            return GrpcStatus.fromReset(resetCode);
        }
        return failure == UpstreamFailure.PROTOCOL_ERROR ? GrpcStatus.INTERNAL : GrpcStatus.UNAVAILABLE;
    }
}
