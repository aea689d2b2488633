package io.grpcweb.gateway.upstream;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** RING_HASH and MAGLEV: a priority level by its load, and the endpoint that the hash belongs to. */
final class HashBalancer implements LoadBalancer {
    private static final int ATTEMPTS = 10;

    private final Supplier<HostSet> source;
    private final LongSupplier random;

    HashBalancer(Supplier<HostSet> source, LongSupplier random) {
        this.source = source;
        this.random = random;
    }

    @Override
    public Host choose(PickContext context) {
        HostSet hosts = source.get();
        long hash = context.hashed() ? context.hash() : random.getAsLong();
        HashTable table = hosts.table(hosts.load().choose(hash) / 2);
        if (table == null) {
            return null;
        }
        Host host = table.choose(hash, 0);
        for (int i = 1; i < ATTEMPTS && context.shouldAvoid(host); i++) {
            host = table.choose(hash, i);
        }
        return host;
    }
}
