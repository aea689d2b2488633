package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.upstream.host.HealthFlag;
import io.grpcweb.gateway.upstream.host.Host;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which endpoints a cluster has: what discovery found, matched with what there was, so that an endpoint that stays keeps
 * its counters, health and connections. Under active health checks an endpoint that discovery no longer names stays for
 * as long as it answers them (Envoy's {@code STABILIZE}: discovery is taken to be less reliable than the endpoint).
 * Confined to the cluster's loop.
 */
public final class Membership {
    private final boolean oneMovingEndpoint;
    private final boolean checked;
    private List<Host> members = List.of();

    /** What a step has changed. */
    public record Change(List<Host> added, List<Host> removed, boolean any) {}

    /**
     * For one cluster.
     *
     * @param oneMovingEndpoint LOGICAL_DNS: another address does not make another endpoint
     * @param checked whether there are active health checks
     */
    public Membership(boolean oneMovingEndpoint, boolean checked) {
        this.oneMovingEndpoint = oneMovingEndpoint;
        this.checked = checked;
    }

    public List<Host> members() {
        return members;
    }

    public Change update(List<Discovery.Found> found, long nowNanos) {
        Map<Key, List<Host>> old = new LinkedHashMap<>();
        members.forEach(host -> old.computeIfAbsent(key(host.identity()), key -> new ArrayList<>(1))
                .add(host));
        List<Host> next = new ArrayList<>();
        List<Host> added = new ArrayList<>();
        boolean reweighed = false;
        for (Discovery.Found one : found) {
            Host fresh = new Host(one.place(), one.host(), one.addresses(), nowNanos);
            List<Host> same = old.get(key(fresh.identity()));
            Host kept = same == null || same.isEmpty() ? null : same.remove(0);
            if (kept == null) {
                if (checked) {
                    fresh.set(HealthFlag.FAILED_ACTIVE_HC);
                }
                added.add(fresh);
                next.add(fresh);
            } else {
                kept.clear(HealthFlag.PENDING_DYNAMIC_REMOVAL);
                if (!kept.addresses().equals(one.addresses())) {
                    kept.moveTo(one.addresses());
                }
                if (kept.weight() != fresh.weight()) {
                    kept.weigh(fresh.weight());
                    reweighed = true;
                }
                next.add(kept);
            }
        }
        List<Host> removed = new ArrayList<>();
        for (List<Host> rest : old.values()) {
            for (Host host : rest) {
                if (checked && !host.has(HealthFlag.FAILED_ACTIVE_HC)) {
                    host.set(HealthFlag.PENDING_DYNAMIC_REMOVAL);
                    next.add(host);
                } else {
                    removed.add(host);
                }
            }
        }
        boolean any = reweighed || !next.equals(members);
        members = List.copyOf(next);
        return new Change(added, removed, any);
    }

    /** Takes out those that discovery no longer names and that fail their checks now. */
    public Change prune() {
        List<Host> removed = members.stream()
                .filter(host -> host.has(HealthFlag.PENDING_DYNAMIC_REMOVAL) && host.has(HealthFlag.FAILED_ACTIVE_HC))
                .toList();
        if (!removed.isEmpty()) {
            members = members.stream().filter(host -> !removed.contains(host)).toList();
        }
        return new Change(List.of(), removed, !removed.isEmpty());
    }

    private record Key(SocketAddress address, String hostname, int priority) {}

    private Key key(Host.Identity identity) {
        return oneMovingEndpoint
                ? new Key(null, identity.hostname(), identity.priority())
                : new Key(identity.address(), identity.hostname(), identity.priority());
    }
}
