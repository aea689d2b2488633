package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.HashPolicy;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.hocon.FirstListener;
import io.grpcweb.gateway.filter.cors.CorsPolicy;
import io.grpcweb.gateway.filter.ratelimit.LocalRateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the fields of routes become. */
final class EnvoyRoutesTest {
    private static final String CORS_FILTER = """
            - name: envoy.filters.http.cors
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors
            """;

    private static RouteConfig.Match match(String fields) throws ConfigException {
        return FirstListener.route(Bootstraps.read(
                        new Bootstraps().text().replace("match: { prefix: \"/\" }", "match: { " + fields + " }")))
                .match();
    }

    private static RouteConfig.Action action(String fields) throws ConfigException {
        return FirstListener.route(Bootstraps.read(
                        new Bootstraps().text().replace("route: { cluster: backend, timeout: 0s }", fields)))
                .action();
    }

    @Test
    void pathsAreMatchedInFourWays() throws ConfigException {
        assertThat(match("prefix: /a, case_sensitive: false").path())
                .isEqualTo(new RouteConfig.PathMatch.Prefix("/a", true));
        assertThat(match("path: /a").path()).isEqualTo(new RouteConfig.PathMatch.Exact("/a", false));
        assertThat(match("path_separated_prefix: /a").path())
                .isEqualTo(new RouteConfig.PathMatch.SeparatedPrefix("/a", false));
        assertThat(match("safe_regex: { regex: \"/a.*\" }").path())
                .isEqualTo(new RouteConfig.PathMatch.Regex(Pattern.compile("/a.*")));
        assertThatThrownBy(() -> match("path_separated_prefix: /a/")).hasMessageContaining("not end with one");
        assertThatThrownBy(() -> match("safe_regex: { regex: \"(\" }")).hasMessageContaining("RE2");
    }

    @Test
    void headersAreMatchedInAllSpellings() throws ConfigException {
        assertThat(match(
                                "prefix: /, headers: [{ name: A, exact_match: x }, { name: b, string_match: { suffix: y, ignore_case: true } },"
                                        + " { name: c, present_match: false }, { name: d, range_match: { start: 1, end: 5 }, invert_match: true },"
                                        + " { name: e, treat_missing_header_as_empty: true, safe_regex_match: { regex: z } }]")
                        .headers())
                .containsExactly(
                        header("a", new StringMatch.Exact("x", false), false, false),
                        header("b", new StringMatch.Suffix("y", true), false, false),
                        new RouteConfig.HeaderMatch("c", Optional.empty(), Optional.empty(), true, false),
                        new RouteConfig.HeaderMatch(
                                "d", Optional.empty(), Optional.of(new RouteConfig.Range(1, 5)), true, false),
                        header("e", new StringMatch.Regex(Pattern.compile("z")), false, true));
    }

    private static RouteConfig.HeaderMatch header(String name, StringMatch value, boolean invert, boolean missing) {
        return new RouteConfig.HeaderMatch(name, Optional.of(value), Optional.empty(), invert, missing);
    }

    @Test
    void queriesGrpcAndSharesAreMatched() throws ConfigException {
        RouteConfig.Match match =
                match("prefix: /, grpc: {}, query_parameters: [{ name: q, string_match: { exact: v } }],"
                        + " runtime_fraction: { default_value: { numerator: 5, denominator: TEN_THOUSAND } }");

        assertThat(match.grpc()).isTrue();
        assertThat(match.query())
                .containsExactly(
                        new RouteConfig.QueryMatch("q", Optional.of(new StringMatch.Exact("v", false)), false));
        assertThat(match.fraction()).isEqualTo(0.0005);
        assertThat(match("prefix: /, grpc:").grpc()).isFalse();
    }

    @Test
    void clustersAreChosenInThreeWays() throws ConfigException {
        assertThat(new Bootstraps()
                        .with("ROUTE", "cluster_header: X-Cluster")
                        .forward()
                        .cluster())
                .isEqualTo(new ClusterChoice.ByHeader("x-cluster"));
        assertThat(new Bootstraps()
                        .with(
                                "ROUTE",
                                "weighted_clusters: { clusters: [{ name: backend, weight: 9, host_rewrite_literal: h }] }")
                        .forward()
                        .cluster())
                .isEqualTo(new ClusterChoice.Weighted(
                        List.of(new RouteConfig.WeightedCluster("backend", 9, HeaderRules.NONE, Optional.of("h"))),
                        Optional.empty(),
                        false));
        assertThatThrownBy(() -> new Bootstraps()
                        .with("ROUTE", "weighted_clusters: { clusters: [{ name: backend, weight: 0 }] }")
                        .read())
                .hasMessageContaining("must not all be 0");
    }

