package io.grpcweb.gateway.filter.descriptors;

import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.Substitution;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes the descriptors of a request.
 *
 * @param sourceCluster what this gateway calls its own cluster; may be empty
 * @param hits how much a request counts, of the limits of which an operator says so
 */
public record Descriptors(String sourceCluster, Map<RateLimit, Substitution> hits) {
    private static final long MOST_HITS = 1_000_000_000;

    /** For a filter with these limits of its own. */
    public static Descriptors of(FilterContext context, List<RateLimit> limits) {
        Map<RateLimit, Substitution> hits = new HashMap<>();
        for (RateLimit limit : limits) {
            limit.hitsFormat()
                    .ifPresent(format -> hits.put(limit, context.compiler().field(format)));
        }
        return new Descriptors(context.node().cluster(), Map.copyOf(hits));
    }

    /** How the rate limits of a virtual host stand beside those of its routes. */
    public enum HostLimits {
        /** They hold for routes without any. */
        OVERRIDE,
        /** They hold as well. */
        INCLUDE,
        IGNORE
    }

    /**
     * Those of the route that an exchange has taken, and of its virtual host.
     *
     * @param stage of the limits that are looked at
     * @param switchables whether those that Envoy may switch off are looked at as well
     * @param atEnd whether those count that count at the end, and no others
     */
    public List<Descriptor> ofRoute(
            Exchange exchange, Http2Headers head, HostLimits host, int stage, boolean switchables, boolean atEnd) {
        RouteConfig.Route route = exchange.route();
        if (route == null || !(route.action() instanceof RouteConfig.Forward)) {
            return List.of();
        }
        RateLimit.Rules rules = route.rateLimits();
        List<RateLimit> ofHost = exchange.virtualHost().rateLimits();
        if (rules.limits().isEmpty() && ofHost.isEmpty()) {
            return List.of();
        }
        RequestFacts facts = new RequestFacts(exchange, head, sourceCluster);
        List<Descriptor> found = new ArrayList<>();
        Look look = new Look(stage, switchables, atEnd);
        add(rules.limits(), facts, look, found);
        boolean both = rules.withVirtualHost() || host == HostLimits.INCLUDE;
        if (both || host == HostLimits.OVERRIDE && rules.limits().isEmpty()) {
            add(ofHost, facts, look, found);
        }
        return found;
    }

    /** Those of a list of limits that count at the end, or of those that do not, whatever their stages. */
    public List<Descriptor> of(List<RateLimit> limits, Exchange exchange, Http2Headers head, boolean atEnd) {
        RequestFacts facts = new RequestFacts(exchange, head, sourceCluster);
        List<Descriptor> found = new ArrayList<>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            if (limits.get(i).atEnd() == atEnd) {
                add(limits.get(i), facts, found);
            }
        }
        return found;
    }

    /** Which limits are looked at. */
    private record Look(int stage, boolean switchables, boolean atEnd) {}

    private void add(List<RateLimit> limits, RequestFacts facts, Look look, List<Descriptor> found) {
        for (int i = 0; i < limits.size(); i++) {
            RateLimit limit = limits.get(i);
            if (limit.stage() == look.stage
                    && (look.switchables || !limit.switchable())
                    && limit.atEnd() == look.atEnd) {
                add(limit, facts, found);
            }
        }
    }

    private void add(RateLimit limit, RequestFacts facts, List<Descriptor> found) {
        List<Descriptor.Entry> entries = new ArrayList<>(limit.actions().size());
        for (RateLimit.Action action : limit.actions()) {
            if (!facts.entry(action, entries)) {
                return;
            }
        }
        if (!entries.isEmpty()) {
            found.add(new Descriptor(
                    entries,
                    limit.override().flatMap(override -> override(override, facts)),
                    limit.hitsFormat().isPresent() ? hits(limit, facts) : limit.hits(),
                    limit.negative()));
        }
    }

    /** Nothing where the operator says no number, or too large a one. */
    private OptionalLong hits(RateLimit limit, RequestFacts facts) {
        Substitution format = hits.get(limit);
        if (format == null) {
            return OptionalLong.empty();
        }
        try {
            long said = Long.parseLong(format.of(facts.info()));
            return said < 0 || said > MOST_HITS ? OptionalLong.empty() : OptionalLong.of(said);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Nothing where the metadata says no limit. */
    private static Optional<RateLimit.LimitOverride.Fixed> override(
            RateLimit.LimitOverride override, RequestFacts facts) {
        if (override instanceof RateLimit.LimitOverride.Fixed fixed) {
            return Optional.of(fixed);
        }
        Object found = facts.metadata(((RateLimit.LimitOverride.FromMetadata) override).path());
        if (found instanceof Map<?, ?> limit
                && limit.get("requests_per_unit") instanceof Number requests
                && limit.get("unit") instanceof String unit) {
            for (RateLimit.Unit one : RateLimit.Unit.values()) {
                if (one.name().equals(unit.toUpperCase(Locale.ROOT))) {
                    return Optional.of(new RateLimit.LimitOverride.Fixed(requests.longValue(), one));
                }
            }
        }
        return Optional.empty();
    }
}
