package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.Outcome;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One call of the gateway's own. It counts as Envoy's asynchronous client does: a response by its status, a failure before
 * the head by the status that a client would have had. Where the connection goes away before the backend has looked at the
 * call, it is made once more.
 */
final class ClusterCall implements SideCall, AttemptOwner {
    private final LoopPools pools;
    private final SideRequest request;
    private final boolean http2;
    private final SideObserver observer;
    private final PickContext pick = PickContext.withoutHash();
    private final long beganNanos = System.nanoTime();
    private Attempt attempt;
    private Future<?> limit;
    private Http2Headers head;
    private ByteBuf body;
    private boolean sentAgain;
    private boolean over;

    /**
     * A call that has not begun.
     *
     * @param http2 the protocol where the cluster has none of its own
     */
    ClusterCall(LoopPools pools, SideRequest request, boolean http2, SideObserver observer) {
        this.pools = pools;
        this.request = request;
        this.http2 = http2;
        this.observer = observer;
    }

    void start(EventExecutor loop) {
        if (!request.timeout().isZero()) {
            limit = loop.schedule(this::timedOut, request.timeout().toNanos(), TimeUnit.NANOSECONDS);
        }
        if (pools.cluster().drops()) {
            fail(503, SideFailure.OVERFLOW, "drop overload");
            return;
        }
        tryOnce(pools.balancer().choose(pick));
    }

    private void tryOnce(Host host) {
        HostPool pool =
                host == null ? null : pools.pool(host, http2, request.head().authority());
        if (pool == null) {
            if (host == null) {
                stats().upstreamCxNoneHealthy.increment();
            }
            fail(503, SideFailure.NO_HEALTHY_UPSTREAM, "no healthy upstream");
            return;
        }
        Attempt next = new Attempt(this, pool, pools.cluster().breakers().of(false));
        if (!next.admit()) {
            fail(503, SideFailure.OVERFLOW, "a circuit breaker is open");
            return;
        }
        attempt = next;
        next.start();
    }

    private ClusterStats stats() {
        return pools.cluster().stats();
    }

    private void timedOut() {
        stats().upstreamRqTimeout.increment();
        if (head == null && attempt != null) {
            pools.cluster().report(attempt.host(), Outcome.LocalOrigin.REQUEST_TIMEOUT);
        }
        giveUp();
        fail(504, SideFailure.TIMEOUT, "no answer within " + request.timeout());
    }

    @Override
    public void cancel() {
        giveUp();
        end();
    }

    private void giveUp() {
        if (!over && attempt != null) {
            attempt.cancel();
        }
    }

    /** Nothing is told any more. */
    private void end() {
        if (over) {
            return;
        }
        over = true;
        if (limit != null) {
            limit.cancel(false);
        }
        request.body().release();
        if (body != null) {
            body.release();
        }
    }

    // The request.

    @Override
    public boolean changesProtocol() {
        return false;
    }

    @Override
    public void opened(Attempt opened) {
        pools.cluster().report(opened.host(), Outcome.LocalOrigin.CONNECTED);
        boolean bodiless = !request.body().isReadable();
        opened.stream().head(request.head(), bodiless);
        if (!bodiless && opened.stream() != null) {
            opened.stream().data(request.body().retainedDuplicate(), true);
        }
    }

    @Override
    public void backendWritable(boolean writable) {
        // The body is in memory already, and waits in the connection.
    }

    // The response.

    @Override
    public void answerHead(Attempt from, Http2Headers fields, boolean end) {
        int status = Exchange.status(fields);
        OutcomeReport.answered(pools.cluster(), from, status, end ? OutcomeReport.grpcStatus(fields) : -1, end);
        stats().ownResponse(status);
        head = fields;
        if (end) {
            answered(null);
        }
    }

    @Override
    public void answerData(Attempt from, ByteBuf data, boolean end) {
        long bytes = (body == null ? 0L : body.readableBytes()) + data.readableBytes();
        if (bytes > request.mostBytes()) {
            data.release();
            giveUp();
            fail(0, SideFailure.TOO_LARGE, "answer is " + bytes + " bytes or more, limit is " + request.mostBytes());
            return;
        }
        add(data, end);
        if (end) {
            OutcomeReport.answered(pools.cluster(), from, 200, -1, true);
            answered(null);
        }
    }

    private void add(ByteBuf data, boolean end) {
        if (body == null && end) {
            body = data;
            return;
        }
        if (body == null) {
            body = data.alloc().buffer(Math.max(256, data.readableBytes()));
        }
        body.writeBytes(data);
        data.release();
    }

    @Override
    public void answerTrailers(Attempt from, Http2Headers trailers) {
        OutcomeReport.answered(pools.cluster(), from, 200, OutcomeReport.grpcStatus(trailers), true);
        answered(trailers);
    }

    @Override
    public void responseFlush() {
        // Who waits is told of the whole.
    }

    private void answered(Http2Headers trailers) {
        stats().ownRequestTime(System.nanoTime() - beganNanos);
        ByteBuf lent = body == null ? Unpooled.EMPTY_BUFFER : body.retain();
        end();
        try {
            observer.answered(new SideAnswer(head, lent, trailers));
        } catch (RuntimeException | VirtualMachineError e) {
            observer.broken(e);
        } finally {
            lent.release();
        }
    }

    @Override
    public void failed(Attempt from, UpstreamFailure failure, long resetCode, boolean unprocessed, String reason) {
        OutcomeReport.failed(pools.cluster(), from, failure);
        if (unprocessed && from.wasOpened() && resetCode < 0 && head == null && !sentAgain) {
            sentAgain = true;
            tryOnce(pools.balancer().choose(pick));
            return;
        }
        String more = reason == null ? "" : ", " + reason;
        fail(head == null ? failure.httpStatus() : 0, SideFailure.RESET, failure.text() + more);
    }

    /** Ends it without a response; {@code status} is counted in its place, 0 where a head was counted. */
    private void fail(int status, SideFailure failure, String reason) {
        if (over) {
            return;
        }
        if (status > 0 && head == null) {
            stats().ownResponse(status);
        }
        end();
        try {
            observer.failed(failure, reason);
        } catch (RuntimeException | VirtualMachineError e) {
            observer.broken(e);
        }
    }

    @Override
    public void broken(Throwable fault) {
        giveUp();
        end();
        observer.broken(fault);
    }
}
