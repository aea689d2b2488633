package io.grpcweb.gateway.upstream.host;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** RING_HASH and MAGLEV: a priority level by its load, and the endpoint that the hash belongs to. */
final class HashBalancer implements LoadBalancer {
    private static final int ATTEMPTS = 10;

    private final Supplier<HostSet> source;
    private final LongSupplier random;
    private final LongAdder panics;

    HashBalancer(Supplier<HostSet> source, LongSupplier random, LongAdder panics) {
        this.source = source;
        this.random = random;
        this.panics = panics;
    }

    @Override
    public Host choose(PickContext context) {
        HostSet hosts = source.get();
        long hash = context.hashed() ? context.hash() : random.getAsLong();
        int level = hosts.load().choose(hash) / 2;
        HashTable table = hosts.table(level);
        if (table == null) {
            return null;
        }
        if (hosts.load().panic(level)) {
            panics.increment();
        }
        Host host = table.choose(hash, 0);
        for (int i = 1; i < ATTEMPTS && context.shouldAvoid(host); i++) {
            host = table.choose(hash, i);
        }
        return host;
    }
}
