package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.Subsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** What is done with the requests of a route. */
final class RouteActions {
    /** Envoy's route timeout where none is written. */
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

    private final Reading reading;
    private final Matchers matchers;
    private final Headers headers;
    private final Retries retries;
    private final List<Msg> withDefaultTimeout = new ArrayList<>();

    RouteActions(Reading reading, Matchers matchers, Headers headers) {
        this.reading = reading;
        this.matchers = matchers;
        this.headers = headers;
        this.retries = new Retries(reading, matchers);
    }

    /**
     * The action; empty where it is missing or refused, which is reported.
     *
     * @param filters what a cluster with a weight says of filters
     */
    Optional<RouteConfig.Action> read(
            Msg route, Msg host, Msg config, Function<Msg, Map<String, FilterOverride>> filters) {
        return switch (route.which("action")) {
            case "route" -> route.message("route").flatMap(action -> forward(action, route, host, config, filters));
            case "redirect" -> route.message("redirect").map(this::redirect);
            case "direct_response" -> route.message("direct_response").map(this::directResponse);
            default -> Optional.empty();
        };
    }

    private RouteConfig.Action directResponse(Msg response) {
        return new RouteConfig.DirectResponse(
                response.integer("status", 200),
                response.message("body")
                        .map(body -> DataSources.text(body, reading))
                        .orElse(""));
    }

    private RouteConfig.Action redirect(Msg redirect) {
        int status =
                switch (redirect.text("response_code")) {
                    case "FOUND" -> 302;
                    case "SEE_OTHER" -> 303;
                    case "TEMPORARY_REDIRECT" -> 307;
                    case "PERMANENT_REDIRECT" -> 308;
                    default -> 301;
                };
        int port = redirect.integer("port_redirect", 0);
        return new RouteConfig.Redirect(
                status,
                redirect.filled("scheme_redirect"),
                redirect.flag("https_redirect", false),
                redirect.filled("host_redirect"),
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
                redirect.filled("path_redirect"),
                redirect.filled("prefix_rewrite"),
                redirect.message("regex_rewrite").flatMap(matchers::rewrite),
                redirect.flag("strip_query", false));
    }

    private Optional<RouteConfig.Action> forward(
            Msg action, Msg route, Msg host, Msg config, Function<Msg, Map<String, FilterOverride>> filters) {
        Optional<ClusterChoice> cluster = cluster(action, filters);
        if (cluster.isEmpty()) {
            return Optional.empty();
        }
        if (action.filled("prefix_rewrite").isPresent() && action.has("regex_rewrite")) {
            reading.error(action, "regex_rewrite", "only one of prefix_rewrite and regex_rewrite may be set");
        }
        Optional<RouteConfig.StreamLimits> limits =
                action.message("max_stream_duration").map(RouteActions::limits);
        if (!action.has("timeout") && limits.isEmpty() && !action.has("max_grpc_timeout")) {
            withDefaultTimeout.add(route);
        }
        return Optional.of(new RouteConfig.Forward(
                cluster.get(),
                notFoundStatus(action),
                action.filled("prefix_rewrite"),
                action.message("regex_rewrite").flatMap(matchers::rewrite),
                new RouteConfig.HostRewrite(
                        action.filled("host_rewrite_literal"),
                        action.flag("auto_host_rewrite", false),
                        action.filled("host_rewrite_header").map(name -> name.toLowerCase(Locale.ROOT)),
                        action.message("host_rewrite_path_regex").flatMap(matchers::rewrite),
                        action.flag("append_x_forwarded_host", false)),
                internalRedirect(action),
                action.duration("timeout", DEFAULT_TIMEOUT),
                action.duration("idle_timeout"),
                action.duration("flush_timeout"),
                limits,
                action.duration("max_grpc_timeout"),
                action.duration("grpc_timeout_offset"),
                action.message("retry_policy")
                        .or(() -> host.message("retry_policy"))
                        .map(retries::read),
                RouteConfig.Resend.NOTHING,
                hashPolicies(action),
                mirrors(List.of(action, host, config)),
                upgrades(action),
                action.text("priority").equals("HIGH"),
                false,
                endpointsWith(action)));
    }

    private Optional<RouteConfig.InternalRedirect> internalRedirect(Msg action) {
        RouteConfig.InternalRedirect otherwise = RouteConfig.InternalRedirect.DEFAULT;
        if (action.text("internal_redirect_action").equals("HANDLE_INTERNAL_REDIRECT")) {
            return Optional.of(new RouteConfig.InternalRedirect(
                    action.integer("max_internal_redirects", otherwise.most()),
                    otherwise.statuses(),
                    false,
                    List.of()));
        }
        return action.message("internal_redirect_policy").map(policy -> {
            List<Integer> statuses = policy.numbers("redirect_response_codes").stream()
                    .map(Long::intValue)
                    .filter(RouteActions::isRedirect)
                    .toList();
            return new RouteConfig.InternalRedirect(
                    policy.integer("max_internal_redirects", otherwise.most()),
                    policy.has("redirect_response_codes") ? statuses : otherwise.statuses(),
                    policy.flag("allow_cross_scheme_redirect", false),
                    policy.texts("response_headers_to_copy").stream()
                            .map(name -> name.toLowerCase(Locale.ROOT))
                            .toList());
        });
    }

    /** As Envoy, others are left out. */
    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private Optional<ClusterChoice> cluster(Msg action, Function<Msg, Map<String, FilterOverride>> filters) {
        return switch (action.which("cluster_specifier")) {
            case "cluster" -> {
                reading.requireCluster(action, "cluster", action.text("cluster"));
                yield Optional.of(new ClusterChoice.Named(action.text("cluster")));
            }
            case "cluster_header" ->
                Optional.of(
                        new ClusterChoice.ByHeader(action.text("cluster_header").toLowerCase(Locale.ROOT)));
            case "weighted_clusters" -> action.message("weighted_clusters").map(choice -> weighted(choice, filters));
            default -> Optional.empty();
        };
    }

