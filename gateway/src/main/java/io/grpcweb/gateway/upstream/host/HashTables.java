package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.ClusterConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the tables of the hashing policies, one a level, from the endpoints in use there. It takes milliseconds, so it
 * is done once for all event loops, where the endpoints change.
 */
final class HashTables {
    private HashTables() {}

    /** Without entries where the policy does not hash, and with null for levels without an endpoint. */
    static HashTable[] of(List<HostSet.Level> levels, PriorityLoad load, ClusterConfig.Balancer balancer) {
        HashTable.Factory factory =
                switch (balancer.policy()) {
                    case RING_HASH ->
                        hosts -> new RingHash(hosts, balancer.minimumRingSize(), balancer.maximumRingSize());
                    case MAGLEV -> hosts -> new Maglev(hosts, balancer.tableSize());
                    case ROUND_ROBIN, LEAST_REQUEST, RANDOM -> null;
                };
        HashTable[] tables = new HashTable[factory == null ? 0 : levels.size()];
        for (int i = 0; i < tables.length; i++) {
            List<HashTable.Weighted> weighted = weights(levels.get(i), load.panic(i), balancer.localityWeighted());
            tables[i] = weighted.isEmpty() ? null : factory.over(weighted);
        }
        return tables;
    }

    /** Shares that add up to 1; locality weights, where they count, times the weights in the locality. */
    static List<HashTable.Weighted> weights(HostSet.Level level, boolean panic, boolean byLocality) {
        List<HashTable.Weighted> raw = new ArrayList<>();
        if (byLocality && level.localities().stream().anyMatch(place -> place.weight() > 0)) {
            for (HostSet.Place place : level.localities()) {
                for (Host host : panic ? place.all() : place.healthy()) {
                    double weight = (double) host.weight() * place.weight();
                    if (weight > 0) {
                        raw.add(new HashTable.Weighted(host, weight));
                    }
                }
            }
        } else {
            for (Host host : panic ? level.all() : level.healthy()) {
                raw.add(new HashTable.Weighted(host, host.weight()));
            }
        }
        double sum = raw.stream().mapToDouble(HashTable.Weighted::weight).sum();
        return raw.stream()
                .map(entry -> new HashTable.Weighted(entry.host(), entry.weight() / sum))
                .toList();
    }
}
