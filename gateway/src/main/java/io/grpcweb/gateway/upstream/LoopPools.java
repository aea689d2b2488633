package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.RouteConfig.RetryPolicy;
import io.netty.channel.EventLoop;
import java.util.IdentityHashMap;
import java.util.List;

/** What one event loop holds of one cluster: its load balancer and its connection pools. Confined to the loop. */
final class LoopPools {
    private final Cluster cluster;
    private final EventLoop loop;
    private final Connector connector;
    private final LoadBalancer balancer;
    private final IdentityHashMap<Host, HostPool> http1 = new IdentityHashMap<>();
    private final IdentityHashMap<Host, HostPool> http2 = new IdentityHashMap<>();
    private final IdentityHashMap<RetryPolicy, RetryConditions> conditions = new IdentityHashMap<>();

    LoopPools(Cluster cluster, EventLoop loop, Connector connector) {
        this.cluster = cluster;
        this.loop = loop;
        this.connector = connector;
        this.balancer = cluster.newBalancer();
        cluster.onHostsRemoved(hosts -> loop.execute(() -> remove(hosts)));
    }

    Cluster cluster() {
        return cluster;
    }

    LoadBalancer balancer() {
        return balancer;
    }

    /** What a policy retries on; policies live as long as the configuration. */
    RetryConditions conditions(RetryPolicy policy) {
        RetryConditions known = conditions.get(policy);
        if (known == null) {
            known = RetryConditions.of(policy);
            conditions.put(policy, known);
        }
        return known;
    }

    /** The pool of an endpoint for a request that came over HTTP/2 or not. */
    HostPool pool(Host host, boolean downstreamHttp2) {
        ClusterConfig.Protocol protocol = cluster.config().protocol();
        boolean two = protocol == ClusterConfig.Protocol.HTTP2
                || (protocol == ClusterConfig.Protocol.DOWNSTREAM && downstreamHttp2);
        IdentityHashMap<Host, HostPool> pools = two ? http2 : http1;
        HostPool pool = pools.get(host);
        if (pool == null) {
            pool = new HostPool(cluster, host, loop, connector, two);
            pools.put(host, pool);
        }
        return pool;
    }

    private void remove(List<Host> hosts) {
        for (Host host : hosts) {
            drain(http1.remove(host));
            drain(http2.remove(host));
        }
    }

    private static void drain(HostPool pool) {
        if (pool != null) {
            pool.remove();
        }
    }
}
