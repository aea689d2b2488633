package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.RateLimit.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Rate limits: {@code envoy.config.route.v3.RateLimit}. */
public final class RateLimits {
    private final Reading reading;

    RateLimits(Reading reading) {
        this.reading = reading;
    }

    /** Those of a route or a virtual host. */
    List<RateLimit> ofPlace(Msg place) {
        place.messages("rate_limits").stream()
                .filter(limit -> limit.has("hits_addend"))
                .forEach(limit -> reading.warn(
                        limit, "hits_addend", "counts only in rate_limits of a filter: a request counts as one"));
        return limits(place).stream().map(RateLimit::once).toList();
    }

    /** Those of a filter. */
    public List<RateLimit> ofFilter(Msg filter) {
        for (Msg limit : filter.messages("rate_limits")) {
            for (String field : List.of("stage", "disable_key")) {
                if (limit.has(field)) {
                    reading.error(limit, field, "has no place in rate_limits of a filter");
                }
            }
        }
        return limits(filter);
    }

    /** A list of them; one that is broken is left out, which is reported. */
    private List<RateLimit> limits(Msg owner) {
        List<RateLimit> found = new ArrayList<>();
        owner.messages("rate_limits").forEach(limit -> limit(limit).ifPresent(found::add));
        return found;
    }

    private Optional<RateLimit> limit(Msg limit) {
        List<Action> actions = new ArrayList<>();
        List<Msg> written = limit.messages("actions");
        written.forEach(one -> action(one).ifPresent(actions::add));
        Optional<Msg> hits = limit.message("hits_addend");
        hits.flatMap(one -> one.filled("format"))
                .ifPresent(format -> reading.checkOperators(hits.get(), "format", format));
        return actions.size() < written.size()
                ? Optional.empty()
                : Optional.of(new RateLimit(
                        limit.integer("stage", 0),
                        limit.filled("disable_key").isPresent(),
                        actions,
                        limit.message("limit").flatMap(RateLimits::override),
                        hits.map(one -> one.number("number")).orElse(OptionalLong.empty()),
                        hits.flatMap(one -> one.filled("format")),
                        hits.map(one -> one.flag("is_negative_hits", false)).orElse(false),
                        limit.flag("apply_on_stream_done", false)));
    }

    private static Optional<RateLimit.LimitOverride> override(Msg override) {
        return switch (override.which("override_specifier")) {
            case "rate_limit" ->
                override.message("rate_limit")
                        .map(fixed -> new RateLimit.LimitOverride.Fixed(
                                fixed.number("requests_per_unit", 0),
                                RateLimit.Unit.valueOf(fixed.text("unit", "UNKNOWN"))));
            case "dynamic_metadata" ->
                override.message("dynamic_metadata")
                        .flatMap(metadata -> metadata.message("metadata_key"))
                        .map(key -> new RateLimit.LimitOverride.FromMetadata(path(key)));
            default -> Optional.empty();
        };
    }

    /** Nothing where the action is refused, which was reported with its row. */
    private Optional<Action> action(Msg action) {
        String kind = action.which("action_specifier");
        return action.message(kind).flatMap(one -> switch (kind) {
            case "source_cluster" -> Optional.of(new Action.SourceCluster());
            case "destination_cluster" -> Optional.of(new Action.DestinationCluster());
            case "request_headers" ->
                Optional.of(new Action.RequestHeader(
                        one.text("header_name").toLowerCase(Locale.ROOT),
                        one.text("descriptor_key"),
                        one.flag("skip_if_absent", false)));
            case "query_parameters" ->
                Optional.of(new Action.QueryParameter(
                        one.text("query_parameter_name"),
                        one.text("descriptor_key"),
                        one.flag("skip_if_absent", false)));
            case "remote_address" -> Optional.of(new Action.RemoteAddress());
            case "masked_remote_address" ->
                Optional.of(new Action.MaskedRemoteAddress(
                        one.integer("v4_prefix_mask_len", 32), one.integer("v6_prefix_mask_len", 128)));
            case "generic_key" ->
                Optional.of(new Action.GenericKey(key(one, "generic_key"), one.text("descriptor_value")));
            case "header_value_match" ->
                Optional.of(new Action.HeaderMatches(
                        key(one, "header_match"),
                        one.text("descriptor_value"),
                        one.flag("expect_match", true),
                        reading.matchers().headers(one.messages("headers"))));
            case "query_parameter_value_match" ->
                Optional.of(new Action.QueryMatches(
                        key(one, "query_match"),
                        one.text("descriptor_value"),
                        one.flag("expect_match", true),
                        reading.matchers().query(one.messages("query_parameters"))));
            case "metadata" -> metadata(one);
            default -> Optional.empty();
        });
    }

    private static String key(Msg action, String otherwise) {
        return action.filled("descriptor_key").orElse(otherwise);
    }

    private static Optional<Action> metadata(Msg metadata) {
        return metadata.message("metadata_key")
                .map(key -> new Action.Metadata(
                        metadata.text("descriptor_key"),
                        path(key),
                        metadata.text("source").equals("ROUTE_ENTRY"),
                        metadata.text("default_value"),
                        metadata.flag("skip_if_absent", false)));
    }

    /** An {@code envoy.type.metadata.v3.MetadataKey}. */
    private static List<String> path(Msg key) {
        List<String> path = new ArrayList<>();
        path.add(key.text("key"));
        key.messages("path").forEach(segment -> path.add(segment.text("key")));
        return path;
    }
}
