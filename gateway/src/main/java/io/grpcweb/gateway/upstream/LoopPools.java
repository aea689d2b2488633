package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.RouteConfig.RetryPolicy;
import io.grpcweb.gateway.config.TlsConfig;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What one event loop holds of one cluster: its load balancer and its connection pools. Confined to the loop. */
final class LoopPools {
    private final Cluster cluster;
    private final EventLoop loop;
    private final Connector connector;
    private final LoadBalancer balancer;
    private final boolean byServerName;
    private final Pools pools = new Pools(null);

    /** Those whose TLS names the host that the requests are for: one cannot serve another's. */
    private final Map<String, Pools> named = new HashMap<>();

    private final IdentityHashMap<RetryPolicy, RetryConditions> conditions = new IdentityHashMap<>();

    LoopPools(Cluster cluster, EventLoop loop, Connector connector) {
        this.cluster = cluster;
        this.loop = loop;
        this.connector = connector;
        this.balancer = cluster.newBalancer();
        this.byServerName =
                cluster.config().tls().map(TlsConfig.Upstream::sniFromRequest).orElse(false);
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

    /** The pool of an endpoint for a request to an authority, which came over HTTP/2 or not. */
    HostPool pool(Host host, boolean downstreamHttp2, CharSequence authority) {
        ClusterConfig.Protocol protocol = cluster.config().protocol();
        boolean http2 = protocol == ClusterConfig.Protocol.HTTP2
                || (protocol == ClusterConfig.Protocol.DOWNSTREAM && downstreamHttp2);
        String name = byServerName ? serverName(authority.toString()) : null;
        if (name == null) {
            return pools.of(host, http2);
        }
        if (!named.containsKey(name)) {
            // Names come from requests: those that nobody uses any more are forgotten.
            named.values().removeIf(Pools::areEmpty);
        }
        return named.computeIfAbsent(name, Pools::new).of(host, http2);
    }

    /** The host without its port; null for an address, which is no name of TLS (RFC 6066 section 3). */
    private static String serverName(String authority) {
        int colon = authority.lastIndexOf(':');
        String host = colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
        return host.isEmpty() || host.startsWith("[") || Addresses.isIp(host) ? null : host.toLowerCase(Locale.ROOT);
    }

    private void remove(List<Host> hosts) {
        for (Host host : hosts) {
            pools.remove(host);
            named.values().forEach(one -> one.remove(host));
        }
    }

    /** The pools of all endpoints under one server name. */
    private final class Pools {
        private final String serverName;
        private final IdentityHashMap<Host, HostPool> http1 = new IdentityHashMap<>();
        private final IdentityHashMap<Host, HostPool> http2 = new IdentityHashMap<>();

        Pools(String serverName) {
            this.serverName = serverName;
        }

        HostPool of(Host host, boolean two) {
            IdentityHashMap<Host, HostPool> all = two ? http2 : http1;
            HostPool pool = all.get(host);
            if (pool == null) {
                pool = new HostPool(cluster, host, loop, connector, two, serverName);
                all.put(host, pool);
            }
            return pool;
        }

        boolean areEmpty() {
            return http1.values().stream().allMatch(HostPool::isEmpty)
                    && http2.values().stream().allMatch(HostPool::isEmpty);
        }

        void remove(Host host) {
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