    private ClusterChoice weighted(Msg choice, Function<Msg, Map<String, FilterOverride>> filters) {
        List<RouteConfig.WeightedCluster> clusters = new ArrayList<>();
        long sum = 0;
        for (Msg cluster : choice.messages("clusters")) {
            String name = cluster.text("name");
            if (name.isEmpty()) {
                reading.error(cluster, "name", "the name of a cluster is required");
            } else {
                reading.requireCluster(cluster, "name", name);
            }
            int weight = cluster.integer("weight", 0);
            sum += weight;
            clusters.add(new RouteConfig.WeightedCluster(
                    name,
                    weight,
                    headers.rules(cluster),
                    cluster.filled("host_rewrite_literal"),
                    filters.apply(cluster),
                    endpointsWith(cluster)));
        }
        if (sum == 0) {
            reading.error(choice, "clusters", "the weights must not all be 0");
        } else if (choice.has("total_weight") && choice.number("total_weight", 0) != sum) {
            reading.error(choice, "total_weight", "the weights are " + sum + " together: leave total_weight out");
        }
        if (choice.flag("use_hash_policy", false)
                && clusters.stream().anyMatch(one -> !one.filters().isEmpty())) {
            reading.error(
                    choice,
                    "use_hash_policy",
                    "the filters of a cluster are chosen before there is a hash: leave out use_hash_policy or "
                            + "typed_per_filter_config of the clusters");
        }
        return new ClusterChoice.Weighted(
                clusters,
                choice.filled("header_name").map(name -> name.toLowerCase(Locale.ROOT)),
                choice.flag("use_hash_policy", false));
    }

    private static int notFoundStatus(Msg action) {
        return switch (action.text("cluster_not_found_response_code")) {
            case "NOT_FOUND" -> 404;
            case "INTERNAL_SERVER_ERROR" -> 500;
            default -> 503;
        };
    }

    /** What a {@code metadata_match} says of endpoints. */
    private static Map<String, Object> endpointsWith(Msg owner) {
        Map<String, Object> found = new LinkedHashMap<>();
        Reading.metadata(owner, "metadata_match")
                .of(Subsets.READER)
                .forEach((key, value) -> found.put((String) key, value));
        return found;
    }

    private static RouteConfig.StreamLimits limits(Msg limits) {
        return new RouteConfig.StreamLimits(
                limits.duration("max_stream_duration"),
                limits.duration("grpc_timeout_header_max"),
                limits.duration("grpc_timeout_header_offset", Duration.ZERO),
                true);
    }

    static List<RouteConfig.HashPolicy> hashPolicies(Msg action) {
        List<RouteConfig.HashPolicy> found = new ArrayList<>();
        for (Msg policy : action.messages("hash_policy")) {
            boolean terminal = policy.flag("terminal", false);
            policy.message("header")
                    .ifPresent(header -> found.add(new RouteConfig.HashPolicy(
                            RouteConfig.HashPolicy.Kind.HEADER,
                            header.text("header_name").toLowerCase(Locale.ROOT),
                            OptionalLong.empty(),
                            terminal)));
            policy.message("cookie")
                    .ifPresent(cookie -> found.add(new RouteConfig.HashPolicy(
                            RouteConfig.HashPolicy.Kind.COOKIE,
                            cookie.text("name"),
                            cookie.duration("ttl")
                                    .map(ttl -> OptionalLong.of(ttl.toSeconds()))
                                    .orElse(OptionalLong.empty()),
                            terminal)));
            policy.message("connection_properties")
                    .filter(properties -> properties.flag("source_ip", false))
                    .ifPresent(properties -> found.add(new RouteConfig.HashPolicy(
                            RouteConfig.HashPolicy.Kind.SOURCE_IP, "", OptionalLong.empty(), terminal)));
            policy.message("query_parameter")
                    .ifPresent(parameter -> found.add(new RouteConfig.HashPolicy(
                            RouteConfig.HashPolicy.Kind.QUERY_PARAMETER,
                            parameter.text("name"),
                            OptionalLong.empty(),
                            terminal)));
        }
        return found;
    }

    /** Those of the most specific place that has any. */
    private List<RouteConfig.Mirror> mirrors(List<Msg> places) {
        for (Msg place : places) {
            List<RouteConfig.Mirror> found = new ArrayList<>();
            for (Msg policy : place.messages("request_mirror_policies")) {
                reading.requireCluster(policy, "cluster", policy.text("cluster"));
                found.add(new RouteConfig.Mirror(policy.text("cluster"), Reading.share(policy, "runtime_fraction", 1)));
            }
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static Map<String, Boolean> upgrades(Msg action) {
        Map<String, Boolean> found = new LinkedHashMap<>();
        for (Msg upgrade : action.messages("upgrade_configs")) {
            found.put(upgrade.text("upgrade_type").toLowerCase(Locale.ROOT), upgrade.flag("enabled", true));
        }
        return found;
    }

    /** One line for all of them, since people copy the same route many times. */
    void warnOfDefaultTimeouts() {
        if (!withDefaultTimeout.isEmpty()) {
            Msg first = withDefaultTimeout.get(0);
            int others = withDefaultTimeout.size() - 1;
            reading.warn(
                    first,
                    "",
                    "no timeout is written, so calls end after Envoy's default of 15 s, streams too"
                            + (others == 0 ? "" : " (so do " + others + " more routes)")
                            + "; write timeout: 0s with max_stream_duration: {grpc_timeout_header_max: 0s}");
            withDefaultTimeout.clear();
        }
    }
}
