package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.RateLimit.Action;
import io.grpcweb.gateway.config.RateLimit.Action.DestinationCluster;
import io.grpcweb.gateway.config.RateLimit.Action.GenericKey;
import io.grpcweb.gateway.config.RateLimit.Action.HeaderMatches;
import io.grpcweb.gateway.config.RateLimit.Action.MaskedRemoteAddress;
import io.grpcweb.gateway.config.RateLimit.Action.Metadata;
import io.grpcweb.gateway.config.RateLimit.Action.QueryMatches;
import io.grpcweb.gateway.config.RateLimit.Action.QueryParameter;
import io.grpcweb.gateway.config.RateLimit.Action.RemoteAddress;
import io.grpcweb.gateway.config.RateLimit.Action.RequestHeader;
import io.grpcweb.gateway.config.RateLimit.Action.SourceCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What makes a descriptor: {@code actions = [{ header = x-user, key = user }, { constant = all }]}. */
final class RateLimitActions {
    /** A section in which nothing is written. */
    static final Action USUAL = new GenericKey("generic_key", "");

    private final Fields own;
    private final Optional<Action> given;
    private final List<String> keys = new ArrayList<>();
    private final List<Action> found = new ArrayList<>();

    private RateLimitActions(Fields own, Optional<Action> given) {
        this.own = own;
        this.given = given;
    }

    /** One action; the key that is written says which. */
    static Action fields(Fields own, Action given) {
        RateLimitActions kinds = new RateLimitActions(own, Optional.of(given).filter(one -> own.writing()));
        kinds.kind("header", new RequestHeader("", "", false), RequestHeader.class, RateLimitActions::header);
        kinds.kind("query-parameter", new QueryParameter("", "", false), QueryParameter.class, RateLimitActions::query);
        kinds.kind(
                "metadata", new Metadata("", List.of(), false, "", false), Metadata.class, RateLimitActions::metadata);
        kinds.kind("constant", new GenericKey("generic_key", ""), GenericKey.class, RateLimitActions::constant);
        kinds.kind(
                "where-headers",
                new HeaderMatches("header_match", "", true, List.of()),
                HeaderMatches.class,
                RateLimitActions::where);
        kinds.kind(
                "where-query",
                new QueryMatches("query_match", "", true, List.of()),
                QueryMatches.class,
                RateLimitActions::where);
        kinds.kind(
                "masked-remote-address",
                new MaskedRemoteAddress(32, 128),
                MaskedRemoteAddress.class,
                (fields, one) -> fields.section("masked-remote-address", one, RateLimitActions::mask));
        kinds.flag("remote-address", new RemoteAddress(), RemoteAddress.class);
        kinds.flag("source-cluster", new SourceCluster(), SourceCluster.class);
        kinds.flag("destination-cluster", new DestinationCluster(), DestinationCluster.class);
        if (kinds.found.size() != 1) {
            own.error("", "one of " + String.join(", ", kinds.keys) + " is expected");
        }
        return kinds.found.isEmpty() ? given : kinds.found.get(0);
    }

    private <A extends Action> void kind(String key, A base, Class<A> kind, Description<A> fields) {
        keys.add(key);
        own.ifWritten(key, Either.part(given, kind), base, fields).ifPresent(found::add);
    }

    /** An action without fields. */
    private <A extends Action> void flag(String key, A only, Class<A> kind) {
        kind(key, only, kind, (fields, one) -> {
            if (!fields.flag(key, true)) {
                fields.error(key, "only true may be written");
            }
            return one;
        });
    }

    private static RequestHeader header(Fields own, RequestHeader given) {
        String name = own.text("header", given.name());
        return new RequestHeader(
                name.toLowerCase(Locale.ROOT), own.text("key", given.key(), name), own.flag("maybe", given.maybe()));
    }

    private static QueryParameter query(Fields own, QueryParameter given) {
        String name = own.text("query-parameter", given.name());
        return new QueryParameter(name, own.text("key", given.key(), name), own.flag("maybe", given.maybe()));
    }

    private static Metadata metadata(Fields own, Metadata given) {
        List<String> path = own.texts("metadata", given.path());
        String last = path.isEmpty() ? "" : path.get(path.size() - 1);
        return new Metadata(
                own.text("key", given.key(), last),
                path,
                own.flag("of-route", given.ofRoute()),
                own.text("otherwise", given.otherwise()),
                own.flag("maybe", given.maybe()));
    }

    private static GenericKey constant(Fields own, GenericKey given) {
        return new GenericKey(own.text("key", given.key()), own.text("constant", given.value()));
    }

    private static HeaderMatches where(Fields own, HeaderMatches given) {
        return new HeaderMatches(
                own.text("key", given.key()),
                own.text("value", given.value()),
                own.flag("expected", given.expected()),
                MatchFormat.headers(own, "where-headers", given.headers()));
    }

    private static QueryMatches where(Fields own, QueryMatches given) {
        return new QueryMatches(
                own.text("key", given.key()),
                own.text("value", given.value()),
                own.flag("expected", given.expected()),
                MatchFormat.query(own, "where-query", given.parameters()));
    }

    private static MaskedRemoteAddress mask(Fields own, MaskedRemoteAddress given) {
        return new MaskedRemoteAddress(
                own.integer("bits-v4", given.bitsV4(), 0, 32), own.integer("bits-v6", given.bitsV6(), 0, 128));
    }
}
