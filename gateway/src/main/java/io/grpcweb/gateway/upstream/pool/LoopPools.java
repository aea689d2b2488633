package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.LoadBalancer;
import io.netty.channel.EventLoop;
import java.util.List;

/** What one event loop holds of one cluster: its load balancer and its connection pools. Confined to the loop. */
public final class LoopPools {
    private final Cluster cluster;
    private final EventLoop loop;
    private final HostPool.ConnectionSource connector;
    private final LoadBalancer balancer;
    private final boolean byServerName;
    private final EndpointPools pools;
    private final NamedPools named;

    LoopPools(Cluster cluster, EventLoop loop, HostPool.ConnectionSource connector) {
        this.cluster = cluster;
        this.loop = loop;
        this.connector = connector;
        this.named = new NamedPools(cluster, name -> pools(loop, connector, name));
        this.pools = pools(loop, connector, null);
        this.balancer = cluster.newBalancer();
        this.byServerName = cluster.config().allTls().anyMatch(TlsConfig.Upstream::sniFromRequest);
        cluster.onHostsRemoved(hosts -> loop.execute(() -> remove(hosts)));
    }

    public Cluster cluster() {
        return cluster;
    }

    public LoadBalancer balancer() {
        return balancer;
    }

    private EndpointPools pools(EventLoop loop, HostPool.ConnectionSource connector, String serverName) {
        return new EndpointPools(cluster, loop, connector, serverName, named);
    }

    /**
     * The pool of an endpoint for a request to an authority, which came over HTTP/2 or not; null where there would be too
     * many.
     */
    public HostPool pool(Host host, boolean downstreamHttp2, CharSequence authority) {
        ClusterConfig.Protocol protocol = cluster.config().protocol();
        boolean http2 = protocol == ClusterConfig.Protocol.HTTP2
                || (protocol == ClusterConfig.Protocol.DOWNSTREAM && downstreamHttp2);
        String name = byServerName ? ServerName.of(authority.toString()) : null;
        EndpointPools found = name == null ? pools : named.of(name);
        return found == null ? null : found.of(host, http2);
    }

    /** A connection to an endpoint that one client has for itself; it has not begun. */
    public TcpAttempt tcp(Host host, TcpAttempt.Owner owner) {
        return new TcpAttempt(cluster, connector, loop, host, owner);
    }

    /** The cluster is out of use: connections close behind their last streams, also those that calls under way still open. */
    void close() {
        pools.close();
        named.close();
    }

    private void remove(List<Host> hosts) {
        for (Host host : hosts) {
            pools.remove(host);
            named.remove(host);
        }
    }
}
