package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.net.WireCounter;
import io.grpcweb.gateway.stats.HttpStats;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.WorkerStats;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.BooleanSupplier;

/** Counts a browser's connection and the bytes on its wire. */
final class ConnectionCounter extends WireCounter {
    private final ListenerStats listener;
    private final HttpStats http;
    private final boolean tls;
    private final WorkerStats worker;
    private int version;
    private BooleanSupplier active = () -> false;

    ConnectionCounter(ListenerStats listener, WorkerStats worker, HttpStats http, boolean tls) {
        super(http.downstreamCxRxBytesTotal, http.downstreamCxTxBytesTotal);
        this.listener = listener;
        this.worker = worker;
        this.http = http;
        this.tls = tls;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        listener.downstreamCxTotal.increment();
        listener.downstreamCxActive.increment();
        worker.downstreamCxTotal.increment();
        worker.downstreamCxActive.increment();
        http.downstreamCxTotal.increment();
        http.downstreamCxActive.increment();
        if (tls) {
            http.downstreamCxSslTotal.increment();
            http.downstreamCxSslActive.increment();
        }
        ctx.channel().closeFuture().addListener(closed -> closed());
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
