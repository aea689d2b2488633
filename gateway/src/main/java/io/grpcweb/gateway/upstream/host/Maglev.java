package io.grpcweb.gateway.upstream.host;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A table in which each endpoint has its share of the rows, so placed that few rows change hands when endpoints come
 * and go ("Maglev: A Fast and Reliable Software Network Load Balancer", listing 1). Hashes and order are Envoy's, so
 * both send the same call to the same endpoint.
 */
final class Maglev implements HashTable {
    private final Host[] rows;

    /** An endpoint that takes rows: its own order of preference over them, and how far it has come in it. */
    private static final class Claimant {
        private final Weighted weighted;
        private final String key;
        private final long skip;
        private final long size;
        private long next;
        private double target;

        Claimant(Weighted weighted, int size) {
            this.weighted = weighted;
            this.key = HostKey.of(weighted.host().address());
            this.size = size;
            this.next = Long.remainderUnsigned(XxHash64.hash(key, 0), size);
            this.skip = Long.remainderUnsigned(XxHash64.hash(key, 1), size - 1) + 1;
        }

        int preferred() {
            long row = next;
            next = (next + skip) % size;
            return (int) row;
        }
    }

    /** @param tableSize a prime number */
    Maglev(List<Weighted> hosts, int tableSize) {
        rows = new Host[tableSize];
        double heaviest = hosts.stream().mapToDouble(Weighted::weight).max().orElseThrow();
        List<Claimant> claimants = new ArrayList<>();
        hosts.forEach(host -> claimants.add(new Claimant(host, tableSize)));
        claimants.sort(Comparator.comparing(claimant -> claimant.key));
        int taken = 0;
        for (int round = 1; taken < tableSize; round++) {
            for (Claimant claimant : claimants) {
                if (taken == tableSize) {
                    break;
                }
                // The heaviest claims a row in every round, one of a third of its weight in every third.
                if (round * claimant.weighted.weight() < claimant.target) {
                    continue;
                }
                claimant.target += heaviest;
                int row = claimant.preferred();
                while (rows[row] != null) {
                    row = claimant.preferred();
                }
                rows[row] = claimant.weighted.host();
                taken++;
            }
        }
    }

    @Override
    public Host choose(long hash, int attempt) {
        long mixed = attempt == 0 ? hash : hash ^ -attempt;
        return rows[(int) Long.remainderUnsigned(mixed, rows.length)];
    }
}
