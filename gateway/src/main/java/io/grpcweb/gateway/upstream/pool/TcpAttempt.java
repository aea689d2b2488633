package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.upstream.CircuitBreakers;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.Outcome;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;

/**
 * A connection with an endpoint that one client has for itself, for bytes of whatever protocol. It counts as Envoy's TCP pool
 * does: what waits for it is a request that is pending, and what is on it is one that is active.
 */
public final class TcpAttempt implements ConnectionWish {
    private static final Use ONE = new Use() {
        @Override
        public int active() {
            return 1;
        }

        @Override
        public long served() {
            return 1;
        }
    };

    private final Cluster cluster;
    private final HostPool.ConnectionSource connector;
    private final EventLoop loop;
    private final Host host;
    private final Owner owner;
    private final CircuitBreakers.Limits limits;
    private State state = State.NEW;

    private enum State {
        NEW,
        CONNECTING,
        CONNECTED,
        OVER
    }

    /** Who wants the connection; told on its event loop. */
    public interface Owner {
        /** It is there; its last handler is for the owner to add. */
        void connected(Channel channel, UpstreamFacts facts);

        /** It could not be made. */
        void failed(UpstreamFailure failure, String reason);
    }

    TcpAttempt(Cluster cluster, HostPool.ConnectionSource connector, EventLoop loop, Host host, Owner owner) {
        this.cluster = cluster;
        this.connector = connector;
        this.loop = loop;
        this.host = host;
        this.owner = owner;
        this.limits = cluster.breakers().of(false);
    }

    /** Takes its places in the circuit breakers; false where one of them is open. */
    public boolean admit() {
        boolean full = host.activeConnections() >= cluster.config().breakers().perEndpoint();
        if (full || !limits.connections().tryAcquire()) {
            stats().upstreamCxOverflow.increment();
            return false;
        }
        if (!limits.pending().tryAcquire()) {
            limits.connections().release();
            stats().upstreamRqPendingOverflow.increment();
            return false;
        }
        return true;
    }

    /** Begins to connect; only where it was admitted. */
    public void start() {
        state = State.CONNECTING;
        stats().upstreamRqPendingTotal.increment();
        stats().upstreamRqPendingActive.increment();
        host.requestStarted();
        host.connectionStarted();
        connector.open(this);
    }

    /** It is not wanted any more, and is closed when it comes. */
    public void cancel() {
        if (state == State.CONNECTING) {
            stats().upstreamRqCancelled.increment();
            waited();
            over();
        }
    }

    private void waited() {
        stats().upstreamRqPendingActive.decrement();
        limits.pending().release();
    }

    private void over() {
        state = State.OVER;
        host.requestEnded();
        host.connectionEnded();
        limits.connections().release();
    }

    @Override
    public Host host() {
        return host;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public ClusterStats stats() {
        return cluster.stats();
    }

    @Override
    public String serverName() {
        return null;
    }

    @Override
    public boolean speaksHttp() {
        return false;
    }

    @Override
    public boolean isConnecting() {
        return state == State.CONNECTING;
    }

    @Override
    public void connected(Channel channel, SslHandler handshake) {
        if (state != State.CONNECTING) {
            channel.close();
            return;
        }
        waited();
        state = State.CONNECTED;
        stats().upstreamRqTotal.increment();
        stats().upstreamRqActive.increment();
        host.requestSent();
        cluster.report(host, Outcome.LocalOrigin.CONNECTED);
        owner.connected(channel, channel.attr(UpstreamFacts.KEY).get());
    }

    @Override
    public void broken(UpstreamFailure failure, String reason) {
        if (state != State.CONNECTING) {
            return;
        }
        boolean late = failure == UpstreamFailure.CONNECTION_TIMEOUT;
        stats().upstreamCxConnectFail.increment();
        stats().upstreamRqPendingFailureEject.increment();
        if (late) {
            stats().upstreamCxConnectTimeout.increment();
        }
        host.connectFailed();
        host.faults().warn(cluster.config().name(), host, reason);
        cluster.report(host, late ? Outcome.LocalOrigin.CONNECT_TIMEOUT : Outcome.LocalOrigin.CONNECT_FAILED);
        waited();
        over();
        owner.failed(failure, reason);
    }

    @Override
    public void closed() {
        if (state == State.CONNECTED) {
            stats().upstreamRqActive.decrement();
            over();
        }
    }

    @Override
    public Use use() {
        return state == State.CONNECTED ? ONE : null;
    }
}
