package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.upstream.CircuitBreakers;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.grpcweb.gateway.upstream.pool.HostPool;
import io.grpcweb.gateway.upstream.pool.LoopPools;
import io.grpcweb.gateway.upstream.pool.UpstreamCallback;
import io.grpcweb.gateway.upstream.pool.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A copy of a request for another cluster, which nobody waits for: its response is dropped, its failure is nobody's, and
 * where its backend is slower than the real one it is given up rather than held in memory.
 */
final class Mirror implements UpstreamCallback {
    private static final int MOST_WAITING = 64 * 1024;

    /** For routes without a timeout. */
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final HostPool pool;
    private final CircuitBreakers.Breaker requests;
    private final Http2Headers head;
    private final boolean headEnds;
    private final Deque<ByteBuf> waiting = new ArrayDeque<>(2);
    private Http2Headers waitingTrailers;
    private long waitingBytes;
    private Future<?> limit;
    private UpstreamStream stream;
    private boolean paused;
    private boolean requestEnded;
    private boolean over;

    private Mirror(HostPool pool, CircuitBreakers.Breaker requests, Http2Headers head, boolean headEnds) {
        this.pool = pool;
        this.requests = requests;
        this.head = head;
        this.headEnds = headEnds;
        this.requestEnded = headEnds;
    }

    /**
     * Begins to send a copy; null where the cluster has no endpoint, drops it, or its circuit breaker is open.
     *
     * @param nanos how long it may take, zero for no special limit
     */
    static Mirror start(
            LoopPools pools, Http2Headers head, boolean end, boolean http2, EventExecutor loop, long nanos) {
        if (pools.cluster().drops()) {
            return null;
        }
        Host host = pools.balancer().choose(PickContext.withoutHash());
        CircuitBreakers.Breaker requests = pools.cluster().breakers().of(false).requests();
        if (host == null || !requests.tryAcquire()) {
            return null;
        }
        Http2Headers copy = new DefaultHttp2Headers(false, head.size());
        copy.setAll(head);
        copy.authority(shadow(head.authority().toString()));
        HostPool pool = pools.pool(host, http2, copy.authority());
        if (pool == null) {
            requests.release();
            return null;
        }
        Mirror mirror = new Mirror(pool, requests, copy, end);
        long most = nanos > 0 ? Math.min(nanos, LONGEST_NANOS) : LONGEST_NANOS;
        mirror.limit = loop.schedule(mirror::giveUp, most, TimeUnit.NANOSECONDS);
        host.requestStarted();
        mirror.pool.start(mirror);
        return mirror;
    }

    /** Envoy's mark of a copy, in front of the port. */
    static String shadow(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']');
        return port ? authority.substring(0, colon) + "-shadow" + authority.substring(colon) : authority + "-shadow";
    }

    /** A part of the request; takes it over. */
    void send(ByteBuf data, boolean end) {
        requestEnded |= end;
        if (over) {
            data.release();
        } else if (stream == null || paused || !waiting.isEmpty()) {
            waiting.add(data);
            waitingBytes += data.readableBytes();
            if (waitingBytes > MOST_WAITING) {
                giveUp();
            }
        } else {
            stream.data(data, end);
        }
    }

    void sendTrailers(Http2Headers trailers) {
        requestEnded = true;
        Http2Headers copy = new DefaultHttp2Headers(false, trailers.size());
        copy.setAll(trailers);
        if (over) {
            return;
        }
        if (stream == null || paused || !waiting.isEmpty()) {
            waitingTrailers = copy;
        } else {
            stream.trailers(copy);
        }
    }

    /** The request that it copies has ended: if too early, this one cannot be completed either. */
    void originalEnded() {
        if (!requestEnded) {
            giveUp();
        }
    }

    private void giveUp() {
        if (over) {
            return;
        }
        UpstreamStream open = stream;
        end();
        if (open == null) {
            pool.cancel(this);
        } else {
            open.reset(Http2Error.CANCEL);
        }
    }

    private void end() {
        if (!over) {
            over = true;
            limit.cancel(false);
            waiting.forEach(ByteBuf::release);
            waiting.clear();
            requests.release();
            pool.host().requestEnded();
        }
    }

    @Override
    public void opened(UpstreamStream opened) {
        stream = opened;
        if (over) {
            opened.reset(Http2Error.CANCEL);
            return;
        }
        opened.head(head, headEnds);
        if (!headEnds) {
            writeOut();
        }
    }

    /** Writes what waits, as far as the backend takes it. */
    private void writeOut() {
        while (!over && !paused && !waiting.isEmpty()) {
            ByteBuf part = waiting.poll();
            waitingBytes -= part.readableBytes();
            stream.data(part, waiting.isEmpty() && requestEnded && waitingTrailers == null);
        }
        if (!over && !paused && waitingTrailers != null) {
            Http2Headers trailers = waitingTrailers;
            waitingTrailers = null;
            stream.trailers(trailers);
        }
    }

    @Override
    public void head(Http2Headers answer, boolean end) {
        if (end) {
            end();
        }
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        data.release();
        if (end) {
            end();
        }
    }

    @Override
    public void trailers(Http2Headers trailers) {
        end();
    }

    @Override
    public void readComplete() {}

    @Override
    public void requestWritable(boolean writable) {
        paused = !writable;
        if (writable && stream != null) {
            writeOut();
        }
    }

    @Override
    public void failed(UpstreamFailure failure, long resetCode, boolean unprocessed, String reason) {
        end();
    }
}
