package io.grpcweb.gateway.upstream.host;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A ring on which each endpoint stands many times, in proportion to its weight; a hash belongs to the next one
 * clockwise (Ketama). Sizes and the hash of each place are Envoy's: {@code address_number} by xxHash, as many places as
 * give the lightest endpoint a whole number of them.
 */
final class RingHash implements HashTable {
    private final long[] places;
    private final Host[] owners;

    private record Place(long hash, Host owner) {}

    RingHash(List<Weighted> hosts, long minimumSize, long maximumSize) {
        double lightest = hosts.stream().mapToDouble(Weighted::weight).min().orElseThrow();
        double scale = Math.min(Math.ceil(lightest * minimumSize) / lightest, (double) maximumSize);
        Place[] ring = new Place[(int) Math.ceil(scale)];
        int size = 0;
        double target = 0;
        for (Weighted weighted : hosts) {
            String key = HostKey.of(weighted.host().address()) + "_";
            target += scale * weighted.weight();
            for (int i = 0; size < target && size < ring.length; i++) {
                ring[size++] = new Place(XxHash64.hash(key + i, 0), weighted.host());
            }
        }
        ring = Arrays.copyOf(ring, size);
        Arrays.sort(ring, Comparator.comparing(Place::hash, Long::compareUnsigned));
        places = new long[size];
        owners = new Host[size];
        for (int i = 0; i < size; i++) {
            places[i] = ring[i].hash();
            owners[i] = ring[i].owner();
        }
    }

    int size() {
        return places.length;
    }

    @Override
    public Host choose(long hash, int attempt) {
        int low = 0;
        int high = places.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(places[middle], hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return owners[(low + attempt) % owners.length];
    }
}
