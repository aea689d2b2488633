package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideStream;
import io.grpcweb.gateway.http.SideStreamObserver;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.Outcome;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayDeque;
import java.util.Deque;

/** One call of the gateway's own whose body is sent and read in parts. It counts as a {@link ClusterCall} does. */
final class ClusterStream implements SideStream, AttemptOwner {
    private final LoopPools pools;
    private final Http2Headers request;
    private final SideStreamObserver observer;
    private final long beganNanos = System.nanoTime();

    /** What was sent before there was a connection. */
    private final Deque<ByteBuf> early = new ArrayDeque<>();

    private Attempt attempt;
    private UpstreamStream stream;
    private boolean requestEnded;
    private boolean headSeen;
    private boolean over;

    /** A call that has not begun; {@code request} is its head. */
    ClusterStream(LoopPools pools, Http2Headers request, SideStreamObserver observer) {
        this.pools = pools;
        this.request = request;
        this.observer = observer;
    }

    void start(boolean http2) {
        if (pools.cluster().drops()) {
            fail(503, SideFailure.OVERFLOW, "drop overload");
            return;
        }
        Host host = pools.balancer().choose(PickContext.withoutHash());
        HostPool pool = host == null ? null : pools.pool(host, http2, request.authority());
        if (pool == null) {
            if (host == null) {
                pools.cluster().stats().upstreamCxNoneHealthy.increment();
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

    // The request.

    @Override
    public void send(ByteBuf data) {
        if (over || requestEnded) {
            data.release();
        } else if (stream == null) {
            early.add(data);
        } else {
            stream.data(data, false);
        }
    }

    @Override
    public void end() {
        if (over || requestEnded) {
            return;
        }
        requestEnded = true;
        if (stream != null) {
            stream.data(Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            finish();
            if (attempt != null) {
                attempt.cancel();
            }
        }
    }

    @Override
    public void wanted(boolean more) {
        if (!over && stream != null) {
            stream.responseWritable(more);
        }
    }

    private void finish() {
        over = true;
        early.forEach(ByteBuf::release);
        early.clear();
    }

    @Override
    public boolean changesProtocol() {
        return false;
    }

    @Override
    public void opened(Attempt opened) {
        pools.cluster().report(opened.host(), Outcome.LocalOrigin.CONNECTED);
        stream = opened.stream();
        stream.head(request, false);
        for (ByteBuf data = early.poll(); data != null; data = early.poll()) {
            stream.data(data, false);
        }
        if (over) {
            return;
        }
        if (requestEnded) {
            stream.data(Unpooled.EMPTY_BUFFER, true);
        }
        if (!over) {
            observer.writable(true);
        }
    }

    @Override
    public void backendWritable(boolean writable) {
        observer.writable(writable);
    }

    // The response.

    @Override
    public void answerHead(Attempt from, Http2Headers fields, boolean end) {
        int status = Exchange.status(fields);
        OutcomeReport.answered(pools.cluster(), from, status, end ? OutcomeReport.grpcStatus(fields) : -1, end);
        pools.cluster().stats().ownResponse(status);
        headSeen = true;
        if (end) {
            answered();
        }
        observer.head(fields, end);
    }

    @Override
    public void answerData(Attempt from, ByteBuf data, boolean end) {
        if (end) {
            OutcomeReport.answered(pools.cluster(), from, 200, -1, true);
            answered();
        }
        observer.data(data, end);
    }

    @Override
    public void answerTrailers(Attempt from, Http2Headers trailers) {
        OutcomeReport.answered(pools.cluster(), from, 200, OutcomeReport.grpcStatus(trailers), true);
        answered();
        observer.trailers(trailers);
    }

    private void answered() {
        pools.cluster().stats().ownRequestTime(System.nanoTime() - beganNanos);
        finish();
    }

    @Override
    public void responseFlush() {
        // What came was told as it came.
    }

    @Override
    public void failed(Attempt from, UpstreamFailure failure, long resetCode, boolean unprocessed, String reason) {
        OutcomeReport.failed(pools.cluster(), from, failure);
        String more = reason == null ? "" : ", " + reason;
        fail(headSeen ? 0 : failure.httpStatus(), SideFailure.RESET, failure.text() + more);
    }

    /** Ends it without a response; {@code status} is counted in its place, 0 where a head was counted. */
    private void fail(int status, SideFailure failure, String reason) {
        if (over) {
            return;
        }
        if (status > 0) {
            pools.cluster().stats().ownResponse(status);
        }
        finish();
        observer.failed(failure, reason);
    }

    @Override
    public void broken(Throwable fault) {
        cancel();
        observer.broken(fault);
    }
}
