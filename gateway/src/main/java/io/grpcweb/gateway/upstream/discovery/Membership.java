package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.upstream.host.EndpointTls;
import io.grpcweb.gateway.upstream.host.HealthFlag;
import io.grpcweb.gateway.upstream.host.Host;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which endpoints a cluster has: what discovery found, matched with what there was, so that an endpoint that stays keeps
 * its counters, health and connections, whatever else is said of it now. Under active health checks an endpoint that
 * discovery no longer names stays for as long as it answers them (Envoy's {@code STABILIZE}: discovery is taken to be less
 * reliable than the endpoint), unless the cluster says otherwise. Confined to the cluster's loop.
 */
public final class Membership {
    private final ClusterConfig cluster;
    private final boolean oneMovingEndpoint;
    private final boolean checked;
    private final boolean keepsHealthy;
    private List<Host> members = List.of();

    /**
     * What a step has changed.
     *
     * @param any whether load balancing has to know
     */
    public record Change(List<Host> added, List<Host> removed, boolean any) {}

    /** For the endpoints of one cluster. */
    public Membership(ClusterConfig cluster) {
        this.cluster = cluster;
        this.oneMovingEndpoint = cluster.discovery().type() == ClusterConfig.Discovery.Type.LOGICAL_DNS;
        this.checked = !cluster.healthChecks().isEmpty();
        this.keepsHealthy = checked && !cluster.discovery().forgetsHealthy();
    }

    public List<Host> members() {
        return members;
    }

    public Change update(List<Discovery.Found> found, long nowNanos) {
        Matches old = new Matches(members);
        List<Host> next = new ArrayList<>(found.size());
        List<Host> added = new ArrayList<>();
        boolean changed = false;
        for (int i = 0; i < found.size(); i++) {
            Discovery.Found one = found.get(i);
            Host kept = old.take(i, one);
            if (kept == null) {
                Host fresh = new Host(one.place(), one.host(), one.addresses(), tlsMatch(one), nowNanos);
                if (checked && one.host().checked()) {
                    fresh.set(HealthFlag.FAILED_ACTIVE_HC);
                }
                added.add(fresh);
                next.add(fresh);
            } else {
                kept.clear(HealthFlag.PENDING_DYNAMIC_REMOVAL);
                if (!kept.addresses().equals(one.addresses())) {
                    kept.moveTo(one.addresses());
                }
                changed |= kept.describe(one.place(), one.host());
                next.add(kept);
            }
        }
        List<Host> removed = new ArrayList<>();
        for (Host host : old.rest()) {
            if (keepsHealthy && !host.has(HealthFlag.FAILED_ACTIVE_HC)) {
                host.set(HealthFlag.PENDING_DYNAMIC_REMOVAL);
                next.add(host);
            } else {
                removed.add(host);
            }
        }
        changed |= !next.equals(members);
        members = List.copyOf(next);
        return new Change(added, removed, changed);
    }

    private int tlsMatch(Discovery.Found one) {
        return EndpointTls.match(cluster, one.place(), one.host());
    }

    /** Takes out those that discovery no longer names and that fail their checks now. */
    public Change prune() {
        List<Host> removed = members.stream()
                .filter(host -> host.has(HealthFlag.PENDING_DYNAMIC_REMOVAL) && host.has(HealthFlag.FAILED_ACTIVE_HC))
                .toList();
        if (!removed.isEmpty()) {
            Set<Host> gone = new HashSet<>(removed);
            members = members.stream().filter(host -> !gone.contains(host)).toList();
        }
        return new Change(List.of(), removed, !removed.isEmpty());
    }

    /**
     * The endpoints that there were, each to be taken once. Most lists differ little from the one before, so the endpoint at
     * the same place is looked at first, and the others are found by their addresses only where one was not there.
     */
    private final class Matches {
        private final List<Host> hosts;
        private final boolean[] taken;
        private Map<SocketAddress, List<Integer>> byAddress;

        Matches(List<Host> hosts) {
            this.hosts = hosts;
            this.taken = new boolean[hosts.size()];
        }

        /** The endpoint that was found again as the one at {@code index}, or null. */
        Host take(int index, Discovery.Found one) {
            if (index < hosts.size() && !taken[index] && isSame(hosts.get(index), one)) {
                return take(index);
            }
            for (int candidate : candidates(one)) {
                if (!taken[candidate] && isSame(hosts.get(candidate), one)) {
                    return take(candidate);
                }
            }
            return null;
        }

        private Host take(int index) {
            taken[index] = true;
            return hosts.get(index);
        }

        private List<Integer> candidates(Discovery.Found one) {
            if (byAddress == null) {
                byAddress = new LinkedHashMap<>(hosts.size() * 2);
                for (int i = 0; i < hosts.size(); i++) {
                    byAddress
                            .computeIfAbsent(key(hosts.get(i).address()), key -> new ArrayList<>(1))
                            .add(i);
                }
            }
            return byAddress.getOrDefault(key(one.addresses().get(0)), List.of());
        }

        private SocketAddress key(SocketAddress address) {
            return oneMovingEndpoint ? null : address;
        }

        /** Another port for health checks means other checks, other TLS other connections. */
        private boolean isSame(Host host, Discovery.Found one) {
            return (oneMovingEndpoint || host.address().equals(one.addresses().get(0)))
                    && host.healthPort() == one.host().healthPort()
                    && host.tlsMatch() == tlsMatch(one);
        }

        List<Host> rest() {
            List<Host> rest = new ArrayList<>();
            for (int i = 0; i < taken.length; i++) {
                if (!taken[i]) {
                    rest.add(hosts.get(i));
                }
            }
            return rest;
        }
    }
}
