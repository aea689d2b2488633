package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.FilterConfig.LocalRateLimit;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** HTTP filters in the gateway's own format. A new filter is one more case in each of the switches. */
final class FilterFormat {
    private static final List<String> TYPES =
            List.of("cors", "grpc-web", "router", "health-check", "grpc-stats", "rate-limit");

    private FilterFormat() {}

    /**
     * The list of a listener; the router is added where it is not written.
     *
     * @param offByDefault gets the names of those that are off where no route turns them on
     */
    static List<FilterConfig> read(Section owner, Set<String> offByDefault) {
        if (!owner.has("filters")) {
            return OwnDefaults.FILTERS;
        }
        List<FilterConfig> filters = new ArrayList<>();
        int index = 0;
        for (ConfigValue item : owner.items("filters")) {
            String where = owner.path("filters") + "[" + index++ + "]";
            if (item.valueType() == ConfigValueType.STRING) {
                String type = (String) item.unwrapped();
                filter(owner.sectionOrEmpty("no-such-section"), type, type, owner)
                        .ifPresent(filters::add);
            } else {
                owner.section(item, where).ifPresent(one -> {
                    String type = one.text("type", "");
                    String name = one.text("name", type);
                    if (one.flag("disabled", false)) {
                        offByDefault.add(name);
                    }
                    filter(one, type, name, one).ifPresent(filters::add);
                });
            }
        }
        boolean routed = filters.stream().anyMatch(FilterConfig.Router.class::isInstance);
        if (!routed) {
            filters.add(new FilterConfig.Router("router", true));
        } else if (!(filters.get(filters.size() - 1) instanceof FilterConfig.Router)) {
            owner.error("filters", "the router must be the last filter");
        }
        if (filters.stream().map(FilterConfig::name).distinct().count() < filters.size()) {
            owner.error("filters", "two filters have the same name: write name = \"...\" for one of them");
        }
        return filters;
    }

    private static Optional<FilterConfig> filter(Section one, String type, String name, Section where) {
        return switch (type) {
            case "cors" -> Optional.of(new FilterConfig.Cors(name));
            case "grpc-web" -> Optional.of(new FilterConfig.GrpcWeb(name));
            case "router" -> Optional.of(new FilterConfig.Router(name, one.flag("suppress-envoy-headers", true)));
            case "health-check" ->
                Optional.of(new FilterConfig.HealthCheck(
                        name, one.flag("pass-through", false), MatchFormat.headers(one, "match-headers")));
            case "grpc-stats" ->
                Optional.of(new FilterConfig.GrpcStats(name, one.flag("all-methods", false), one.texts("methods")));
            case "rate-limit" -> Optional.of(rateLimit(one, name));
            default -> {
                where.error(
                        where == one ? "type" : "filters",
                        "'" + type + "' is none of the filters " + String.join(", ", TYPES));
                yield Optional.empty();
            }
        };
    }

    private static LocalRateLimit rateLimit(Section one, String name) {
        Optional<LocalRateLimit.TokenBucket> bucket = one.section("bucket")
                .map(tokens -> new LocalRateLimit.TokenBucket(
                        tokens.integer("max", 1, 1, Integer.MAX_VALUE),
                        tokens.integer("fill", 1, 1, Integer.MAX_VALUE),
                        tokens.duration("interval", Duration.ofSeconds(1))));
        return new LocalRateLimit(
                name,
                one.text("stat-prefix", name),
                bucket,
                one.share("enabled", 1),
                one.share("enforced", 1),
                one.integer("status", 429),
                one.flag("resource-exhausted", true),
                HeaderFormat.adds(one, "add-to-response"));
    }

    static void write(Tree owner, List<FilterConfig> filters, Set<String> offByDefault) {
        if (!filters.equals(OwnDefaults.FILTERS) || !offByDefault.isEmpty()) {
            owner.put(
                    "filters",
                    filters.stream()
                            .map(filter -> write(filter).put("disabled", offByDefault.contains(filter.name()), false))
                            .toList());
        }
    }

    private static Tree write(FilterConfig filter) {
        Tree tree = new Tree();
        String type = type(filter);
        tree.put("type", type).put("name", filter.name(), type);
        if (filter instanceof FilterConfig.Router router) {
            tree.put("suppress-envoy-headers", router.suppressEnvoyHeaders(), true);
        } else if (filter instanceof FilterConfig.HealthCheck check) {
            tree.put("pass-through", check.passThrough(), false)
                    .list("match-headers", check.matchers(), MatchFormat::write);
        } else if (filter instanceof FilterConfig.GrpcStats stats) {
            tree.put("all-methods", stats.allMethods(), false).list("methods", stats.services());
        } else if (filter instanceof LocalRateLimit limit) {
            tree.put("stat-prefix", limit.statPrefix(), limit.name());
            limit.bucket()
                    .ifPresent(bucket -> tree.put(
                            "bucket",
                            new Tree()
                                    .put("max", bucket.max())
                                    .put("fill", bucket.fill())
                                    .put("interval", bucket.interval())));
            tree.put("enabled", limit.enabled(), 1.0)
                    .put("enforced", limit.enforced(), 1.0)
                    .put("status", limit.status(), 429)
                    .put("resource-exhausted", limit.resourceExhausted(), true)
                    .list("add-to-response", limit.responseHeaders(), HeaderFormat::write);
        }
        return tree;
    }

    private static String type(FilterConfig filter) {
        if (filter instanceof FilterConfig.Cors) {
            return "cors";
        }
        if (filter instanceof FilterConfig.GrpcWeb) {
            return "grpc-web";
        }
        if (filter instanceof FilterConfig.Router) {
            return "router";
        }
        if (filter instanceof FilterConfig.HealthCheck) {
            return "health-check";
        }
        return filter instanceof FilterConfig.GrpcStats ? "grpc-stats" : "rate-limit";
    }

    /** What a route says of filters: {@code filters { NAME = off }} or other settings. */
    static Map<String, FilterOverride> overrides(Section route, List<FilterConfig> filters) {
        Map<String, FilterOverride> found = new LinkedHashMap<>();
        Optional<Section> section = route.has("filters") ? route.section("filters") : Optional.empty();
        section.ifPresent(all -> {
            for (String name : all.keys()) {
                Optional<FilterConfig> filter =
                        filters.stream().filter(one -> one.name().equals(name)).findFirst();
                if (filter.isEmpty()) {
                    all.has(name);
                    all.error(
                            name,
                            "the listener has no filter of this name; it has "
                                    + String.join(
                                            ", ",
                                            filters.stream()
                                                    .map(FilterConfig::name)
                                                    .toList()));
                } else if (all.isText(name)) {
                    found.put(
                            name,
                            all.flag(name, true)
                                    ? new FilterOverride.Replaced(filter.get())
                                    : new FilterOverride.Disabled());
                } else {
                    all.section(name).ifPresent(one -> {
                        one.has("type");
                        one.has("name");
                        filter(one, type(filter.get()), name, one)
                                .ifPresent(replaced -> found.put(name, new FilterOverride.Replaced(replaced)));
                    });
                }
            }
        });
        return found;
    }

    static void writeOverrides(Tree route, Map<String, FilterOverride> overrides) {
        Tree tree = new Tree();
        overrides.forEach((name, override) -> tree.put(
                name,
                override instanceof FilterOverride.Replaced replaced
                        ? write(replaced.filter())
                        : new Tree.Bare("off")));
        route.section("filters", tree);
    }
}
