package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.http.Destination;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.upstream.CircuitBreakers;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.Outcome;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.grpcweb.gateway.upstream.pool.Attempt;
import io.grpcweb.gateway.upstream.pool.AttemptOwner;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.grpcweb.gateway.upstream.pool.HostPool;
import io.grpcweb.gateway.upstream.pool.LoopPools;
import io.grpcweb.gateway.upstream.pool.OutcomeReport;
import io.grpcweb.gateway.upstream.pool.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;

/**
 * The lowest filter: forwards a request to an endpoint of its route's cluster and hands the response up. It holds the request
 * back while there is no stream, and tries again where that is allowed.
 */
final class Router extends HttpFilter implements AttemptOwner {
    private static final AsciiString SERVICE_TIME = AsciiString.cached("x-envoy-upstream-service-time");
    private static final AsciiString IMMEDIATE_FAIL = AsciiString.cached("x-envoy-immediate-health-check-fail");
    private static final AsciiString ATTEMPT_COUNT = AsciiString.cached("x-envoy-attempt-count");

    /** So much is kept without a retry policy, for a connection that goes away before the backend looked at the call. */
    private static final int KEPT = 16 * 1024;

    /** RFC 9110 section 15.2.2. */
    private static final int SWITCHED = 101;

    private final Exchange exchange;
    private final RouterFactory factory;
    private final ClusterManager clusters;
    private final boolean quiet;
    private final RouterTimers timers;
    private LoopPools pools;
    private Forward forward;
    private CircuitBreakers.Limits limits;
    private Retries retries;
    private PickContext pick;
    private OutgoingRequest request;
    private Mirrors mirrors;
    private Attempt attempt;

    /** Null but for a route that needs no backend. */
    private RouteAnswer own;

    private boolean responseWritable = true;
    private boolean requestPaused;
    private boolean answering;

    /** An attempt has failed, and the next one waits for its time: so long the request is kept as it comes. */
    private boolean pausing;

    /** Forgets about a response that waits for the name of a method; null while none does. */
    private Runnable explaining;

    private boolean done;

    Router(Exchange exchange, RouterFactory factory, ClusterManager clusters, boolean quiet) {
        this.factory = factory;
        this.exchange = exchange;
        this.clusters = clusters;
        this.quiet = quiet;
        this.timers = new RouterTimers(exchange.executor());
    }

