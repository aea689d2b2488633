package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.filter.descriptors.Descriptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Buckets of a descriptor whose values are not all named: one for each combination that comes. A fixed number is kept; the
 * one that was not asked for longest goes first, and begins full when it comes again.
 */
final class WildcardBuckets {
    private final LocalRateLimit.Counted counted;
    private final LongSupplier clock;
    private final LinkedHashMap<List<Descriptor.Entry>, Buckets.Own> kept;

    WildcardBuckets(LocalRateLimit.Counted counted, int most, LongSupplier nanoClock) {
        this.counted = counted;
        this.clock = nanoClock;
        this.kept = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<List<Descriptor.Entry>, Buckets.Own> eldest) {
                return size() > most;
            }
        };
    }

    /** The bucket of these values; null where they belong to another descriptor. */
    Buckets.Own of(List<Descriptor.Entry> entries) {
        if (!fits(entries)) {
            return null;
        }
        // Event loops meet here for a look-up; the order of use is one for all of them.
        synchronized (kept) {
            return kept.computeIfAbsent(
                    entries, values -> new Buckets.Own(new TokenBucket(counted.bucket(), clock), counted.shadow()));
        }
    }

    private boolean fits(List<Descriptor.Entry> entries) {
        List<LocalRateLimit.Entry> wanted = counted.entries();
        if (entries.size() != wanted.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            String value = wanted.get(i).value();
            if (!wanted.get(i).key().equals(entries.get(i).key())
                    || !value.isEmpty() && !value.equals(entries.get(i).value())) {
                return false;
            }
        }
        return true;
    }
}
