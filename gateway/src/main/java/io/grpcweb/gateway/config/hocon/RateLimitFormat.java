package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.RateLimit.LimitOverride.Fixed;
import io.grpcweb.gateway.config.RateLimit.LimitOverride.FromMetadata;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Rate limits of routes, virtual hosts and filters in the gateway's own format. */
public final class RateLimitFormat {
    private static final RateLimit USUAL = RateLimit.of(List.of());
    private static final RateLimit.LimitOverride OVERRIDE = new Fixed(0, RateLimit.Unit.SECOND);

    /** As in Envoy. */
    private static final long MOST_HITS = 1_000_000_000;

    private RateLimitFormat() {}

    /** A list of rate limits under {@code rate-limits}. */
    public static List<RateLimit> limits(Fields own, List<RateLimit> given) {
        return own.sections("rate-limits", given, USUAL, RateLimitFormat::fields);
    }

    static RateLimit.Rules rules(Fields own, RateLimit.Rules given) {
        return new RateLimit.Rules(
                limits(own, given.limits()), own.flag("with-virtual-host-limits", given.withVirtualHost()));
    }

    private static RateLimit fields(Fields own, RateLimit given) {
        // An action has the fields of its kind, so that no field of it can be told from others alone.
        List<RateLimit.Action> actions =
                own.by(given.actions(), section -> actions(section, given.actions()), RateLimitFormat::actions);
        if (actions.isEmpty()) {
            own.error("", "at least one of 'actions' is needed");
        }
        return new RateLimit(
                own.integer("stage", given.stage(), 0, 10),
                own.flag("switchable", given.switchable()),
                actions,
                own.section("override", given.override(), OVERRIDE, RateLimitFormat::override),
                hits(own, given.hits()),
                own.text("hits-format", given.hitsFormat()),
                own.flag("give-back", given.negative()),
                own.flag("at-end", given.atEnd()));
    }

    private static List<RateLimit.Action> actions(Fields own, List<RateLimit.Action> given) {
        return own.sections("actions", given, RateLimitActions.USUAL, RateLimitActions::fields);
    }

    private static OptionalLong hits(Fields own, OptionalLong given) {
        Optional<Long> boxed = given.isPresent() ? Optional.of(given.getAsLong()) : Optional.empty();
        Optional<Long> hits = own.signed("hits", boxed);
        if (hits.isPresent() && (hits.get() < 0 || hits.get() > MOST_HITS)) {
            own.error("hits", "must be between 0 and " + MOST_HITS + ", and is " + hits.get());
        }
        return hits.isPresent() ? OptionalLong.of(hits.get()) : OptionalLong.empty();
    }

    /** Numbers, or the path of a structure in the metadata. */
    private static RateLimit.LimitOverride override(Fields own, RateLimit.LimitOverride given) {
        Optional<RateLimit.LimitOverride> written = Optional.of(given);
        Optional<FromMetadata> metadata = own.ifWritten(
                "metadata",
                Either.part(written, FromMetadata.class),
                new FromMetadata(List.of()),
                (fields, one) -> new FromMetadata(fields.texts("metadata", one.path())));
        return metadata.isPresent()
                ? metadata.get()
                : fixed(own, Either.part(written, Fixed.class).orElse((Fixed) OVERRIDE));
    }

    private static Fixed fixed(Fields own, Fixed given) {
        return new Fixed(own.whole("requests", given.requests()), own.choice("unit", given.unit()));
    }
}