    // The request.

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        factory.stats().rqTotal.increment();
        RouteConfig.Route route = exchange.route();
        if (route != null && answers(route, head)) {
            if (end) {
                own.requestEnds();
            }
            return;
        }
        LocalReply reply = OwnAnswers.of(route, head);
        if (reply == null) {
            forward = (Forward) route.action();
            reply = OwnAnswers.refusal(forward, head, exchange);
        }
        if (reply == null) {
            forward(route, head, end);
        } else {
            exchange.reply(reply);
        }
    }

    /** Begins the response of a route that has one of its own; whether it has. */
    private boolean answers(RouteConfig.Route route, Http2Headers head) {
        if (route.action() instanceof RouteConfig.Files folder) {
            FileAnswer file = new FileAnswer(exchange, upper());
            own = file;
            file.begin(factory.files(), route, folder, head);
        } else if (route.action() instanceof RouteConfig.CannedReply reply) {
            own = new CannedAnswer(reply, exchange, upper());
        }
        return own != null;
    }

    private void forward(RouteConfig.Route route, Http2Headers head, boolean end) {
        RouteConfig.WeightedCluster drawn = exchange.drawn();
        if (drawn == null && forward.cluster() instanceof RouteConfig.ClusterChoice.Weighted weighted) {
            drawn = weighted.at(HashPick.cluster(head, forward, exchange.info()));
            exchange.drawn(drawn);
        }
        if (!takePools(drawn == null ? ClusterName.of(forward.cluster(), head) : drawn.cluster())) {
            return;
        }
        limits = pools.cluster().breakers().of(forward.highPriority());
        retries = Retries.of(forward, head, factory, pools.cluster(), limits, exchange.info());
        if (drawn != null && drawn.hostRewrite().isPresent()) {
            // As in Envoy that of the route has the last word, and nobody is told of this one.
            head.authority(drawn.hostRewrite().get());
        }
        exchange.headerEdits().request(head, exchange.info());
        RequestRewrite.apply(head, route, forward, quiet);
        RouteTimeout.apply(forward, head, retries.perTryNanos(), timers, quiet);
        timers.startStream(pools.cluster().config().maxStreamDuration().toNanos(), this::streamTimedOut);
        pick = HashPick.endpoint(head, pools.cluster().config().hashPolicies(), forward, exchange.info());
        if (pools.cluster().config().balancer().subsets().isPresent()) {
            pick.want(EndpointWish.of(forward, drawn, exchange.info()));
        }
        request = new OutgoingRequest(head, end, mostKept());
        if (exchange.info().upgrade != null) {
            request.awaitChange();
            // Bytes of another protocol have no length.
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
        } else if (!forward.mirrors().isEmpty()) {
            mirror(head, end);
        }
        if (end) {
            requestComplete();
        }
        tryFirst(exchange.info().destination);
    }

    /** Finds the pools of the cluster of this name; where the request goes to none, it is answered. */
    private boolean takePools(String name) {
        exchange.info().cluster = name;
        pools = name == null ? null : clusters.pools((EventLoop) exchange.executor(), name);
        if (pools == null) {
            exchange.info().cluster = null;
            exchange.reply(LocalReply.unknownCluster(forward.clusterNotFoundStatus()));
            return false;
        }
        if (pools.cluster().drops()) {
            fail(LocalReply.dropOverload(pools.cluster().assignment().policy().dropped() >= 1));
            return false;
        }
        return true;
    }

    /** How much of the request's body is kept to be sent again. */
    private int mostKept() {
        return retries.hasPolicy() || forward.internalRedirect().isPresent()
                ? pools.cluster().config().bufferBytes()
                : KEPT;
    }

    private void mirror(Http2Headers head, boolean end) {
        mirrors = Mirrors.start(
                forward.mirrors(),
                clusters,
                (EventLoop) exchange.executor(),
                head,
                end,
                exchange.info().protocol == Protocol.HTTP_2,
                forward.timeout().toNanos());
    }

    /** A filter may know the endpoint; later attempts are free to go elsewhere. */
    private void tryFirst(Destination known) {
        Host host = known == null ? null : pools.cluster().hosts().at(known.address());
        if (host != null && host.usable()) {
            tryOnce(host);
        } else if (known != null && known.strict()) {
            stats().upstreamCxNoneHealthy.increment();
            fail(LocalReply.noHealthyUpstream(known.status()));
        } else {
            tryOnce(pools.balancer().choose(pick));
        }
    }

    private void tryOnce(Host host) {
        StreamInfo info = exchange.info();
        pausing = false;
        info.attempts++;
        if (host == null) {
            stats().upstreamCxNoneHealthy.increment();
            fail(LocalReply.noHealthyUpstream());
            return;
        }
        info.upstreamHost = host.hostname();
        info.upstreamRemote = host.address();
        HostPool pool = pools.pool(
                host, info.protocol == Protocol.HTTP_2, request.head().authority());
        if (pool == null) {
            // As in Envoy.
            fail(LocalReply.noHealthyUpstream());
            return;
        }
        Attempt next = new Attempt(this, pool, limits);
        if (!next.admit()) {
            fail(LocalReply.overflow());
            return;
        }
        if (exchange.virtualHost().attemptCount()) {
            request.head().set(ATTEMPT_COUNT, Integer.toString(info.attempts));
        }
        if (forward.hostRewrite().fromEndpoint()) {
            RequestRewrite.host(request.head(), host.givenName(), forward.hostRewrite(), quiet);
        }
        attempt = next;
        if (exchange.attempts() != null) {
            next.observed(exchange.attempts().began(info, request.head()));
        }
        info.attemptNanos = System.nanoTime();
        if (request.isComplete()) {
            timers.startTry(this::tryTimedOut);
        }
        attempt.start();
    }

    @Override
    public boolean changesProtocol() {
        return exchange.info().upgrade != null;
    }

    @Override
    public void opened(Attempt opened) {
        StreamInfo info = exchange.info();
        UpstreamStream stream = opened.stream();
        info.upstreamLocal = stream.localAddress();
        info.upstreamProtocol = stream.protocol();
        info.upstreamConnectionId = stream.facts().id();
        info.upstreamTls = stream.facts().tls();
        info.upstreamServerName = stream.facts().serverName();
        if (info.upstreamBytes != null) {
            stream.count(info.upstreamBytes);
        }
        info.firstUpstreamTxNanos = System.nanoTime();
        info.poolReadyNanos = info.firstUpstreamTxNanos;
        pools.cluster().report(opened.host(), Outcome.LocalOrigin.CONNECTED);
        stream.responseWritable(responseWritable);
        if (info.upgrade != null && !stream.changesProtocol()) {
            fail(LocalReply.upgradeNotOffered());
            return;
        }
        if (info.upgrade != null && stream.protocol() == Protocol.HTTP_2) {
            ExtendedConnect.request(request.head(), info.upgrade);
        }
        request.writeHead(stream);
        if (request.hasBody() && opened.stream() != null && !request.awaitsChange()) {
            backendWritable(true);
            request.writeBody(stream);
        }
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (done || attempt == null) {
            data.release();
            if (end && own != null) {
                own.requestEnds();
            }
            return;
        }
        if (mirrors != null) {
            mirrors.send(data, end);
        }
        boolean kept = request.isKept();
        request.data(data, end, attempt.stream());
        if (kept && !request.isKept() && retries.hasPolicy()) {
            stats().retryOrShadowAbandoned.increment();
            if (pausing) {
                fail(LocalReply.tooLargeToRetry());
                return;
            }
        }
        if (end) {
            requestComplete();
        } else if (!pausing && (attempt.stream() == null || request.awaitsChange()) && request.isHeldBack()) {
            backendWritable(false);
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (done || attempt == null) {
            if (own != null) {
                own.requestEnds();
            }
            return;
        }
        if (mirrors != null) {
            mirrors.sendTrailers(trailers);
        }
        request.trailers(trailers, attempt.stream());
        requestComplete();
    }

    /** The route's timeout runs from the end of the request to the end of the response. */
    private void requestComplete() {
        exchange.info().lastUpstreamTxNanos = exchange.info().lastRequestByteNanos;
        if (!done) {
            timers.startRoute(this::routeTimedOut);
            if (attempt != null) {
                timers.startTry(this::tryTimedOut);
            }
        }
    }

    /** In an Envoy file, a request of a client that does not speak gRPC is given up as Envoy gives it up. */
    @Override
    public Http2Error cancelCode() {
        return exchange.errorFormat() == ErrorFormat.BROWSER
                        || exchange.info().format.isGrpc()
                ? Http2Error.CANCEL
                : Http2Error.INTERNAL_ERROR;
    }

    @Override
    public void backendWritable(boolean writable) {
        if (writable && request.awaitsChange() && request.isHeldBack()) {
            // It is not the backend's window that this waits for.
            return;
        }
        if (requestPaused == writable && !done) {
            requestPaused = !writable;
            (writable ? stats().upstreamFlowControlDrainedTotal : stats().upstreamFlowControlBackedUpTotal).increment();
            upper().requestWritable(writable);
        }
    }

    @Override
    public void cancel() {
        finished();
        if (explaining != null) {
            explaining.run();
            explaining = null;
        }
        if (own != null) {
            own.cancel();
        }
        if (attempt != null) {
            attempt.cancel();
        }
    }

    // The response.

    @Override
    public void responseWritable(boolean writable) {
        if (pools != null && responseWritable != writable) {
            (writable ? stats().upstreamFlowControlResumedReadingTotal : stats().upstreamFlowControlPausedReadingTotal)
                    .increment();
        }
        responseWritable = writable;
        if (own != null) {
            own.responseWritable(writable);
        }
        UpstreamStream stream = attempt == null ? null : attempt.stream();
        if (stream != null) {
            stream.responseWritable(writable);
        }
    }

    @Override
    public void answerHead(Attempt from, Http2Headers head, boolean end) {
        StreamInfo info = exchange.info();
        info.firstUpstreamRxNanos = System.nanoTime();
        int status = Exchange.status(head);
        int grpcStatus = end ? OutcomeReport.grpcStatus(head) : -1;
        OutcomeReport.answered(pools.cluster(), from, status, grpcStatus, end);
        if (forward.internalRedirect().isPresent()
                && redirected(forward.internalRedirect().get(), status, head)) {
            return;
        }
        if (request.isKept() && retries.onHead(status, grpcStatus, head)) {
            from.cancel();
            stats().retriedResponse(status);
            tryLater();
            return;
        }
        if (pools.cluster().isHealthChecked() && head.contains(IMMEDIATE_FAIL)) {
            pools.cluster().saysItIsNotWell(from.host());
        }
        stats().response(status);
        retries.succeeded();
        if (info.upgrade != null || request.awaitsChange()) {
            upgraded(from, head, status);
        }
        answering = true;
        request.forget();
        timers.stopTry();
        stamp(head, info);
        if (end) {
            completed();
            if (grpcStatus == GrpcStatus.UNIMPLEMENTED.code() && waitsForSchema(head)) {
                return;
            }
        }
        upper().responseHead(head, end);
    }

    /** Where the backend does not have the method, its response may wait a moment for the name of a similar one. */
    private boolean waitsForSchema(Http2Headers head) {
        NearMisses misses = exchange.errorFormat() == ErrorFormat.BROWSER ? factory.nearMisses() : null;
        if (misses == null) {
            return false;
        }
        explaining = misses.explain(exchange, request.head().path().toString(), factory.described(), head, () -> {
            explaining = null;
            upper().responseHead(head, true);
        });
        return true;
    }

    /** What the gateway itself says in the head of a response. */
    private void stamp(Http2Headers head, StreamInfo info) {
        if (!quiet && request.isComplete()) {
            long nanos = info.firstUpstreamRxNanos - info.lastUpstreamTxNanos;
            head.set(SERVICE_TIME, Long.toString(Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos))));
        }
        if (info.setCookie != null) {
            head.add("set-cookie", info.setCookie);
        }
        if (info.details == null) {
            info.details = Details.VIA_UPSTREAM;
        }
        exchange.headerEdits().response(head, info);
    }

    /** Follows a redirect, where that is allowed and the request can be sent again. */
    private boolean redirected(RouteConfig.InternalRedirect policy, int status, Http2Headers answer) {
        if (!policy.statuses().contains(status)) {
            return false;
        }
        boolean followed = InternalRedirects.follow(policy, request, answer, exchange, factory.stats());
        (followed ? stats().upstreamInternalRedirectSucceededTotal : stats().upstreamInternalRedirectFailedTotal)
                .increment();
        return followed;
    }

    /** The backend says whether it changes to the other protocol. */
    private void upgraded(Attempt from, Http2Headers head, int status) {
        if (exchange.info().upgrade != null && exchange.info().upstreamProtocol == Protocol.HTTP_2) {
            ExtendedConnect.answer(head, status);
        }
        if (!request.awaitsChange()) {
            return;
        }
        if (from.stream() != null && Exchange.status(head) == SWITCHED) {
            request.changed(from.stream());
        } else {
            request.refused();
        }
        backendWritable(true);
    }

    @Override
    public void answerData(Attempt from, ByteBuf data, boolean end) {
        if (end) {
            // Nothing where the head or a status has told already.
            OutcomeReport.answered(pools.cluster(), from, 200, -1, true);
            completed();
        }
        upper().responseData(data, end);
    }

    @Override
    public void answerTrailers(Attempt from, Http2Headers trailers) {
        OutcomeReport.answered(pools.cluster(), from, 200, OutcomeReport.grpcStatus(trailers), true);
        completed();
        upper().responseTrailers(trailers);
    }

    /** The backend's answer is whole. */
    private void completed() {
        finished();
        if (request.isComplete()) {
            StreamInfo info = exchange.info();
            stats().requestTime(info.lastUpstreamRxNanos - info.lastUpstreamTxNanos);
        }
    }

    private void finished() {
        done = true;
        exchange.info().lastUpstreamRxNanos = System.nanoTime();
        if (mirrors != null) {
            mirrors.originalEnded();
        }
        timers.stop();
        if (request != null) {
            request.forget();
        }
        if (retries != null) {
            retries.close();
        }
    }

    // Failure.

    @Override
    public void broken(Throwable fault) {
        exchange.broken(fault);
    }

    @Override
    public void failed(Attempt from, UpstreamFailure failure, long resetCode, boolean unprocessed, String reason) {
        exchange.info().upstreamFailure = failure.transport(reason);
        OutcomeReport.failed(pools.cluster(), from, failure);
        if (failure == UpstreamFailure.REMOTE_RESET && exchange.timer().isDeadlinePassed()) {
            // A backend that gives up at the deadline says so with RST_STREAM(CANCEL).
            exchange.reply(LocalReply.durationTimeout(true));
            return;
        }
        if (answering) {
            exchange.reply(LocalReply.upstreamLost(
                    failure, OutcomeReport.lostStatus(failure, resetCode), exchange.isResponseStarted()));
            return;
        }
        boolean opened = from.wasOpened();
        if (request.isKept() && retries.resends(failure, resetCode, unprocessed, opened) && sendAgain(from, opened)) {
            return;
        }
        if (request.isKept() && retries.onReset(failure, opened)) {
            tryLater();
        } else {
            fail(LocalReply.upstreamReset(failure, retries.hasPolicy() && exchange.info().attempts > 1));
        }
    }

    /** No backend looked at it; an endpoint that cannot be reached is not asked twice. */
    private boolean sendAgain(Attempt from, boolean opened) {
        if (!opened) {
            pick.avoid(from.host());
        }
        Host next = pools.balancer().choose(pick);
        if (next == null || pick.shouldAvoid(next)) {
            return false;
        }
        timers.stopTry();
        tryOnce(next);
        return true;
    }

    private void tryLater() {
        pausing = true;
        timers.stopTry();
        if (retries.avoidsPreviousHosts()) {
            pick.avoid(attempt.host());
        }
        timers.startPause(retries.nextPauseNanos(), () -> {
            if (!done) {
                tryOnce(pools.balancer().choose(pick));
            }
        });
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

    private void streamTimedOut() {
        stats().upstreamRqMaxDurationReached.increment();
        fail(LocalReply.upstreamDurationTimeout());
    }

    private void routeTimedOut() {
        reportTimeout();
        stats().upstreamRqTimeout.increment();
        fail(LocalReply.routeTimeout());
    }

    private void tryTimedOut() {
        reportTimeout();
        Attempt late = attempt;
        late.cancel();
        stats().upstreamRqPerTryTimeout.increment();
        if (request.isKept() && retries.onAttemptTimeout()) {
            tryLater();
        } else {
            fail(LocalReply.perTryTimeout());
        }
    }

    private void reportTimeout() {
        if (attempt != null && !answering) {
            pools.cluster().report(attempt.host(), Outcome.LocalOrigin.REQUEST_TIMEOUT);
        }
    }
}
