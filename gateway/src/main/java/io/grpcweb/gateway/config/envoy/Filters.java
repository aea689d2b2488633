package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** HTTP filters of a listener, and what routes say of them. A new filter is one more case in {@link #filter}. */
final class Filters {
    private static final String PREFIX = "envoy.extensions.filters.http.";
    private static final String CORS_POLICY = PREFIX + "cors.v3.CorsPolicy";
    private static final String DISABLE = "envoy.config.route.v3.FilterConfig";

    private final Reading reading;
    private final Matchers matchers;
    private final Headers headers;
    private final Set<String> offByDefault = new HashSet<>();

    Filters(Reading reading, Matchers matchers, Headers headers) {
        this.reading = reading;
        this.matchers = matchers;
        this.headers = headers;
    }

    List<FilterConfig> read(Msg manager) {
        offByDefault.clear();
        List<FilterConfig> filters = new ArrayList<>();
        Set<String> names = new HashSet<>();
        boolean complete = true;
        for (Msg item : manager.messages("http_filters")) {
            String name = item.text("name");
            Optional<Msg> typed = item.message("typed_config");
            if (typed.isEmpty()) {
                complete = false;
                if (!item.has("typed_config") && !reading.problems.any()) {
                    reading.error(
                            item, "", "needs typed_config with \"@type\": '" + name + "' is not known by its name");
                }
                continue;
            }
            if (!names.add(name)) {
                reading.error(item, "name", "two filters are called '" + name + "'");
            }
            Optional<FilterConfig> filter = filter(name, typed.get());
            if (filter.isEmpty()) {
                reading.error(item, "typed_config", typed.get().type() + " is no HTTP filter");
                complete = false;
            } else {
                filters.add(filter.get());
                if (item.flag("disabled", false)) {
                    disabled(item, filter.get());
                }
            }
        }
        if (complete) {
            routerLast(manager, filters);
        }
        return filters;
    }

    /** Such a filter is off for each route that does not turn it on. */
    private void disabled(Msg item, FilterConfig filter) {
        if (filter instanceof FilterConfig.Router) {
            reading.error(item, "disabled", "the router cannot be disabled");
        } else {
            offByDefault.add(filter.name());
        }
    }

    /** Names of the filters of the list that was read last, which are off where no route turns them on. */
    Set<String> offByDefault() {
        return offByDefault;
    }

    private void routerLast(Msg manager, List<FilterConfig> filters) {
        long routers =
                filters.stream().filter(FilterConfig.Router.class::isInstance).count();
        if (routers != 1 || !(filters.get(filters.size() - 1) instanceof FilterConfig.Router)) {
            reading.error(
                    manager,
                    "http_filters",
                    "the last HTTP filter must be envoy.filters.http.router, and only the last");
        }
    }

    private Optional<FilterConfig> filter(String name, Msg typed) {
        String type = typed.type().startsWith(PREFIX) ? typed.type().substring(PREFIX.length()) : typed.type();
        return switch (type) {
            case "grpc_web.v3.GrpcWeb" -> Optional.of(new FilterConfig.GrpcWeb(name));
            case "cors.v3.Cors" -> Optional.of(new FilterConfig.Cors(name));
            case "cors.v3.CorsPolicy" -> {
                reading.warn(
                        typed,
                        "",
                        "a CorsPolicy in http_filters turns the filter on and sets no policy, as in Envoy; "
                                + "write it into typed_per_filter_config of the virtual host");
                yield Optional.of(new FilterConfig.Cors(name));
            }
            case "router.v3.Router" ->
                Optional.of(new FilterConfig.Router(name, typed.flag("suppress_envoy_headers", false)));
            case "health_check.v3.HealthCheck" ->
                Optional.of(new FilterConfig.HealthCheck(
                        name, typed.flag("pass_through_mode", false), matchers.headers(typed.messages("headers"))));
            case "grpc_stats.v3.FilterConfig" -> Optional.of(grpcStats(name, typed));
            case "local_ratelimit.v3.LocalRateLimit" -> Optional.of(localRateLimit(name, typed));
            default -> Optional.empty();
        };
    }

    private static FilterConfig grpcStats(String name, Msg typed) {
        List<String> services = new ArrayList<>();
        typed.message("individual_method_stats_allowlist")
                .ifPresent(list -> list.messages("services").forEach(service -> {
                    for (String method : service.texts("method_names")) {
                        services.add(service.text("name") + "/" + method);
                    }
                }));
        return new FilterConfig.GrpcStats(name, typed.flag("stats_for_all_methods", false), services);
    }

    private FilterConfig localRateLimit(String name, Msg typed) {
        int status = typed.message("status")
                .map(code -> reading.statusCode(code.text("code")))
                .filter(number -> number >= 400)
                .orElse(429);
        return new FilterConfig.LocalRateLimit(
                name,
                typed.text("stat_prefix"),
                typed.message("token_bucket").map(Filters::bucket),
                Reading.share(typed, "filter_enabled", 0),
                Reading.share(typed, "filter_enforced", 0),
                status,
                typed.flag("rate_limited_as_resource_exhausted", false),
                headers.add(typed, "response_headers_to_add"));
    }

    private static FilterConfig.LocalRateLimit.TokenBucket bucket(Msg bucket) {
        return new FilterConfig.LocalRateLimit.TokenBucket(
                bucket.integer("max_tokens", 1),
                bucket.integer("tokens_per_fill", 1),
                bucket.duration("fill_interval", Duration.ofSeconds(1)));
    }

    /** What a route, a virtual host or a route configuration says of filters, other than of the CORS filter's policy. */
    Map<String, FilterOverride> overrides(Msg owner, List<FilterConfig> filters) {
        Map<String, FilterOverride> found = new LinkedHashMap<>();
        owner.map("typed_per_filter_config").forEach((name, given) -> {
            Optional<FilterConfig> filter =
                    filters.stream().filter(one -> one.name().equals(name)).findFirst();
            if (filter.isEmpty()) {
                reading.warn(given, "", "no HTTP filter is called '" + name + "': this changes nothing");
                return;
            }
            if (given.type().equals(DISABLE) && given.flag("disabled", false)) {
                found.put(name, new FilterOverride.Disabled());
                return;
            }
            Optional<Msg> content = given.type().equals(DISABLE) ? given.message("config") : Optional.of(given);
            if (offByDefault.contains(name)) {
                found.put(name, new FilterOverride.Replaced(filter.get()));
            }
            content.filter(one -> !one.type().equals(CORS_POLICY)).ifPresent(one -> {
                Optional<FilterConfig> replaced = filter(name, one);
                if (replaced.isPresent()
                        && replaced.get().getClass() == filter.get().getClass()) {
                    found.put(name, new FilterOverride.Replaced(replaced.get()));
                } else {
                    reading.error(one, "", one.type() + " is no setting of the filter '" + name + "'");
                }
            });
        });
        return found;
    }

    /** The policy that a place gives the CORS filter, if it does. */
    static Optional<Msg> corsPolicy(Msg owner, List<FilterConfig> filters) {
        for (FilterConfig filter : filters) {
            Msg given = owner.map("typed_per_filter_config").get(filter.name());
            if (filter instanceof FilterConfig.Cors && given != null) {
                return given.type().equals(DISABLE)
                        ? given.message("config")
                        : Optional.of(given).filter(one -> one.type().equals(CORS_POLICY));
            }
        }
        return Optional.empty();
    }
}
