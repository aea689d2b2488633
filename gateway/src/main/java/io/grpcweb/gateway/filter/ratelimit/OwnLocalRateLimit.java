package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.HeaderFormat;
import io.grpcweb.gateway.config.hocon.RateLimitFormat;
import java.time.Duration;
import java.util.List;

/** The settings in the gateway's own format. */
final class OwnLocalRateLimit {
    private static final LocalRateLimit.Bucket BUCKET = new LocalRateLimit.Bucket(1, 1, Duration.ofSeconds(1));
    private static final LocalRateLimit.Counted COUNTED = new LocalRateLimit.Counted(List.of(), BUCKET, false);
    private static final LocalRateLimit.Entry ENTRY = new LocalRateLimit.Entry("", "");

    private OwnLocalRateLimit() {}

    static LocalRateLimit fields(Fields own, LocalRateLimit given) {
        return new LocalRateLimit(
                given.name(),
                own.text("stat-prefix", given.statPrefix()),
                own.section("bucket", given.bucket(), BUCKET, OwnLocalRateLimit::bucket),
                counting(own, given.counting()),
                own.flag("per-connection", given.perConnection()),
                own.share("enabled", given.enabled()),
                own.share("enforced", given.enforced()),
                refusal(own, given.refusal()),
                HeaderFormat.adds(own, "add-to-request-over-limit", given.addUnenforced()));
    }

    private static LocalRateLimit.Bucket bucket(Fields own, LocalRateLimit.Bucket given) {
        return new LocalRateLimit.Bucket(
                own.integer("max", given.max(), 0, Integer.MAX_VALUE),
                own.integer("fill", given.fill(), 1, Integer.MAX_VALUE),
                own.duration("interval", given.interval()));
    }

    private static LocalRateLimit.Counting counting(Fields own, LocalRateLimit.Counting given) {
        return new LocalRateLimit.Counting(
                own.sections("descriptors", given.descriptors(), COUNTED, OwnLocalRateLimit::counted),
                RateLimitFormat.limits(own, given.limits()),
                own.choice("host-limits", given.hostLimits()),
                own.integer("stage", given.stage(), 0, 10),
                own.integer("buckets-kept", given.kept(), 1, 100_000),
                own.flag("common-bucket-always", given.always()));
    }

    private static LocalRateLimit.Counted counted(Fields own, LocalRateLimit.Counted given) {
        return new LocalRateLimit.Counted(
                own.sections("entries", given.entries(), ENTRY, OwnLocalRateLimit::entry),
                own.section("bucket", given.bucket(), OwnLocalRateLimit::bucket),
                own.flag("shadow", given.shadow()));
    }

    private static LocalRateLimit.Entry entry(Fields own, LocalRateLimit.Entry given) {
        String key = own.text("key", given.key());
        if (key.isEmpty()) {
            own.error("", "'key' is required");
        }
        return new LocalRateLimit.Entry(key, own.text("value", given.value()));
    }

    private static LocalRateLimit.Refusal refusal(Fields own, LocalRateLimit.Refusal given) {
        return new LocalRateLimit.Refusal(
                own.integer("status", given.status()),
                own.flag("resource-exhausted", given.resourceExhausted()),
                HeaderFormat.adds(own, "add-to-response", given.add()),
                own.flag("limit-fields", given.limitFields()),
                own.flag("retry-after", given.retryAfter()));
    }
}
