package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.RefusedCall;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter rbac. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RbacFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.";
    private static final String PEER = "type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.";
    private static final String INPUT = "type.googleapis.com/envoy.type.matcher.v3.";
    private static final String MATCHER = "type.googleapis.com/envoy.extensions.matching.input_matchers.";
    private static final String MINE = "{ header: { name: x-role, string_match: { exact: mine } } }";
    private static final String LINE = "%RESPONSE_CODE_DETAILS% %DYNAMIC_METADATA(envoy.filters.http.rbac)%";
    private static final String EVERYBODY = "permissions: [ { any: true } ], principals: [ { any: true } ]";

    private static String filter(String settings) {
        return "- name: guard\n  typed_config: { \"@type\": " + TYPE + "RBAC, " + settings + " }\n";
    }

    private static String policy(String action, String permission, String principal) {
        return "rules: { action: " + action + ", policies: { \"the one\": { permissions: [ " + permission
                + " ], principals: [ " + principal + " ] } } }";
    }

    private Subject.Running start(Http1Backend backend, String settings, String... more) {
        EnvoyFile file = new EnvoyFile(backend.port()).http1().with("FILTERS", filter(settings));
        for (int i = 0; i < more.length; i += 2) {
            file.with(more[i], more[i + 1]);
        }
        return subject.start(file);
    }

    /** The status of a request for each of these targets, which may have fields behind a blank. */
    private List<Integer> statuses(String settings, List<String> requests, String... more) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, settings, more)) {
            return requests.stream().map(one -> ask(gateway, one).status()).toList();
        }
    }

    private static Answer ask(Subject.Running gateway, String request) {
        String[] words = request.split(" ", -1);
        String[] fields = new String[(words.length - 1) * 2];
        for (int i = 1; i < words.length; i++) {
            fields[i * 2 - 2] = words[i].substring(0, words[i].indexOf('='));
            fields[i * 2 - 1] = words[i].substring(words[i].indexOf('=') + 1);
        }
        return Http1Browser.once(gateway.port(), "GET", words[0], fields);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ any: true } | / | /",
                "{ header: { name: x-a, string_match: { exact: b } } } | / x-a=b | / x-a=c",
                "{ header: { name: x-a, present_match: true } } | / x-a=b | /",
                "{ header: { name: x-a, string_match: { exact: b } } } | / x-a=c x-a=b | / x-a=c x-a=d",
                "{ header: { name: x-a, string_match: { exact: b }, invert_match: true } } | / x-a=c | / x-a=c x-a=b",
                "{ header: { name: x-a, string_match: { exact: b }, invert_match: true } } | / x-a=c | /",
                "{ url_path: { path: { prefix: /in } } } | /in?x=1 | /out?/in",
                "{ url_path: { path: { suffix: in } } } | /in?x=1 | /out?in",
                "{ and_rules: { rules: [ { url_path: { path: { prefix: /in } } }, { header: { name: x-a, present_match:"
                        + " true } } ] } } | /in x-a=1 | /in",
                "{ or_rules: { rules: [ { url_path: { path: { prefix: /in } } }, { header: { name: x-a, present_match:"
                        + " true } } ] } } | /out x-a=1 | /out",
                "{ not_rule: { url_path: { path: { prefix: /in } } } } | /out | /in",
                "{ destination_ip: { address_prefix: 127.0.0.1, prefix_len: 32 } } | / | ",
                "{ not_rule: { destination_port: 1 } } | / | ",
                "{ destination_port_range: { start: 1024, end: 65536 } } | / | ",
                "{ requested_server_name: { exact: \"\" } } | / | "
            })
    void aPermissionFits(String permission, String allowed, String refused) {
        String settings = policy("ALLOW", permission, "{ any: true }");
        assertThat(statuses(settings, List.of(allowed))).containsExactly(200);
        if (refused != null && !permission.contains("any: true }")) {
            assertThat(statuses(settings, List.of(refused))).containsExactly(403);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ and_ids: { ids: [ { any: true }, { header: { name: x-a, present_match: true } } ] } } | / x-a=1 | /",
                "{ or_ids: { ids: [ { url_path: { path: { exact: /in } } }, { header: { name: x-a, present_match: true } } ] }"
                        + " } | /in | /out",
                "{ not_id: { header: { name: x-a, present_match: true } } } | / | / x-a=1",
                "{ source_ip: { address_prefix: 127.0.0.0, prefix_len: 8 } } | / | ",
                "{ direct_remote_ip: { address_prefix: 127.0.0.0, prefix_len: 8 } } | / x-forwarded-for=198.51.100.7 | ",
                "{ remote_ip: { address_prefix: 198.51.100.0, prefix_len: 24 } } | / x-forwarded-for=198.51.100.7 | /",
                "{ remote_ip: { address_prefix: \"2001:db8::\", prefix_len: 33 } } | / x-forwarded-for=2001:db8:7fff::7 | /"
                        + " x-forwarded-for=2001:db8:8000::7",
                "{ authenticated: { principal_name: { exact: somebody } } } | | /",
                "{ authenticated: {} } | | /",
                "{ filter_state: { key: who, string_match: { exact: me } } } | | /",
                "{ metadata: { filter: none, path: [ { key: a } ], value: { present_match: true }, invert: true } } | / |",
                "{ sourced_metadata: { metadata_matcher: { filter: none, path: [ { key: a } ], value: { present_match: true"
                        + " } }, metadata_source: DYNAMIC } } | | /",
                "{ custom: { name: tls, typed_config: { \"@type\":"
                        + " type.googleapis.com/envoy.extensions.rbac.principals.mtls_authenticated.v3.Config,"
                        + " any_validated_client_certificate: true } } } | | /",
                "{ custom: { name: tls, typed_config: { \"@type\":"
                        + " type.googleapis.com/envoy.extensions.rbac.principals.mtls_authenticated.v3.Config,"
                        + " san_matcher: { san_type: URI, matcher: { exact: a } } } } } | | /"
            })
    void aPrincipalFits(String principal, String allowed, String refused) {
        String settings = policy("ALLOW", "{ any: true }", principal);
        String hops = "use_remote_address: true\nxff_num_trusted_hops: 1\n";
        if (allowed != null) {
            assertThat(statuses(settings, List.of(allowed), "MANAGER", hops)).containsExactly(200);
        }
        if (refused != null) {
            assertThat(statuses(settings, List.of(refused), "MANAGER", hops)).containsExactly(403);
        }
    }

    @Test
    void denyAndLogTurnItRound() {
        List<String> requests = List.of("/ x-role=mine", "/");
        assertThat(statuses(policy("DENY", "{ any: true }", MINE), requests)).containsExactly(403, 200);
        assertThat(statuses(policy("LOG", "{ any: true }", MINE), requests)).containsExactly(200, 200);
        assertThat(statuses("rules: {}", requests)).containsExactly(403, 403);
        assertThat(statuses("rules_stat_prefix: a", requests)).containsExactly(200, 200);
    }

    @Test
    void aRouteHasRulesOfItsOwnOrNone() {
        String off = "- match: { prefix: /off }\n  route: { cluster: backend }\n  typed_per_filter_config: { guard: {"
                + " \"@type\": " + TYPE + "RBACPerRoute } }\n";
        String own = "- match: { prefix: /own }\n  route: { cluster: backend }\n  typed_per_filter_config: { guard: {"
                + " \"@type\": " + TYPE + "RBACPerRoute, rbac: { " + policy("ALLOW", "{ any: true }", MINE)
                + " } } }\n";
        String rest = "- match: { prefix: / }\n  route: { cluster: backend }\n";
        assertThat(statuses(
                        policy("DENY", "{ any: true }", "{ any: true }"),
                        List.of("/off", "/own x-role=mine", "/own", "/"),
                        "ROUTES",
                        off + own + rest))
                .containsExactly(200, 200, 403, 403);
    }

    private static String single(String input, String match) {
        return "{ single_predicate: { input: { name: in, typed_config: { \"@type\": " + input + " } }, " + match
                + " } }";
    }

    private static String path(String match) {
        return single(INPUT + "HttpRequestHeaderMatchInput, header_name: \":path\"", "value_match: { " + match + " }");
    }

    private static String action(String name, String action) {
        return "{ action: { name: act, typed_config: { \"@type\": type.googleapis.com/envoy.config.rbac.v3.Action, name: "
                + name + ", action: " + action + " } } }";
    }

    private static String matchers(String... predicatesAndActions) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < predicatesAndActions.length; i += 2) {
            list.append("{ predicate: ")
                    .append(predicatesAndActions[i])
                    .append(", on_match: ")
                    .append(predicatesAndActions[i + 1])
                    .append(" }, ");
        }
        return "matcher_list: { matchers: [ " + list + " ] }";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PATH prefix: /in | /in | /out",
                "PATH exact: /IN, ignore_case: true | /in | /out",
                "PATH suffix: in | /in | /out",
                "PATH contains: i | /in | /out",
                "PATH safe_regex: { google_re2: {}, regex: \"/i.\" } | /in | /out",
                "OR | /in x-a=1 | /out",
                "AND | /in x-a=1 | /in",
                "NOT | /out | /in",
                "SourceIPInput | / x-forwarded-for=198.51.100.7 | / x-forwarded-for=198.51.101.7",
                "DirectSourceIPInput | | / x-forwarded-for=198.51.100.7",
                "DestinationIPInput | | / x-forwarded-for=198.51.100.7",
                "DestinationPortInput | | /",
                "ServerNameInput | | /",
                "UriSanInput | | /",
                "DnsSanInput | | /",
                "SubjectInput | | /",
                "FilterStateInput | | /",
                "DynamicMetadataInput | | /"
            })
    void aMatcherFits(String predicate, String allowed, String refused) {
        String settings = "matcher: { " + matchers(predicate(predicate), action("fits", "ALLOW")) + ", on_no_match: "
                + action("rest", "DENY") + " }";
        String hops = "use_remote_address: true\nxff_num_trusted_hops: 1\n";
        if (allowed != null) {
            assertThat(statuses(settings, List.of(allowed), "MANAGER", hops)).containsExactly(200);
        }
        assertThat(statuses(settings, List.of(refused), "MANAGER", hops)).containsExactly(403);
    }

    private static String predicate(String text) {
        String field = single(INPUT + "HttpRequestHeaderMatchInput, header_name: x-a", "value_match: { exact: \"1\" }");
        String in = path("prefix: /in");
        String ssl = PEER.replace("network", "ssl");
        return switch (text) {
            case "OR" -> "{ or_matcher: { predicate: [ " + in + ", " + field + " ] } }";
            case "AND" -> "{ and_matcher: { predicate: [ " + in + ", " + field + " ] } }";
            case "NOT" -> "{ not_matcher: " + in + " }";
            case "SourceIPInput", "DirectSourceIPInput", "DestinationIPInput" ->
                single(
                        PEER + text,
                        "custom_match: { name: ip, typed_config: { \"@type\": " + MATCHER
                                + "ip.v3.Ip, stat_prefix: ip, cidr_ranges: [ { address_prefix: 198.51.100.0, prefix_len: 24 } ] } }");
            case "DestinationPortInput", "ServerNameInput" -> single(PEER + text, "value_match: { exact: \"1\" }");
            case "UriSanInput", "DnsSanInput", "SubjectInput" -> single(ssl + text, "value_match: { prefix: a }");
            case "FilterStateInput" -> single(PEER + text + ", key: who", "value_match: { prefix: a }");
            case "DynamicMetadataInput" ->
                single(
                        PEER + text + ", filter: none, path: [ { key: a } ]",
                        "custom_match: { name: m, typed_config: { \"@type\": " + MATCHER
                                + "metadata.v3.Metadata, value: { present_match: true }, invert: false } }");
            default -> path(text.substring("PATH ".length()));
        };
    }

    @Test
    void aMatcherWithinAMatcherThatFindsNothingLeavesItToTheNext() {
        String inner = "{ matcher: { " + matchers(path("exact: /in/shut"), action("shut", "DENY")) + " } }";
        String settings =
                "matcher: { " + matchers(path("prefix: /in"), inner, path("prefix: /in"), action("in", "LOG")) + " }";
        assertThat(statuses(settings, List.of("/in/shut", "/in/open", "/out"))).containsExactly(403, 200, 403);
    }

    @Test
    void aTreeIsAMap() {
        String input = "input: { name: in, typed_config: { \"@type\": " + INPUT
                + "HttpRequestHeaderMatchInput, header_name: \":path\" } }";
        String longest = "{ matcher: { " + matchers(path("suffix: shut"), action("shut", "DENY")) + " } }";
        String prefixes = "matcher: { matcher_tree: { " + input + ", prefix_match_map: { map: { /in: "
                + action("in", "ALLOW") + ", /in/deep: " + longest + " } } } }";
        assertThat(statuses(prefixes, List.of("/in", "/in/deep", "/in/deep/shut", "/out")))
                .containsExactly(200, 200, 403, 403);
        String exact = "matcher: { matcher_tree: { " + input + ", exact_match_map: { map: { /in: "
                + action("in", "ALLOW") + " } } } }";
        assertThat(statuses(exact, List.of("/in", "/in/deep"))).containsExactly(200, 403);
        String ranges = "matcher: { matcher_tree: { input: { name: in, typed_config: { \"@type\": " + PEER
                + "SourceIPInput } }, custom_match: { name: ip, typed_config: { \"@type\":"
                + " type.googleapis.com/xds.type.matcher.v3.IPMatcher, range_matchers: [ { ranges: [ { address_prefix:"
                + " 198.51.0.0, prefix_len: 16 } ], on_match: " + action("wide", "ALLOW")
                + " }, { ranges: [ { address_prefix: 198.51.100.0, prefix_len: 24 } ], on_match: "
                + action("narrow", "DENY") + " } ] } } } }";
        assertThat(statuses(
                        ranges,
                        List.of("/ x-forwarded-for=198.51.7.7", "/ x-forwarded-for=198.51.100.7", "/"),
                        "MANAGER",
                        "use_remote_address: true\nxff_num_trusted_hops: 1\n"))
                .containsExactly(200, 403, 403);
    }

    @Test
    void whatIsJudgedIsToldAndCounted(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("access");
        String settings = policy("ALLOW", "{ any: true }", MINE)
                + ", rules_stat_prefix: real_, track_per_rule_stats: true, shadow_rules_stat_prefix: trial_, shadow_rules: {"
                + " action: DENY, policies: { all: { " + EVERYBODY + " } } }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        start(backend, settings, "MANAGER", "access_log:\n" + EnvoyFile.fileLog(log, LINE))) {
            ask(gateway, "/ x-role=mine");
            ask(gateway, "/");
            Awaitility.await()
                    .until(() -> Files.exists(log) && Files.readAllLines(log).size() == 2);
            assertThat(Files.readAllLines(log))
                    .containsExactly(
                            "via_upstream {\"real_enforced_effective_policy_id\":\"the one\",\"real_enforced_engine_result\":"
                                    + "\"allowed\",\"trial_shadow_effective_policy_id\":\"all\","
                                    + "\"trial_shadow_engine_result\":\"denied\"}",
                            "rbac_access_denied_matched_policy[none] {\"real_enforced_engine_result\":\"denied\","
                                    + "\"trial_shadow_effective_policy_id\":\"all\",\"trial_shadow_engine_result\":\"denied\"}");
            assertThat(gateway.page("/stats?filter=rbac").lines())
                    .contains(
                            "http.edge.rbac.real_.allowed: 1",
                            "http.edge.rbac.real_.denied: 1",
                            "http.edge.rbac.real_.policy.the one.allowed: 1",
                            "http.edge.rbac.trial_.shadow_denied: 2");
        }
    }

    @Test
    void rulesOfARouteCountInTheSeriesOfTheListener() {
        String settings =
                policy("DENY", "{ any: true }", MINE) + ", rules_stat_prefix: real_, shadow_rules_stat_prefix: trial_";
        String own = "- match: { prefix: / }\n  route: { cluster: backend }\n  typed_per_filter_config: { guard: {"
                + " \"@type\": " + TYPE + "RBACPerRoute, rbac: { shadow_rules_stat_prefix: other_, shadow_rules: {"
                + " action: DENY, policies: { all: { " + EVERYBODY + " } } } } } }\n";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, settings, "ROUTES", own)) {
            ask(gateway, "/");
            assertThat(gateway.page("/stats?filter=rbac").lines())
                    .contains("http.edge.rbac.trial_.shadow_denied: 1")
                    .noneMatch(line -> line.contains("other_"));
        }
    }

    @Test
    void aMatcherMayBeAShadow() {
        String settings = "shadow_matcher: { " + matchers(path("prefix: /"), action("all", "DENY")) + " }";
        assertThat(statuses(settings, List.of("/"))).containsExactly(200);
    }

    @ParameterizedTest
    @CsvSource({
        "1, application/grpc-web+proto, 403",
        "2, application/grpc-web+proto, 403",
        "2, application/grpc-web-text+proto, 403",
        "2, application/grpc, 200"
    })
    void aCallIsRefusedInItsForm(int http, String type, int status) {
        new RefusedCall(subject, filter(policy("DENY", "{ any: true }", "{ any: true }")), "7", "RBAC: access denied")
                .expect(http, type, status);
    }
}
