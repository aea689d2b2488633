package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.net.WireCounter;
import io.grpcweb.gateway.stats.HttpStats;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.WorkerStats;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.BooleanSupplier;

/** Counts a client's connection and the bytes on its wire. */
final class ConnectionCounter extends WireCounter {
    private final ListenerStats listener;

    /** Null until it is known which filter chain serves the connection. */
    private HttpStats http;

    private boolean tls;
    private final WorkerStats worker;
    private int version;
    private BooleanSupplier active = () -> false;

    ConnectionCounter(ListenerStats listener, WorkerStats worker) {
        this.listener = listener;
        this.worker = worker;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        listener.downstreamCxTotal.increment();
        listener.downstreamCxActive.increment();
        worker.downstreamCxTotal.increment();
        worker.downstreamCxActive.increment();
        ctx.channel().closeFuture().addListener(closed -> closed());
    }

    /**
     * Which filter chain serves the connection.
     *
     * @param stats of the chain
     * @param inTls whether the chain has TLS
     */
    void chosen(HttpStats stats, boolean inTls) {
        http = stats;
        tls = inTls;
        countInto(http.downstreamCxRxBytesTotal, http.downstreamCxTxBytesTotal);
        http.downstreamCxTotal.increment();
        http.downstreamCxActive.increment();
        if (tls) {
            http.downstreamCxSslTotal.increment();
            http.downstreamCxSslActive.increment();
        }
    }

    /**
     * Which version of HTTP is spoken.
     *
     * @param httpVersion 1 or 2
     * @param isActive whether a request is under way
     */
    void speaks(int httpVersion, BooleanSupplier isActive) {
        version = httpVersion;
        active = isActive;
        (version == 2 ? http.downstreamCxHttp2Total : http.downstreamCxHttp1Total).increment();
        (version == 2 ? http.downstreamCxHttp2Active : http.downstreamCxHttp1Active).increment();
    }

    private void closed() {
        long nanos = System.nanoTime() - startNanos();
        listener.downstreamCxDestroy.increment();
        listener.downstreamCxActive.decrement();
        worker.downstreamCxActive.decrement();
        listener.downstreamCxLengthMs.recordNanos(nanos);
        if (http != null) {
            closedForChain(nanos);
        }
    }

    private void closedForChain(long nanos) {
        http.downstreamCxDestroy.increment();
        (closedHere() ? http.downstreamCxDestroyLocal : http.downstreamCxDestroyRemote).increment();
        if (active.getAsBoolean()) {
            http.downstreamCxDestroyActiveRq.increment();
            (closedHere() ? http.downstreamCxDestroyLocalActiveRq : http.downstreamCxDestroyRemoteActiveRq).increment();
        }
        http.downstreamCxActive.decrement();
        http.downstreamCxLengthMs.recordNanos(nanos);
        if (tls) {
            http.downstreamCxSslActive.decrement();
        }
        if (version != 0) {
            (version == 2 ? http.downstreamCxHttp2Active : http.downstreamCxHttp1Active).decrement();
        }
    }
}
