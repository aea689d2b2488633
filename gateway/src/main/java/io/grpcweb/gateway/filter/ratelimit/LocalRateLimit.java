package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.filter.descriptors.Descriptors.HostLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Token buckets for this gateway alone.
 *
 * @param statPrefix the label of its series
 * @param bucket of all requests; absent: nothing is limited but what the descriptors say
 * @param counting which requests have buckets of their own
 * @param perConnection whether each connection has buckets of its own
 * @param enabled share of requests that are counted, 0 to 1
 * @param enforced share of requests over the limit that are refused, 0 to 1
 * @param refusal the response to those
 * @param addUnenforced fields that the other requests over the limit get
 */
public record LocalRateLimit(
        String name,
        String statPrefix,
        Optional<Bucket> bucket,
        Counting counting,
        boolean perConnection,
        double enabled,
        double enforced,
        Refusal refusal,
        List<HeaderRules.Add> addUnenforced)
        implements FilterConfig {
    public LocalRateLimit {
        addUnenforced = List.copyOf(addUnenforced);
    }

    @Override
    public boolean readsQuery() {
        return !counting.descriptors().isEmpty();
    }

    /** Holds {@code max} tokens and gets {@code fill} every {@code interval}. */
    public record Bucket(int max, int fill, Duration interval) {}

    /**
     * Which requests have buckets of their own: those that a rate limit makes one of these descriptors of.
     *
     * @param limits in place of those of routes and virtual hosts, where there are any
     * @param stage of the limits of routes that are looked at, 0 to 10
     * @param kept buckets of values that the configuration does not name, for each descriptor without a value
     * @param always whether a request that has a bucket of its own takes a token of the common one as well
     */
    public record Counting(
            List<Counted> descriptors,
            List<RateLimit> limits,
            HostLimits hostLimits,
            int stage,
            int kept,
            boolean always) {
        /** All requests have the common bucket alone. */
        public static final Counting NONE = new Counting(List.of(), List.of(), HostLimits.OVERRIDE, 0, 20, true);

        public Counting {
            descriptors = List.copyOf(descriptors);
            limits = List.copyOf(limits);
        }
    }

    /**
     * A descriptor with its bucket.
     *
     * @param shadow whether a request over this limit is counted only
     */
    public record Counted(List<Entry> entries, Bucket bucket, boolean shadow) {
        public Counted {
            entries = List.copyOf(entries);
        }
    }

    /** An entry of a descriptor; an empty value stands for any, each of which has a bucket of its own. */
    public record Entry(String key, String value) {}

    /**
     * What clients are told.
     *
     * @param status the HTTP status of a refusal
     * @param resourceExhausted whether its gRPC status is 8, not the one that the HTTP status stands for
     * @param add fields of a refusal
     * @param limitFields whether every response has {@code x-ratelimit-} fields
     * @param retryAfter whether a refusal says when to come again
     */
    public record Refusal(
            int status, boolean resourceExhausted, List<HeaderRules.Add> add, boolean limitFields, boolean retryAfter) {
        static final int TOO_MANY = 429;

        public Refusal {
            add = List.copyOf(add);
        }
    }
}
