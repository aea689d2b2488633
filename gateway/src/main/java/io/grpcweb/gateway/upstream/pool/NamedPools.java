package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.host.Host;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The pools of one cluster whose TLS names the host that the requests are for: a connection under one name cannot serve
 * another. Strangers choose the names, so there are so many of them and no more, the one that was used longest ago goes,
 * and all of them together keep to the circuit breaker of connections. Confined to its loop.
 */
final class NamedPools {
    /** Each of them may be a connection that is kept. */
    private static final int MOST_NAMES = 512;

    private final Cluster cluster;
    private final Function<String, EndpointPools> made;

    /** The one that was used longest ago comes first. */
    private final Map<String, EndpointPools> byName = new LinkedHashMap<>(16, 0.75f, true);

    /** Whose calls wait until a connection under another name is not needed any more. */
    private final Deque<HostPool> starved = new ArrayDeque<>();

    private boolean closed;

    NamedPools(Cluster cluster, Function<String, EndpointPools> made) {
        this.cluster = cluster;
        this.made = made;
    }

    /** The pools of a name; null where there are too many, and each of them is in use. */
    EndpointPools of(String name) {
        EndpointPools known = byName.get(name);
        if (known == null) {
            if (byName.size() >= MOST_NAMES && !forgetOne(null)) {
                cluster.stats().upstreamCxPoolOverflow.increment();
                return null;
            }
            known = made.apply(name);
            if (closed) {
                known.close();
            } else {
                byName.put(name, known);
            }
        }
        return known;
    }

    /**
     * Ends the connections of the name that was used longest ago and is not in use; false where all are.
     *
     * @param kept is left alone, or null
     */
    boolean forgetOne(EndpointPools kept) {
        Iterator<EndpointPools> eldest = byName.values().iterator();
        while (eldest.hasNext()) {
            EndpointPools pools = eldest.next();
            if (pools != kept && pools.areIdle()) {
                eldest.remove();
                pools.removeAll();
                return true;
            }
        }
        return false;
    }

    /** The last connection under a name is gone, and nobody waits for another one. */
    void emptied(String name) {
        EndpointPools pools = byName.get(name);
        if (pools != null && pools.areEmpty()) {
            byName.remove(name);
            pools.removeAll();
        }
    }

    /**
     * Whether a pool without a connection may have one although the circuit breaker is open: in the place of an idle one
     * under another name, or as the first one to the endpoint. Else it is told when that may have changed.
     */
    boolean makeRoom(HostPool needy) {
        boolean first = true;
        for (EndpointPools pools : byName.values()) {
            if (pools.yieldIdle()) {
                return true;
            }
            first &= !pools.hasConnection(needy.host());
        }
        if (first) {
            cluster.breakers().of(false).connections().acquireAnyway();
            return true;
        }
        if (!starved.contains(needy)) {
            starved.add(needy);
        }
        return false;
    }

    /** A connection has ended, or has no calls any more. */
    void freed() {
        while (!starved.isEmpty()) {
            HostPool next = starved.poll();
            if (next.isWaitedFor()) {
                next.connectIfNeeded();
                return;
            }
        }
    }

    /** The cluster is out of use. */
    void close() {
        closed = true;
        List<EndpointPools> all = new ArrayList<>(byName.values());
        byName.clear();
        all.forEach(EndpointPools::close);
    }

    void remove(Host host) {
        // What ends may be the last of its name.
        new ArrayList<>(byName.values()).forEach(pools -> pools.remove(host));
    }
}