    @Test
    void timeoutsAreEnvoys() throws ConfigException {
        RouteConfig.Forward plain =
                new Bootstraps().with("ROUTE", "cluster: backend").forward();
        RouteConfig.Forward full = new Bootstraps()
                .with(
                        "ROUTE",
                        "cluster: backend, timeout: 3s, idle_timeout: 4s, max_grpc_timeout: 5s, grpc_timeout_offset: 1s,"
                                + " max_stream_duration: { max_stream_duration: 6s, grpc_timeout_header_max: 0s, grpc_timeout_header_offset: 0.1s }")
                .forward();

        assertThat(plain.timeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(plain.streamLimits()).isEmpty();
        assertThat(full.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(full.idleTimeout()).contains(Duration.ofSeconds(4));
        assertThat(full.maxGrpcTimeout()).contains(Duration.ofSeconds(5));
        assertThat(full.grpcTimeoutOffset()).contains(Duration.ofSeconds(1));
        assertThat(full.streamLimits())
                .contains(new RouteConfig.StreamLimits(
                        Optional.of(Duration.ofSeconds(6)), Optional.of(Duration.ZERO), Duration.ofMillis(100), true));
    }

    @Test
    void rewritesRetriesHashesAndMirrorsAreRead() throws ConfigException {
        RouteConfig.Forward forward = new Bootstraps()
                .with(
                        "ROUTE",
                        "cluster: backend, prefix_rewrite: /b, host_rewrite_literal: h, priority: HIGH, cluster_not_found_response_code: NOT_FOUND,"
                                + " retry_policy: { retry_on: \"5xx,unavailable\", per_try_timeout: 1s, retriable_status_codes: [409],"
                                + " retry_back_off: { base_interval: 0.1s }, retry_host_predicate: [{ name: envoy.retry_host_predicates.previous_hosts,"
                                + " typed_config: { \"@type\": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate } }] },"
                                + " hash_policy: [{ header: { header_name: X-User }, terminal: true }, { cookie: { name: c, ttl: 60s } },"
                                + " { connection_properties: { source_ip: true } }, { query_parameter: { name: q } }],"
                                + " request_mirror_policies: [{ cluster: backend, runtime_fraction: { default_value: { numerator: 50 } } }],"
                                + " upgrade_configs: [{ upgrade_type: WebSocket, enabled: false }]")
                .forward();

        assertThat(forward.prefixRewrite()).contains("/b");
        assertThat(forward.hostRewrite().literal()).contains("h");
        assertThat(forward.highPriority()).isTrue();
        assertThat(forward.clusterNotFoundStatus()).isEqualTo(404);
        assertThat(forward.retry())
                .contains(new RouteConfig.RetryPolicy(
                        List.of("5xx", "unavailable"),
                        1,
                        Duration.ofSeconds(1),
                        List.of(409),
                        List.of(),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        true));
        assertThat(forward.hashPolicies())
                .containsExactly(
                        new HashPolicy(HashPolicy.Kind.HEADER, "x-user", OptionalLong.empty(), true),
                        new HashPolicy(HashPolicy.Kind.COOKIE, "c", OptionalLong.of(60), false),
                        new HashPolicy(HashPolicy.Kind.SOURCE_IP, "", OptionalLong.empty(), false),
                        new HashPolicy(HashPolicy.Kind.QUERY_PARAMETER, "q", OptionalLong.empty(), false));
        assertThat(forward.mirrors()).containsExactly(new RouteConfig.Mirror("backend", 0.5));
        assertThat(forward.upgrades()).isEqualTo(Map.of("websocket", false));
    }

    @Test
    void otherAnswersAreRead() throws ConfigException {
        assertThat(action("direct_response: { status: 404, body: { inline_string: gone } }"))
                .isEqualTo(new RouteConfig.DirectResponse(404, "gone"));
        assertThat(
                        action(
                                "redirect: { https_redirect: true, host_redirect: h, port_redirect: 8443, response_code: FOUND, strip_query: true }"))
                .isEqualTo(new RouteConfig.Redirect(
                        302,
                        Optional.empty(),
                        true,
                        Optional.of("h"),
                        OptionalInt.of(8443),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true));
    }

    @Test
    void headerRulesAreRead() throws ConfigException {
        HeaderRules rules = new Bootstraps()
                .with(
                        "HOST",
                        "request_headers_to_add: [{ header: { key: X-A, value: \"%REQ(b)%\" } }, { header: { key: x-c, value: d }, append: false },"
                                + " { header: { key: x-e }, append_action: ADD_IF_ABSENT, keep_empty_value: true }]\n"
                                + "response_headers_to_remove: [Server]")
                .http()
                .routes()
                .virtualHosts()
                .get(0)
                .headers();

        assertThat(rules.requestAdd())
                .containsExactly(
                        new HeaderRules.Add("x-a", "%REQ(b)%", HeaderRules.Action.APPEND, false),
                        new HeaderRules.Add("x-c", "d", HeaderRules.Action.OVERWRITE_OR_ADD, false),
                        new HeaderRules.Add("x-e", "", HeaderRules.Action.ADD_IF_ABSENT, true));
        assertThat(rules.responseRemove()).containsExactly("server");
    }

    @Test
    void corsFallsBackFieldByFieldAndTheFiltersSettingHidesTheOlderBlock() throws ConfigException {
        String type = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy";
        CorsPolicy policy = CorsPolicy.of(new Bootstraps()
                        .with("FILTERS", CORS_FILTER)
                        .with("MANAGER", "server_name: x")
                        .with(
                                "HOST",
                                "cors: { max_age: \"9\" }\n"
                                        + "typed_per_filter_config: { envoy.filters.http.cors: { " + type
                                        + ", allow_origin_string_match: [{ exact: \"https://a.example\" }], allow_methods: POST } }")
                        .with("ROUTE", "cluster: backend, cors: { max_age: \"1\" }")
                        .route()
                        .filters())
                .orElseThrow();

        assertThat(policy.origins()).containsExactly(new StringMatch.Exact("https://a.example", false));
        assertThat(policy.allowMethods()).isEqualTo("POST");
        assertThat(policy.maxAge()).isEmpty();
        assertThat(policy.forwardNotMatching()).contains(true);
    }

    @Test
    void aRouteTurnsAFilterOff() throws ConfigException {
        RouteConfig.Route route = new Bootstraps()
                .with("FILTERS", CORS_FILTER)
                .with(
                        "HOST",
                        "typed_per_filter_config: { envoy.filters.http.cors: { \"@type\": type.googleapis.com/envoy.config.route.v3.FilterConfig, disabled: true } }")
                .route();

        assertThat(route.filters())
                .isEqualTo(Map.of("envoy.filters.http.cors", new RouteConfig.FilterOverride.Disabled()));
    }

    /** Envoy does not start with it, and a filter that guards might be what was meant. */
    @Test
    void aSettingOfAFilterWithoutATypeIsAMistake() {
        assertThatThrownBy(() -> new Bootstraps()
                        .with("FILTERS", CORS_FILTER)
                        .with("HOST", "typed_per_filter_config: { envoy.filters.http.cors: {} }")
                        .route())
                .hasMessageContaining("typed_per_filter_config.envoy.filters.http.cors: needs \"@type\"");
    }

    @Test
    void aFilterThatIsOffIsTurnedOnByARoute() throws ConfigException {
        String off = CORS_FILTER.replace("- name:", "- disabled: true\n  name:");
        String on = "typed_per_filter_config: { envoy.filters.http.cors: { \"@type\": "
                + "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy } }";

        assertThat(new Bootstraps().with("FILTERS", off).http().offByDefault())
                .containsExactly("envoy.filters.http.cors");
        assertThat(new Bootstraps().with("FILTERS", off).route().filters()).isEmpty();
        assertThat(new Bootstraps()
                        .with("FILTERS", off)
                        .with("HOST", on)
                        .route()
                        .filters())
                .hasEntrySatisfying("envoy.filters.http.cors", override -> assertThat(override.crossOrigin())
                        .isTrue());
    }

    @Test
    void theLocalRateLimitIsRead() throws ConfigException {
        String filter = """
                - name: limit
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                    stat_prefix: l
                    status: { code: ServiceUnavailable }
                    token_bucket: { max_tokens: 5, tokens_per_fill: 2, fill_interval: 1s }
                    filter_enabled: { default_value: { numerator: 100 } }
                    filter_enforced: { default_value: { numerator: 50 } }
                    rate_limited_as_resource_exhausted: true
                """;

        assertThat(new Bootstraps().with("FILTERS", filter).http().filters().get(0))
                .isEqualTo(new LocalRateLimit(
                        "limit",
                        "l",
                        Optional.of(new LocalRateLimit.Bucket(5, 2, Duration.ofSeconds(1))),
                        LocalRateLimit.Counting.NONE,
                        false,
                        1,
                        0.5,
                        new LocalRateLimit.Refusal(503, true, List.of(), false, false),
                        List.of()));
    }

    @Test
    void aRegularExpressionThatWouldBecomeTooLargeIsNamed() {
        for (String place : List.of(
                "safe_regex: { regex: \"%s\" }",
                "prefix: /, headers: [{ name: a, safe_regex_match: { regex: \"%s\" } }]",
                "prefix: /, headers: [{ name: a, string_match: { safe_regex: { regex: \"%s\" } } }]",
                "prefix: /, query_parameters: [{ name: a, string_match: { safe_regex: { regex: \"%s\" } } }]")) {
            assertThatThrownBy(() -> match(place.formatted("((a{100}){100}){100}")))
                    .hasMessageContaining("regex: not a regular expression in RE2 syntax")
                    .hasMessageContaining("invalid repetition size")
                    .hasMessageContaining("1000000, at most 1000 ");
        }
    }

    @Test
    void theSizeOfAProgramHasTheLimitThatTheFileSets() throws ConfigException {
        assertThat(match("safe_regex: { regex: \"/a{90}\", google_re2: { max_program_size: 100 } }")
                        .path())
                .isEqualTo(new RouteConfig.PathMatch.Regex(Pattern.compile("/a{90}")));
        assertThatThrownBy(() -> match("safe_regex: { regex: \"/a{200}\", google_re2: { max_program_size: 100 } }"))
                .hasMessageContaining("max_program_size: the regular expression has a program size of 20")
                .hasMessageContaining("> max program size of 100");
    }
}
