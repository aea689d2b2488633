package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.net.WireCounter;
import io.grpcweb.gateway.stats.ClusterStats;

/**
 * Counts a connection with a backend from its first SYN to its end. It is one, however many addresses are tried for it,
 * except in Envoy's {@code upstream_cx_total}.
 */
final class ConnectionCounter {
    private final ClusterStats stats;
    private final ConnectionWish wish;
    private final long start = System.nanoTime();
    private boolean connected;
    private boolean over;

    ConnectionCounter(ConnectionWish wish) {
        this.stats = wish.stats();
        this.wish = wish;
        stats.upstreamCxActive.increment();
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
        ConnectionWish.Use use = wish.use();
        // A connection that was refused is closed by the bootstrap, but it was the backend that did not want it.
        boolean local = closedHere && connected;
        stats.upstreamCxActive.decrement();
        stats.upstreamCxLengthMs.recordNanos(System.nanoTime() - start);
        stats.upstreamCxDestroy.increment();
        (local ? stats.upstreamCxDestroyLocal : stats.upstreamCxDestroyRemote).increment();
        if (use != null) {
            stats.upstreamRqPerCx.record(use.served());
            if (use.active() > 0) {
                stats.upstreamCxDestroyWithActiveRq.increment();
                (closedHere ? stats.upstreamCxDestroyLocalWithActiveRq : stats.upstreamCxDestroyRemoteWithActiveRq)
                        .increment();
            }
        }
    }
}
