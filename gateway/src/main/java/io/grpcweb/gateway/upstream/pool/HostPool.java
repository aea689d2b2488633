package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.upstream.CircuitBreakers;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.Outcome;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The connections of one event loop to one endpoint. A call takes the first connection with room; where none has, it
 * waits for one that is being opened. Confined to its loop.
 */
public final class HostPool {
    private static final int MOST_ENDED_UNUSED = 3;

    /** Opens a connection, and says to {@code pooled} how that went; on the event loop of the pool. */
    @FunctionalInterface
    interface ConnectionSource {
        void connect(HostPool pool, PooledConnection pooled, boolean http2);

        /** Opens one that no pool keeps. */
        default void open(ConnectionWish wish) {
            throw new UnsupportedOperationException("connections of pools only");
        }
    }

    private final Cluster cluster;
    private final Host host;
    private final EventLoop loop;
    private final ConnectionSource connector;
    private final boolean http2;
    private final String serverName;
    private final NamedPools siblings;
    private final List<PooledConnection> connections = new ArrayList<>();
    private final Deque<UpstreamCallback> waiting = new ArrayDeque<>();
    private int connecting;

    /** Connections in a row that ended before they took a call, while calls were waiting. */
    private int endedUnused;

    private boolean removed;

    /**
     * A pool without connections.
     *
     * @param serverName of TLS where it is that of the requests, or null
     * @param siblings the pools under such names
     */
    HostPool(
            Cluster cluster,
            Host host,
            EventLoop loop,
            ConnectionSource connector,
            boolean http2,
            String serverName,
            NamedPools siblings) {
        this.cluster = cluster;
        this.host = host;
        this.loop = loop;
        this.connector = connector;
        this.http2 = http2;
        this.serverName = serverName;
        this.siblings = siblings;
    }

    public Host host() {
        return host;
    }

    String serverName() {
        return serverName;
    }

    EventLoop loop() {
        return loop;
    }

    public ClusterStats stats() {
        return cluster.stats();
    }

    ClusterConfig config() {
        return cluster.config();
    }

    /** Gives the call a stream now, or when a connection is ready. */
    public void start(UpstreamCallback call) {
        PooledConnection free = withRoom();
        if (free != null && call.changesProtocol() && free.isOnlyForOne()) {
            // The calls on it end there; this one has the next connection for itself.
            free.retire();
            free = null;
        }
        if (free != null) {
            free.open(call);
            return;
        }
        waiting.add(call);
        stats().upstreamRqPendingTotal.increment();
        stats().upstreamRqPendingActive.increment();
        connectIfNeeded();
    }

    /** The call is not wanted any more; true if it was still waiting. */
    public boolean cancel(UpstreamCallback call) {
        boolean waited = waiting.remove(call);
        if (waited) {
            stats().upstreamRqPendingActive.decrement();
        }
        return waited;
    }

    boolean isWaitedFor() {
        return !waiting.isEmpty();
    }

    boolean hasConnection() {
        return !connections.isEmpty();
    }

    /** Whether no call would be lost with it. */
    boolean isIdle() {
        if (!waiting.isEmpty()) {
            return false;
        }
        for (int i = 0; i < connections.size(); i++) {
            if (!connections.get(i).isIdle()) {
                return false;
            }
        }
        return true;
    }

    /** Ends a connection that no call is on, and leaves its place in the circuit breaker to another one. */
    boolean yieldIdle() {
        for (int i = 0; i < connections.size() && waiting.isEmpty(); i++) {
            PooledConnection pooled = connections.get(i);
            if (pooled.isIdle()) {
                pooled.yieldPlace();
                pooled.retire();
                return true;
            }
        }
        return false;
    }

    /** Whether a call would have a stream at once. */
    public boolean hasRoom() {
        return withRoom() != null;
    }

    private PooledConnection withRoom() {
        for (int i = 0; i < connections.size(); i++) {
            PooledConnection pooled = connections.get(i);
            if (pooled.hasRoom()) {
                return pooled;
            }
        }
        return null;
    }

    void connectIfNeeded() {
        int perConnection = http2 ? Math.max(1, config().http2().maxConcurrentStreams()) : 1;
        while (waiting.size() > (long) connecting * perConnection && !isTurnedAway()) {
            boolean full =
                    host.activeConnections() >= cluster.config().breakers().perEndpoint();
            if (full || !connectionBreaker().tryAcquire()) {
                stats().upstreamCxOverflow.increment();
                if (!connections.isEmpty()) {
                    return;
                }
                if (serverName == null) {
                    // As in Envoy: an endpoint without a connection may have one, whatever the circuit breaker says.
                    connectionBreaker().acquireAnyway();
                } else if (!siblings.makeRoom(this)) {
                    return;
                }
            }
            connecting++;
            host.connectionStarted();
            PooledConnection pooled = new PooledConnection(this);
            connections.add(pooled);
            connector.connect(this, pooled, http2);
        }
    }

