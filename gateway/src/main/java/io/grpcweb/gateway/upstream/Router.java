package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The lowest room: forwards a request to an endpoint of its route's cluster and hands the answer up. It holds the request
 * back while there is no stream, and tries again where that is allowed.
 */
final class Router extends HttpFilter {
    private static final AsciiString SERVICE_TIME = AsciiString.cached("x-envoy-upstream-service-time");
    private static final AsciiString EXPECTED_TIMEOUT = AsciiString.cached("x-envoy-expected-rq-timeout-ms");

    /** A request without a stream waits in memory up to this; above it the browser is held back. */
    private static final int HELD_BACK = 64 * 1024;

    private final Exchange exchange;
    private final Upstreams upstreams;
    private final boolean quiet;
    private final RequestBuffer waiting = new RequestBuffer();
    private LoopPools pools;
    private Http2Headers requestHead;
    private boolean headEnds;
    private Attempt attempt;
    private boolean responseWritable = true;
    private boolean requestPaused;
    private boolean requestComplete;
    private boolean answering;
    private boolean done;
    private boolean sentAgain;
    private long timeoutNanos;
    private Future<?> timeout;
    private Future<?> streamLimit;

    Router(Exchange exchange, Upstreams upstreams, boolean quiet) {
        this.exchange = exchange;
        this.upstreams = upstreams;
        this.quiet = quiet;
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
            upper().responseHead(Redirects.answer(redirect, route, head), true);
        } else {
            forward((Forward) route.action(), route, head, end);
        }
    }

    private void forward(Forward forward, RouteConfig.Route route, Http2Headers head, boolean end) {
        String name = clusterName(forward.cluster(), head);
        exchange.info().cluster = name;
        pools = name == null ? null : upstreams.pools((EventLoop) exchange.executor(), name);
        if (pools == null) {
            exchange.reply(LocalReply.unknownCluster(forward.clusterNotFoundStatus()));
            return;
        }
        RequestRewrite.apply(head, route, forward);
        timeoutNanos = RouteTimeout.of(forward, head);
        if (timeoutNanos > 0) {
            head.set(EXPECTED_TIMEOUT, Long.toString(TimeUnit.NANOSECONDS.toMillis(timeoutNanos)));
        }
        long streamMax = pools.cluster().config().maxStreamDuration().toNanos();
        if (streamMax > 0) {
            streamLimit = exchange.executor()
                    .schedule(
                            () -> exchange.reply(LocalReply.upstreamDurationTimeout()),
                            streamMax,
                            TimeUnit.NANOSECONDS);
        }
        requestHead = head;
        headEnds = end;
        if (end) {
            requestComplete();
        }
        tryAgain(PickContext.NONE);
    }

    private static String clusterName(ClusterChoice choice, Http2Headers head) {
        if (choice instanceof ClusterChoice.Named named) {
            return named.cluster();
        }
        if (choice instanceof ClusterChoice.ByHeader byHeader) {
            CharSequence value = head.get(byHeader.header());
            return value == null ? null : value.toString();
        }
        ClusterChoice.Weighted weighted = (ClusterChoice.Weighted) choice;
        int total = weighted.clusters().stream()
                .mapToInt(RouteConfig.WeightedCluster::weight)
                .sum();
        int at = total == 0 ? 0 : ThreadLocalRandom.current().nextInt(total);
        for (RouteConfig.WeightedCluster cluster : weighted.clusters()) {
            at -= cluster.weight();
            if (at < 0) {
                return cluster.cluster();
            }
        }
        return null;
    }

    private void tryAgain(PickContext context) {
        Host host = pools.balancer().choose(context);
        if (host == null) {
            exchange.reply(LocalReply.noHealthyUpstream());
            return;
        }
        StreamInfo info = exchange.info();
        info.attempts++;
        info.upstreamHost = host.hostname();
        info.upstreamRemote = host.address();
        Forward forward = (Forward) exchange.route().action();
        if (forward.autoHostRewrite()) {
            RequestRewrite.host(requestHead, host.hostname());
        }
        attempt = new Attempt(this, pools.pool(host, "HTTP/2".equals(info.protocol)));
        attempt.start();
    }

    void opened(Attempt opened) {
        StreamInfo info = exchange.info();
        UpstreamStream stream = opened.stream();
        info.upstreamLocal = stream.localAddress();
        info.upstreamProtocol = stream.protocol();
        info.firstUpstreamTxNanos = System.nanoTime();
        stream.responseWritable(responseWritable);
        stream.head(requestHead, headEnds);
        if (!headEnds && !opened.isOver()) {
            waiting.writeTo(stream, false);
            backendWritable(true);
        }
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (done || attempt == null) {
            data.release();
            return;
        }
        UpstreamStream stream = attempt.stream();
        if (stream != null) {
            stream.data(data, end);
        } else {
            waiting.add(data, end);
            if (!end && waiting.bytes() > HELD_BACK) {
                backendWritable(false);
            }
        }
        if (end) {
            requestComplete();
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (done || attempt == null) {
            return;
        }
        UpstreamStream stream = attempt.stream();
        if (stream != null) {
            stream.trailers(trailers);
        } else {
            waiting.end(trailers);
        }
        requestComplete();
    }

    /** The route's timeout runs from the end of the request to the end of the answer. */
    private void requestComplete() {
        requestComplete = true;
        exchange.info().lastUpstreamTxNanos = System.nanoTime();
        if (timeoutNanos > 0 && !done) {
            timeout = exchange.executor()
                    .schedule(() -> exchange.reply(LocalReply.routeTimeout()), timeoutNanos, TimeUnit.NANOSECONDS);
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
        done = true;
        stopTimeouts();
        waiting.release();
        if (attempt != null) {
            attempt.cancel();
        }
    }

    private void stopTimeouts() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
        if (streamLimit != null) {
            streamLimit.cancel(false);
            streamLimit = null;
        }
    }

    // The answer.

    @Override
    public void responseWritable(boolean writable) {
        responseWritable = writable;
        if (attempt != null && attempt.stream() != null) {
            attempt.stream().responseWritable(writable);
        }
    }

    void answerHead(Attempt from, Http2Headers head, boolean end) {
        StreamInfo info = exchange.info();
        info.firstUpstreamRxNanos = System.nanoTime();
        pools.cluster().report(from.host(), Outcome.answered(Exchange.status(head)));
        if (!quiet && requestComplete) {
            long nanos = info.firstUpstreamRxNanos - info.lastUpstreamTxNanos;
            head.set(SERVICE_TIME, Long.toString(Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos))));
        }
        answering = true;
        if (info.details == null) {
            info.details = "via_upstream";
        }
        if (end) {
            finished();
        }
        upper().responseHead(head, end);
    }

    void answerData(ByteBuf data, boolean end) {
        if (end) {
            finished();
        }
        upper().responseData(data, end);
    }

    void answerTrailers(Http2Headers trailers) {
        finished();
        upper().responseTrailers(trailers);
    }

    private void finished() {
        done = true;
        exchange.info().lastUpstreamRxNanos = System.nanoTime();
        stopTimeouts();
        waiting.release();
    }

    void failed(Attempt from, UpstreamFailure failure, long resetCode, boolean unprocessed, String reason) {
        exchange.info().upstreamFailure = reason;
        boolean goAway = unprocessed && resetCode < 0 && failure == UpstreamFailure.REFUSED_STREAM;
        if (answering) {
            done = true;
            stopTimeouts();
            exchange.reply(LocalReply.upstreamLost(failure, lostStatus(failure, resetCode)));
        } else if (goAway && !sentAgain && headEnds) {
            // RFC 9113 section 6.8: the backend did not look at it, so it may go again, once.
            sentAgain = true;
            tryAgain(PickContext.NONE);
        } else {
            pools.cluster().report(from.host(), Outcome.LocalOrigin.RESET);
            exchange.reply(LocalReply.upstreamReset(failure, exchange.info().attempts > 1));
        }
    }

    private static GrpcStatus lostStatus(UpstreamFailure failure, long resetCode) {
        if (resetCode >= 0) {
            return GrpcStatus.fromReset(resetCode);
        }
        return failure == UpstreamFailure.PROTOCOL_ERROR ? GrpcStatus.INTERNAL : GrpcStatus.UNAVAILABLE;
    }
}
