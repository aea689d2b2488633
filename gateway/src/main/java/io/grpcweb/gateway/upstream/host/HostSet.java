package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The endpoints of a cluster as they are at one moment, by priority and locality; never changed, only replaced. Load
 * balancers hold on to what they made of it until {@link Cluster#hosts()} gives another version.
 */
public final class HostSet {
    private final long version;
    private final List<Host> all;
    private final List<Level> levels;
    private final PriorityLoad load;
    private final double overprovisioning;
    private final HashTable[] tables;
    private final Assignment.Policy policy;
    private final ClusterConfig.Balancer balancer;

    /** Made when the first call asks for an endpoint by its address. */
    private volatile Map<String, Host> byAddress;

    /** Made when the first call asks for endpoints with certain values. */
    private volatile SubsetIndex subsets;

    /**
     * The endpoints of one priority.
     *
     * @param healthy without the degraded ones
     * @param localities in the order of the configuration
     */
    record Level(List<Host> all, List<Host> healthy, List<Host> degraded, List<Place> localities) {}

    /**
     * The endpoints of one locality in one priority.
     *
     * @param weight of the locality
     * @param counted all without those that are to be left out of shares
     */
    record Place(int weight, int counted, List<Host> all, List<Host> healthy, List<Host> degraded) {}

    private HostSet(
            long version,
            List<Host> all,
            List<Level> levels,
            Assignment.Policy policy,
            ClusterConfig.Balancer balancer) {
        this.version = version;
        this.all = all;
        this.policy = policy;
        this.balancer = balancer;
        this.levels = levels;
        this.load = new PriorityLoad(
                levels.stream().map(level -> count(level, policy.byWeight())).toArray(PriorityLoad.Count[]::new),
                balancer.panicThreshold(),
                policy.overprovisioning());
        this.overprovisioning = policy.overprovisioning() / 100.0;
        this.tables = HashTables.of(levels, load, balancer);
    }

    public static HostSet of(long version, List<Host> hosts, ClusterConfig.Balancer balancer) {
        return of(version, hosts, Assignment.Policy.DEFAULT, balancer);
    }

    /** The same under the policy of an assignment. */
    public static HostSet of(
            long version, List<Host> hosts, Assignment.Policy policy, ClusterConfig.Balancer balancer) {
        List<List<Host>> byPriority = new ArrayList<>();
        byPriority.add(new ArrayList<>());
        for (Host host : hosts) {
            while (byPriority.size() <= host.priority()) {
                byPriority.add(new ArrayList<>());
            }
            byPriority.get(host.priority()).add(host);
        }
        List<Level> levels = byPriority.stream().map(HostSet::level).toList();
        return new HostSet(version, List.copyOf(hosts), levels, policy, balancer);
    }

    private static PriorityLoad.Count count(Level level, boolean byWeight) {
        ToLongFunction<List<Host>> size = byWeight ? HostSet::weight : List::size;
        return new PriorityLoad.Count(
                level.all().size(),
                size.applyAsLong(only(level.all(), Host::counts)),
                size.applyAsLong(level.healthy()),
                size.applyAsLong(level.degraded()));
    }

    private static long weight(List<Host> hosts) {
        return hosts.stream().mapToLong(Host::weight).sum();
    }

    private record PlaceName(String region, String zone, String subZone) {}

    private static Level level(List<Host> members) {
        Map<PlaceName, List<Host>> places = new LinkedHashMap<>();
        ClusterConfig.Locality last = null;
        List<Host> here = null;
        for (Host host : members) {
            // Those of one locality come one after the other.
            if (!host.place().equals(last)) {
                last = host.place();
                here = places.computeIfAbsent(
                        new PlaceName(last.region(), last.zone(), last.subZone()), name -> new ArrayList<>());
            }
            here.add(host);
        }
        List<Host> all = List.copyOf(members);
        List<Host> healthy = only(all, HostSet::healthy);
        List<Host> degraded = only(all, Host::degraded);
        if (places.size() == 1) {
            return new Level(all, healthy, degraded, List.of(place(all, healthy, degraded)));
        }
        return new Level(
                all,
                healthy,
                degraded,
                places.values().stream().map(HostSet::place).toList());
    }

    private static Place place(List<Host> hosts) {
        List<Host> all = List.copyOf(hosts);
        return place(all, only(all, HostSet::healthy), only(all, Host::degraded));
    }

    private static Place place(List<Host> all, List<Host> healthy, List<Host> degraded) {
        int counted = only(all, Host::counts).size();
        return new Place(all.get(0).place().weight(), counted, all, healthy, degraded);
    }

    private static boolean healthy(Host host) {
        return host.usable() && !host.degraded();
    }

    /** The same list where all of them are wanted. */
    private static List<Host> only(List<Host> hosts, Predicate<Host> wanted) {
        List<Host> found = hosts.stream().filter(wanted).toList();
        return found.size() == hosts.size() ? hosts : found;
    }

    /** Its groups of endpoints; only where the balancer has subsets. Any thread: two that come first make it twice. */
    SubsetIndex subsets() {
        SubsetIndex found = subsets;
        if (found == null) {
            found = new SubsetIndex(this, balancer.subsets().orElseThrow());
            subsets = found;
        }
        return found;
    }

    /** Some of its endpoints, balanced in the same way. */
    HostSet only(List<Host> some) {
        return of(version, some, policy, balancer);
    }

    /** Grows with every change. */
    public long version() {
        return version;
    }

    /** Every endpoint, healthy or not, in the order of discovery. */
    public List<Host> all() {
        return all;
    }

    /** The endpoint of an address in the form of {@link HostKey}; null where there is none. Any thread. */
    public Host at(String address) {
        Map<String, Host> found = byAddress;
        if (found == null) {
            found = new HashMap<>();
            for (Host host : all) {
                found.putIfAbsent(HostKey.of(host.address()), host);
            }
            byAddress = found;
        }
        return found.get(address);
    }

    /** By priority, at least one; a level may be empty. */
    List<Level> levels() {
        return levels;
    }

    PriorityLoad load() {
        return load;
    }

    /** By how much the healthy share of a locality counts for more than it is. */
    double overprovisioning() {
        return overprovisioning;
    }

    /** For the hashing policies: the table of a level, or null where it has no endpoint. */
    HashTable table(int level) {
        return tables[level];
    }
}
