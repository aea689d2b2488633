package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.filter.descriptors.Descriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The buckets of one limit: a common one, one for each descriptor that is named, and some for values that are not. */
final class Buckets {
    private final LocalRateLimit.Counting counting;

    /** Null where there is none. */
    private final TokenBucket common;

    private final Map<List<Descriptor.Entry>, Own> named = new HashMap<>();
    private final List<WildcardBuckets> wildcards = new ArrayList<>();

    /** A bucket of a descriptor. */
    record Own(TokenBucket bucket, boolean shadow) {}

    /** A bucket that a request takes tokens from. */
    private record Match(Own own, long hits) {}

    /**
     * What came of a request.
     *
     * @param bucket whose state the client is told; null where no bucket was asked
     * @param shadowed whether a limit was passed that is not enforced
     */
    record Taken(boolean allowed, TokenBucket bucket, boolean shadowed) {}

    Buckets(LocalRateLimit config, LongSupplier nanoClock) {
        counting = config.counting();
        common = config.bucket().map(one -> new TokenBucket(one, nanoClock)).orElse(null);
        for (LocalRateLimit.Counted counted : counting.descriptors()) {
            if (counted.entries().stream().anyMatch(entry -> entry.value().isEmpty())) {
                wildcards.add(new WildcardBuckets(counted, counting.kept(), nanoClock));
            } else {
                List<Descriptor.Entry> entries = counted.entries().stream()
                        .map(entry -> new Descriptor.Entry(entry.key(), entry.value()))
                        .toList();
                named.put(entries, new Own(new TokenBucket(counted.bucket(), nanoClock), counted.shadow()));
            }
        }
    }

    /**
     * Takes tokens for a request: first from the slowest bucket of its own, at last from the common one. The first bucket
     * without a token refuses it; what was taken before is not given back, as in Envoy.
     */
    Taken take(List<Descriptor> descriptors) {
        List<Match> matches = matches(descriptors);
        boolean shadowed = false;
        for (Match match : matches) {
            if (!match.own.bucket.take(match.hits)) {
                if (!match.own.shadow) {
                    return new Taken(false, match.own.bucket, shadowed);
                }
                shadowed = true;
            }
        }
        TokenBucket first = matches.isEmpty() ? common : matches.get(0).own.bucket;
        if (common != null && (matches.isEmpty() || counting.always()) && !common.take()) {
            return new Taken(false, common, shadowed);
        }
        return new Taken(true, first, shadowed);
    }

    private List<Match> matches(List<Descriptor> descriptors) {
        if (descriptors.isEmpty()) {
            return List.of();
        }
        List<Match> found = new ArrayList<>(descriptors.size());
        for (Descriptor descriptor : descriptors) {
            Own own = own(descriptor.entries());
            if (own != null) {
                found.add(new Match(own, descriptor.hits().orElse(1)));
            }
        }
        if (found.size() > 1) {
            found.sort(Comparator.comparingLong((Match match) -> match.own.bucket.nanosPerToken())
                    .reversed());
        }
        return found;
    }

    private Own own(List<Descriptor.Entry> entries) {
        Own own = named.get(entries);
        for (int i = 0; own == null && i < wildcards.size(); i++) {
            own = wildcards.get(i).of(entries);
        }
        return own;
    }
}
