package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.net.WireCounter;
import io.grpcweb.gateway.stats.ClusterStats;

/**
 * Counts a connection with a backend from its first SYN to its end. It is one, however many addresses are tried for it,
 * except in Envoy's {@code upstream_cx_total}.
 */
final class ConnectionCounter {
    private final ClusterStats stats;
    private final PooledConnection pooled;
    private final long start = System.nanoTime();
    private boolean connected;
    private boolean over;

    ConnectionCounter(ClusterStats stats, PooledConnection pooled, boolean http2) {
        this.stats = stats;
        this.pooled = pooled;
        stats.upstreamCxActive.increment();
        (http2 ? stats.upstreamCxHttp2Total : stats.upstreamCxHttp1Total).increment();
    }

    /** Another address is tried: for its pipeline. */
    WireCounter attempt() {
        stats.upstreamCxTotal.increment();
        return new WireCounter(stats.upstreamCxRxBytesTotal, stats.upstreamCxTxBytesTotal);
    }

    /** TLS is done, too. */
    void connected() {
        connected = true;
        stats.upstreamCxConnectMs.recordNanos(System.nanoTime() - start);
    }

    /** Comes before channelInactive, so that streams that are cut off can still be counted. */
    void closed(boolean closedHere) {
        if (over) {
            return;
        }
        over = true;
        UpstreamConnection connection = pooled.connection();
        // A connection that was refused is closed by the bootstrap, but it was the backend that did not want it.
        boolean local = closedHere && connected;
        stats.upstreamCxActive.decrement();
        stats.upstreamCxLengthMs.recordNanos(System.nanoTime() - start);
        stats.upstreamCxDestroy.increment();
        (local ? stats.upstreamCxDestroyLocal : stats.upstreamCxDestroyRemote).increment();
        if (connection != null) {
            stats.upstreamRqPerCx.record(connection.served());
            if (connection.active() > 0) {
                stats.upstreamCxDestroyWithActiveRq.increment();
                (closedHere ? stats.upstreamCxDestroyLocalWithActiveRq : stats.upstreamCxDestroyRemoteWithActiveRq)
                        .increment();
            }
        }
    }
}