    /**
     * Whether more connections would not help: of an endpoint that allows no stream on one of them, one more is tried, and
     * then its SETTINGS are waited for.
     */
    private boolean isTurnedAway() {
        int others = connecting;
        boolean shut = false;
        for (int i = 0; i < connections.size() && others < 2; i++) {
            if (connections.get(i).isShut()) {
                shut = true;
                others++;
            }
        }
        return shut && others >= 2;
    }

    /** Connections serve calls of both priorities, so they count against the default one. */
    private CircuitBreakers.Breaker connectionBreaker() {
        return cluster.breakers().of(false).connections();
    }

    void ready(PooledConnection pooled) {
        connecting--;
        roomMade(pooled);
        connectIfNeeded();
    }

    void roomMade(PooledConnection pooled) {
        while (!waiting.isEmpty() && pooled.hasRoom()) {
            stats().upstreamRqPendingActive.decrement();
            endedUnused = 0;
            pooled.open(waiting.poll());
        }
        if (serverName != null && waiting.isEmpty() && pooled.isIdle()) {
            siblings.freed();
        }
        if (removed && waiting.isEmpty()) {
            pooled.retire();
        }
    }

    void spent(PooledConnection pooled) {
        connections.remove(pooled);
        if (!waiting.isEmpty()) {
            if (pooled.served() == 0 && ++endedUnused >= MOST_ENDED_UNUSED) {
                // They were made for these calls and took none of them: the next one would do the same, without end.
                endedUnused = 0;
                String reason = "ends its connections before they take a call";
                host.faults().warn(config().name(), host, reason);
                failWaiting(UpstreamFailure.CONNECTION_TERMINATION, Outcome.LocalOrigin.CONNECT_FAILED, reason);
                return;
            }
            connectIfNeeded();
        }
    }

    void closed(PooledConnection pooled) {
        connections.remove(pooled);
        ended(pooled);
        if (!waiting.isEmpty()) {
            connectIfNeeded();
        }
        noteEmpty();
    }

    private void ended(PooledConnection pooled) {
        host.connectionEnded();
        if (!pooled.hasYielded()) {
            connectionBreaker().release();
        }
    }

    private void noteEmpty() {
        if (serverName != null) {
            siblings.freed();
            if (connections.isEmpty() && waiting.isEmpty()) {
                siblings.emptied(serverName);
            }
        }
    }

    /** All calls that wait fail with it, as in Envoy: the endpoint cannot be reached, another attempt is a retry's job. */
    void connectFailed(PooledConnection pooled, UpstreamFailure failure, String reason) {
        connections.remove(pooled);
        connecting--;
        host.connectFailed();
        ended(pooled);
        if (failure != UpstreamFailure.PROTOCOL_ERROR) {
            // What a backend speaks instead of HTTP has been said already.
            host.faults().warn(config().name(), host, reason);
        }
        Outcome outcome = failure == UpstreamFailure.CONNECTION_TIMEOUT
                ? Outcome.LocalOrigin.CONNECT_TIMEOUT
                : Outcome.LocalOrigin.CONNECT_FAILED;
        stats().upstreamCxConnectFail.increment();
        if (failure == UpstreamFailure.CONNECTION_TIMEOUT) {
            stats().upstreamCxConnectTimeout.increment();
        }
        failWaiting(failure, outcome, reason);
        noteEmpty();
    }

    private void failWaiting(UpstreamFailure failure, Outcome outcome, String reason) {
        stats().upstreamRqPendingActive.add(-waiting.size());
        stats().upstreamRqPendingFailureEject.add(waiting.size());
        List<UpstreamCallback> failed = new ArrayList<>(waiting);
        waiting.clear();
        for (UpstreamCallback call : failed) {
            cluster.report(host, outcome);
            call.failed(failure, -1, true, reason);
        }
    }

    /** The endpoint is gone: connections close when their streams have ended, also those that waiting calls still need. */
    void remove() {
        removed = true;
        for (PooledConnection pooled : new ArrayList<>(connections)) {
            pooled.retire();
        }
    }
}
