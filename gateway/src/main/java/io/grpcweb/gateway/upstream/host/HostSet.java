package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.ClusterConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The endpoints of a cluster as they are at one moment, by priority and locality; never changed, only replaced. Load
 * balancers hold on to what they made of it until {@link Cluster#hosts()} gives another version.
 */
public final class HostSet {
    private final long version;
    private final List<Host> all;
    private final List<Level> levels;
    private final PriorityLoad load;
    private final HashTable[] tables;

    /**
     * The endpoints of one priority.
     *
     * @param healthy without the degraded ones
     * @param localities in the order of the configuration
     */
    record Level(List<Host> all, List<Host> healthy, List<Host> degraded, List<Place> localities) {}

    /** The endpoints of one locality in one priority. */
    record Place(ClusterConfig.Locality locality, List<Host> all, List<Host> healthy, List<Host> degraded) {}

    private HostSet(long version, List<Host> all, List<Level> levels, PriorityLoad load, HashTable[] tables) {
        this.version = version;
        this.all = all;
        this.levels = levels;
        this.load = load;
        this.tables = tables;
    }

    public static HostSet of(long version, List<Host> hosts, ClusterConfig.Balancer balancer) {
        int count = 1 + hosts.stream().mapToInt(Host::priority).max().orElse(0);
        List<Level> levels = new ArrayList<>(count);
        PriorityLoad.Count[] counts = new PriorityLoad.Count[count];
        for (int i = 0; i < count; i++) {
            int priority = i;
            List<Host> members =
                    hosts.stream().filter(host -> host.priority() == priority).toList();
            Level level = level(members);
            levels.add(level);
            counts[i] = new PriorityLoad.Count(
                    members.size(), level.healthy().size(), level.degraded().size());
        }
        PriorityLoad load = new PriorityLoad(counts, balancer.panicThreshold());
        return new HostSet(
                version, List.copyOf(hosts), List.copyOf(levels), load, HashTables.of(levels, load, balancer));
    }

    private static Level level(List<Host> members) {
        Map<ClusterConfig.Locality, List<Host>> places = new LinkedHashMap<>();
        members.forEach(host ->
                places.computeIfAbsent(host.place(), place -> new ArrayList<>()).add(host));
        List<Place> localities = new ArrayList<>(places.size());
        places.forEach((place, hosts) -> localities.add(
                new Place(place, List.copyOf(hosts), only(hosts, HostSet::healthy), only(hosts, Host::degraded))));
        return new Level(
                members, only(members, HostSet::healthy), only(members, Host::degraded), List.copyOf(localities));
    }

    private static boolean healthy(Host host) {
        return host.usable() && !host.degraded();
    }

    private static List<Host> only(List<Host> hosts, Predicate<Host> wanted) {
        return hosts.stream().filter(wanted).toList();
    }

    /** Grows with every change. */
    public long version() {
        return version;
    }

    /** Every endpoint, healthy or not, in the order of discovery. */
    public List<Host> all() {
        return all;
    }

    /** By priority, at least one; a level may be empty. */
    List<Level> levels() {
        return levels;
    }

    PriorityLoad load() {
        return load;
    }

    /** For the hashing policies: the table of a level, or null where it has no endpoint. */
    HashTable table(int level) {
        return tables[level];
    }
}
