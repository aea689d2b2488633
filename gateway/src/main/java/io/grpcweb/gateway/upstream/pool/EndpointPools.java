package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.upstream.CircuitBreakers;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.Host;
import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;

/** The pools of all endpoints of a cluster under one server name of TLS, or without one. Confined to its loop. */
final class EndpointPools {
    private final Cluster cluster;
    private final EventLoop loop;
    private final HostPool.ConnectionSource connector;
    private final String serverName;
    private final NamedPools siblings;
    private final IdentityHashMap<Host, HostPool> http1 = new IdentityHashMap<>();
    private final IdentityHashMap<Host, HostPool> http2 = new IdentityHashMap<>();
    private boolean closed;

    /**
     * Without pools.
     *
     * @param serverName that of the requests, or null
     * @param siblings those under other names of requests, which share the circuit breaker with them
     */
    EndpointPools(
            Cluster cluster,
            EventLoop loop,
            HostPool.ConnectionSource connector,
            String serverName,
            NamedPools siblings) {
        this.cluster = cluster;
        this.loop = loop;
        this.connector = connector;
        this.serverName = serverName;
        this.siblings = siblings;
    }

    /** The pool of an endpoint; null where none is and the circuit breaker allows no more. */
    HostPool of(Host host, boolean two) {
        IdentityHashMap<Host, HostPool> all = two ? http2 : http1;
        HostPool pool = all.get(host);
        if (pool == null) {
            if (!admit()) {
                cluster.stats().upstreamCxPoolOverflow.increment();
                return null;
            }
            pool = new HostPool(cluster, host, loop, connector, two, serverName, siblings);
            if (closed) {
                drain(pool);
            } else {
                all.put(host, pool);
            }
        }
        return pool;
    }

    /** Takes a place in the circuit breaker, that of a pool which is not in use if need be. */
    private boolean admit() {
        CircuitBreakers.Breaker places = cluster.breakers().of(false).pools();
        return places.tryAcquire()
                || ((siblings.forgetOne(this) || forgetOne(http1) || forgetOne(http2)) && places.tryAcquire());
    }

    private boolean forgetOne(IdentityHashMap<Host, HostPool> pools) {
        for (Map.Entry<Host, HostPool> one : pools.entrySet()) {
            if (one.getValue().isIdle()) {
                drain(pools.remove(one.getKey()));
                return true;
            }
        }
        return false;
    }

    /** Whether no call is on its connections or waits for one. */
    boolean areIdle() {
        return areIdle(http1.values()) && areIdle(http2.values());
    }

    private static boolean areIdle(Collection<HostPool> pools) {
        for (HostPool pool : pools) {
            if (!pool.isIdle()) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing is there. */
    boolean areEmpty() {
        return areIdle()
                && http1.values().stream().noneMatch(HostPool::hasConnection)
                && http2.values().stream().noneMatch(HostPool::hasConnection);
    }

    /** Whether there is any connection to the endpoint, or one on its way. */
    boolean hasConnection(Host host) {
        return hasConnection(http1.get(host)) || hasConnection(http2.get(host));
    }

    private static boolean hasConnection(HostPool pool) {
        return pool != null && pool.hasConnection();
    }

    /** Ends a connection that no call is on, and leaves its place in the circuit breaker to another one. */
    boolean yieldIdle() {
        return yieldIdle(http1.values()) || yieldIdle(http2.values());
    }

    private static boolean yieldIdle(Collection<HostPool> pools) {
        for (HostPool pool : pools) {
            if (pool.yieldIdle()) {
                return true;
            }
        }
        return false;
    }

    void remove(Host host) {
        drain(http1.remove(host));
        drain(http2.remove(host));
    }

    /** Pools that are asked for from now on serve one call each. */
    void close() {
        closed = true;
        removeAll();
    }

    void removeAll() {
        http1.values().forEach(this::drain);
        http2.values().forEach(this::drain);
        http1.clear();
        http2.clear();
    }

    private void drain(HostPool pool) {
        if (pool != null) {
            pool.remove();
            cluster.breakers().of(false).pools().release();
        }
    }
}
