package io.grpcweb.gateway.filter.descriptors;

import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.Exchange;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the descriptors of a request.
 *
 * @param sourceCluster what this gateway calls its own cluster; may be empty
 */
public record Descriptors(String sourceCluster) {

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
     */
    public List<Descriptor> ofRoute(
            Exchange exchange, Http2Headers head, HostLimits host, int stage, boolean switchables) {
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
        add(rules.limits(), facts, stage, switchables, found);
        boolean both = rules.withVirtualHost() || host == HostLimits.INCLUDE;
        if (both || host == HostLimits.OVERRIDE && rules.limits().isEmpty()) {
            add(ofHost, facts, stage, switchables, found);
        }
        return found;
    }

    /** Those of a list of limits, whatever their stages. */
    public List<Descriptor> of(List<RateLimit> limits, Exchange exchange, Http2Headers head) {
        RequestFacts facts = new RequestFacts(exchange, head, sourceCluster);
        List<Descriptor> found = new ArrayList<>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            add(limits.get(i), facts, found);
        }
        return found;
    }

    private static void add(
            List<RateLimit> limits, RequestFacts facts, int stage, boolean switchables, List<Descriptor> found) {
        for (int i = 0; i < limits.size(); i++) {
            RateLimit limit = limits.get(i);
            if (limit.stage() == stage && (switchables || !limit.switchable())) {
                add(limit, facts, found);
            }
        }
    }

    private static void add(RateLimit limit, RequestFacts facts, List<Descriptor> found) {
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
                    limit.hits(),
                    limit.negative()));
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
