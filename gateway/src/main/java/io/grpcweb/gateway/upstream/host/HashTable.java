package io.grpcweb.gateway.upstream.host;

import java.util.List;

/** A consistent-hashing structure over the endpoints of a level: never changed, so shared by all event loops. */
interface HashTable {

    /** @param attempt 0 at first; a higher number gives other endpoints for the same hash */
    Host choose(long hash, int attempt);

    /** An endpoint and its share of the calls. */
    record Weighted(Host host, double weight) {}

    /** Makes the structure for some endpoints whose weights add up to 1; never asked for none. */
    interface Factory {
        HashTable over(List<Weighted> hosts);
    }
}
