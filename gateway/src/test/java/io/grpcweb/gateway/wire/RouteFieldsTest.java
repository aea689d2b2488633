package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of routes, seen by a plain HTTP backend and a browser. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RouteFieldsTest(Subject subject) {

    /** A route that answers by itself, so that it shows which one was taken. */
    private static String named(String match, String body) {
        return "- match: { %s }\n  direct_response: { status: 200, body: { inline_string: %s } }\n"
                .formatted(match, body);
    }

    private Subject.Running start(Http1Backend backend, String routes) {
        return subject.start(new EnvoyFile(backend.port()).http1().with("ROUTES", routes));
    }

    private static String body(Subject.Running gateway, String path, String... fields) {
        return Http1Browser.once(gateway.port(), "GET", path, fields).text();
    }

    @Test
    void pathsAreMatched() {
        String routes = named("path: /whole", "path")
                + named("path: /Case, case_sensitive: false", "case")
                + named("path_separated_prefix: /part", "separated")
                + named("safe_regex: { google_re2: {}, regex: \"/re[0-9]+\" }", "regex")
                + named(
                        "prefix: /never, runtime_fraction: { default_value: { numerator: 0 }, runtime_key: k }",
                        "never")
                + named(
                        "prefix: /always, runtime_fraction: { default_value: { numerator: 1000000, denominator: MILLION } }",
                        "always")
                + named("prefix: /q, query_parameters: [ { name: a, string_match: { exact: \"1\" } } ]", "query")
                + named("prefix: /q, query_parameters: [ { name: b, present_match: true } ]", "present")
                + named("prefix: /q, query_parameters: [ { name: a, present_match: false } ]", "absent")
                + named("prefix: /", "other");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, routes)) {
            assertThat(body(gateway, "/whole?x")).isEqualTo("path");
            assertThat(body(gateway, "/whole/")).isEqualTo("other");
            assertThat(body(gateway, "/cASE")).isEqualTo("case");
            assertThat(body(gateway, "/part")).isEqualTo("separated");
            assertThat(body(gateway, "/part/more")).isEqualTo("separated");
            assertThat(body(gateway, "/party")).isEqualTo("other");
            assertThat(body(gateway, "/re42")).isEqualTo("regex");
            assertThat(body(gateway, "/re42x")).isEqualTo("other");
            assertThat(body(gateway, "/never")).isEqualTo("other");
            assertThat(body(gateway, "/always")).isEqualTo("always");
            assertThat(body(gateway, "/q?a=1")).isEqualTo("query");
            assertThat(body(gateway, "/q?a=2&b")).isEqualTo("present");
            assertThat(body(gateway, "/q?a=2")).isEqualTo("other");
            assertThat(body(gateway, "/q?a")).isEqualTo("other");
            assertThat(body(gateway, "/q?c=2")).isEqualTo("absent");
        }
    }

    @Test
    void headersAreMatchedInEverySpelling() {
        String[][] cases = {
            {"exact_match: abc", "abc", "abcd"},
            {"prefix_match: ab", "abc", "xab"},
            {"suffix_match: bc", "abc", "bcx"},
            {"contains_match: b", "abc", "xyz"},
            {"safe_regex_match: { regex: a.c }", "abc", "abcd"},
            {"range_match: { start: -5, end: 7 }", "6", "7"},
            {"string_match: { contains: B, ignore_case: true }", "abc", "xyz"},
            {"string_match: { prefix: AB, ignore_case: true }", "abc", "xab"},
            {"exact_match: abc, invert_match: true", "x", "abc"},
            {"string_match: { exact: \"\" }, treat_missing_header_as_empty: true", null, "x"},
            {"present_match: true", "", null},
            {"present_match: false", null, "x"},
            {"string_match: { exact: a }, invert_match: true, treat_missing_header_as_empty: true", null, "a"},
        };
        for (String[] one : cases) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = start(
                            backend,
                            named("prefix: /, headers: [ { name: X-A, %s } ]".formatted(one[0]), "fits")
                                    + named("prefix: /", "other"))) {
                assertThat(asked(gateway, one[1])).as(one[0]).isEqualTo("fits");
                assertThat(asked(gateway, one[2])).as(one[0]).isEqualTo("other");
            }
        }
    }

    private static String asked(Subject.Running gateway, String value) {
        return value == null ? body(gateway, "/") : body(gateway, "/", "x-a", value);
    }

    @Test
    void redirectsGoWhereTheFileSays() {
        String[][] cases = {
            {"https_redirect: true", "301 https://gateway.test/a/b?c=d"},
            {"scheme_redirect: ftp", "301 ftp://gateway.test/a/b?c=d"},
            {"host_redirect: other.test", "301 http://other.test/a/b?c=d"},
            {"port_redirect: 8443, https_redirect: true", "301 https://gateway.test:8443/a/b?c=d"},
            {"path_redirect: /new", "301 http://gateway.test/new?c=d"},
            {"path_redirect: /new, strip_query: true", "301 http://gateway.test/new"},
            {"prefix_rewrite: /z", "301 http://gateway.test/z/b?c=d"},
            {
                "regex_rewrite: { pattern: { regex: \"/(.)/(.)\" }, substitution: \"/\\\\2/\\\\1\" }",
                "301 http://gateway.test/b/a?c=d"
            },
            {"host_redirect: other.test, response_code: PERMANENT_REDIRECT", "308 http://other.test/a/b?c=d"},
            {"host_redirect: other.test, response_code: see_other", "303 http://other.test/a/b?c=d"},
        };
        for (String[] one : cases) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway =
                            start(backend, "- match: { prefix: /a }\n  redirect: { %s }".formatted(one[0]))) {
                Answer answer = Http1Browser.once(gateway.port(), "GET", "/a/b?c=d");
                assertThat(answer.status() + " " + answer.header("location"))
                        .as(one[0])
                        .isEqualTo(one[1]);
            }
        }
    }

    @Test
    void requestsAreRewrittenOnTheirWay() {
        String[][] cases = {
            {"prefix_rewrite: /z", "/z/b?c=d", "gateway.test"},
            {
                "regex_rewrite: { pattern: { regex: \"^/(.)/(.)\" }, substitution: \"/\\\\2/\\\\1\" }",
                "/b/a?c=d",
                "gateway.test"
            },
            {"host_rewrite_literal: other.test", "/a/b?c=d", "other.test"},
            {"host_rewrite_header: X-Path-Host", "/a/b?c=d", "gateway.test"},
            {"host_rewrite_header: User-Agent", "/a/b?c=d", "agent.test"},
            {
                "host_rewrite_path_regex: { pattern: { regex: \"^/(.)/.*\" }, substitution: \"\\\\1.test\" }, prefix_rewrite: /z",
                "/z/b?c=d",
                "a.test"
            },
        };
        for (String[] one : cases) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = start(
                            backend, "- match: { prefix: /a }\n  route: { cluster: backend, %s }".formatted(one[0]))) {
                Http1Browser.once(gateway.port(), "GET", "/a/b?c=d", "user-agent", "agent.test");
                Http1Backend.Request seen = backend.next();
                assertThat(seen.path()).as(one[0]).isEqualTo(one[1]);
                assertThat(seen.field("host")).as(one[0]).isEqualTo(one[2]);
            }
        }
    }

    @Test
    void theHostMayBecomeTheNameOfTheEndpoint() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(1)
                        .http1()
                        .with("ROUTES", "- match: { prefix: / }\n  route: { cluster: named, auto_host_rewrite: true }")
                        .cluster("named", backend.port(), "type: STRICT_DNS\ndns_lookup_family: V4_ONLY")
                        .text()
                        .replace(
                                "address: 127.0.0.1, port_value: " + backend.port(),
                                "address: localhost, port_value: " + backend.port()))) {
            body(gateway, "/");
            assertThat(backend.next().field("host")).startsWith("localhost");
        }
    }

    @Test
    void theOldHostIsAppendedWhereTheNewOneIsWritten() {
        String[][] cases = {
            {"host_rewrite_literal: other.test", "a.test", "a.test,gateway.test"},
            {"host_rewrite_literal: other.test", "a.test,gateway.test", "a.test,gateway.test"},
            {"timeout: 0s", "a.test", "a.test"},
        };
        for (String[] one : cases) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = start(
                            backend,
                            "- match: { prefix: /a }\n  route: { cluster: backend, append_x_forwarded_host: true, %s }"
                                    .formatted(one[0]))) {
                Http1Browser.once(gateway.port(), "GET", "/a", "x-forwarded-host", one[1]);
                assertThat(backend.next().field("x-forwarded-host")).as(one[0]).isEqualTo(one[2]);
            }
        }
    }

    @Test
    void theClusterIsDrawnByANumberOfTheRequestOrByItsHash() {
        String routes = """
                - match: { prefix: /number }
                  route: { weighted_clusters: { header_name: X-Draw, clusters: [ %1$s ] } }
                - match: { prefix: /hash }
                  route:
                    hash_policy: [ { header: { header_name: x-user } } ]
                    weighted_clusters: { use_hash_policy: true, clusters: [ %1$s ] }
                """.formatted("{ name: backend, weight: 3 }, { name: other, weight: 2 }");
        try (Http1Backend backend = new Http1Backend(request -> "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1");
                Http1Backend other = new Http1Backend(request -> "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n2");
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("ROUTES", routes)
                        .cluster("other", other.port(), ""))) {
            StringBuilder drawn = new StringBuilder();
            for (String number : List.of("0", "2", "3", "4", "5", "18446744073709551615")) {
                drawn.append(Http1Browser.once(gateway.port(), "GET", "/number", "x-draw", number)
                        .text());
            }
            // Three of five; 2 to the power of 64 is one more than a multiple of five.
            assertThat(drawn).hasToString("112211");
            String users = Stream.of("a", "b", "c", "d", "e", "f", "g", "h")
                    .map(user -> Http1Browser.once(gateway.port(), "GET", "/hash", "x-user", user)
                            .text())
                    .collect(Collectors.joining());
            assertThat(users).contains("1", "2");
            for (int i = 0; i < 5; i++) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/hash", "x-user", "a")
                                .text())
                        .isEqualTo(users.substring(0, 1));
            }
        }
    }

    @Test
    void theClusterIsChosenByHeaderOrByWeight() {
        String routes = """
                - match: { prefix: /header }
                  route: { cluster_header: X-Cluster, cluster_not_found_response_code: NOT_FOUND }
                - match: { prefix: /weights }
                  route:
                    weighted_clusters:
                      total_weight: 100
                      clusters:
                      - { name: other, weight: 0 }
                      - name: backend
                        weight: 100
                        host_rewrite_literal: drawn.test
                        request_headers_to_add: [ { header: { key: x-drawn, value: "yes" } } ]
                        request_headers_to_remove: [ x-gone ]
                        response_headers_to_add: [ { header: { key: x-drawn, value: "yes" } } ]
                        response_headers_to_remove: [ x-backend ]
                """;
        try (Http1Backend backend =
                        new Http1Backend(request -> "HTTP/1.1 200 OK\r\nx-backend: 1\r\ncontent-length: 2\r\n\r\nok");
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("ROUTES", routes)
                        .cluster("other", 1, ""))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/header", "x-cluster", "backend")
                            .status())
                    .isEqualTo(200);
            backend.next();
            assertThat(Http1Browser.once(gateway.port(), "GET", "/header", "x-cluster", "nobody")
                            .status())
                    .isEqualTo(404);
            for (int i = 0; i < 5; i++) {
                Answer answer = Http1Browser.once(gateway.port(), "GET", "/weights", "x-gone", "1");
                assertThat(answer.header("x-drawn")).isEqualTo("yes");
                assertThat(answer.header("x-backend")).isNull();
                Http1Backend.Request seen = backend.next();
                assertThat(seen.field("host")).isEqualTo("drawn.test");
                assertThat(seen.field("x-drawn")).isEqualTo("yes");
                assertThat(seen.field("x-gone")).isNull();
            }
        }
    }

    private static final String ADDS = """
            - match: { prefix: / }
              route: { cluster: backend }
              request_headers_to_add:
              - { header: { key: x-append, value: new } }
              - { header: { key: x-replace, value: new }, append: false }
              - { header: { key: x-absent, value: new }, append_action: ADD_IF_ABSENT }
              - { header: { key: x-missing, value: new }, append_action: ADD_IF_ABSENT }
              - { header: { key: x-over, value: new }, append_action: OVERWRITE_IF_EXISTS_OR_ADD }
              - { header: { key: x-exists, value: new }, append_action: OVERWRITE_IF_EXISTS }
              - { header: { key: x-nowhere, value: new }, append_action: OVERWRITE_IF_EXISTS }
              - { header: { key: x-empty, value: "%REQ(x-none)%" } }
              - { header: { key: x-kept, value: "%REQ(x-none)%" }, keep_empty_value: true }
              request_headers_to_remove: [ x-gone ]
            """;

    @Test
    void headerFieldsAreAddedAsTheFileSays() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, ADDS)) {
            body(
                    gateway,
                    "/",
                    "x-append",
                    "old",
                    "x-replace",
                    "old",
                    "x-absent",
                    "old",
                    "x-over",
                    "old",
                    "x-exists",
                    "old",
                    "x-gone",
                    "old");
            Http1Backend.Request seen = backend.next();
            assertThat(seen.head()).contains("x-append: old\r\n", "x-append: new\r\n");
            assertThat(seen.head()).contains("x-replace: new\r\n").doesNotContain("x-replace: old");
            assertThat(seen.field("x-absent")).isEqualTo("old");
            assertThat(seen.field("x-missing")).isEqualTo("new");
            assertThat(seen.head()).contains("x-over: new\r\n").doesNotContain("x-over: old");
            assertThat(seen.head()).contains("x-exists: new\r\n").doesNotContain("x-exists: old");
            assertThat(seen.field("x-nowhere")).isNull();
            assertThat(seen.field("x-empty")).isNull();
            assertThat(seen.field("x-kept")).isEmpty();
            assertThat(seen.field("x-gone")).isNull();
        }
    }

    @Test
    void theOutermostPlaceHasTheLastWordUnlessTheFileSaysOtherwise() {
        String rules = "%s_headers_to_add: [ { header: { key: x-place, value: %s }, append: false } ]";
        for (boolean inner : new boolean[] {false, true}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("TABLE", "most_specific_header_mutations_wins: " + inner)
                            .with("TABLE", rules.formatted("request", "table"))
                            .with("TABLE", rules.formatted("response", "table"))
                            .with("TABLE", "request_headers_to_remove: [ x-table ]")
                            .with("TABLE", "response_headers_to_remove: [ x-one ]")
                            .with("HOST", rules.formatted("request", "host"))
                            .with("HOST", rules.formatted("response", "host"))
                            .with("HOST", "request_headers_to_remove: [ x-host ]")
                            .with(
                                    "ROUTES",
                                    "- match: { prefix: / }\n  route: { cluster: backend }\n  "
                                            + rules.formatted("request", "route") + "\n  "
                                            + rules.formatted("response", "route")))) {
                Answer answer = Http1Browser.once(gateway.port(), "GET", "/", "x-table", "1", "x-host", "1");
                assertThat(answer.header("x-place")).isEqualTo(inner ? "route" : "table");
                Http1Backend.Request seen = backend.next();
                assertThat(seen.field("x-place")).isEqualTo(inner ? "route" : "table");
                assertThat(seen.field("x-table")).isNull();
                assertThat(seen.field("x-host")).isNull();
            }
        }
    }

    @Test
    void aBackendLearnsWhichAttemptItIsAndRetriesFollowTheFile() {
        AtomicInteger asked = new AtomicInteger();
        String again = "HTTP/1.1 418 Again\r\nx-again: yes\r\ncontent-length: 0\r\n\r\n";
        String[] policies = {
            "retry_on: retriable-headers, num_retries: 2, retriable_headers: [ { name: x-again, exact_match: \"yes\" } ]",
            "retry_on: retriable-status-codes, num_retries: 2, retriable_status_codes: [ 418 ]",
            "retry_on: retriable-status-codes, num_retries: 2, retriable_status_codes: [ 418 ],"
                    + " retry_back_off: { base_interval: 0.001s, max_interval: 0.002s }",
        };
        for (String policy : policies) {
            asked.set(0);
            try (Http1Backend backend =
                            new Http1Backend(request -> asked.incrementAndGet() < 3 ? again : Http1Backend.OK);
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("HOST", "include_request_attempt_count: true")
                            .with(
                                    "ROUTES",
                                    "- match: { prefix: / }\n  route: { cluster: backend, retry_policy: { %s } }"
                                            .formatted(policy)))) {
                assertThat(body(gateway, "/")).as(policy).isEqualTo("ok");
                for (int i = 1; i <= 3; i++) {
                    assertThat(backend.next().field("x-envoy-attempt-count")).isEqualTo(Integer.toString(i));
                }
            }
        }
    }

    @Test
    void onlyTheRequestsThatTheFileNamesAreTriedAgain() {
        String unwell = "HTTP/1.1 503 Unwell\r\ncontent-length: 6\r\n\r\nunwell";
        AtomicInteger asked = new AtomicInteger();
        try (Http1Backend backend =
                        new Http1Backend(request -> asked.incrementAndGet() % 2 == 1 ? unwell : Http1Backend.OK);
                Subject.Running gateway = start(
                        backend,
                        "- match: { prefix: / }\n  route: { cluster: backend, retry_policy: { retry_on: 5xx,"
                                + " retriable_request_headers: [ { name: ':method', string_match: { safe_regex:"
                                + " { regex: GET|HEAD } } }, { name: x-again, present_match: true } ] } }")) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            assertThat(Http1Browser.once(gateway.port(), "DELETE", "/", "x-again", "")
                            .status())
                    .isEqualTo(200);
            assertThat(Http1Browser.once(gateway.port(), "DELETE", "/").status())
                    .isEqualTo(503);
            assertThat(asked).hasValue(5);
        }
    }

    @Test
    void anAttemptHasATimeOfItsOwn() {
        AtomicInteger asked = new AtomicInteger();
        try (Http1Backend backend = new Http1Backend(request -> asked.incrementAndGet() < 2 ? "" : Http1Backend.OK);
                Subject.Running gateway = start(
                        backend,
                        "- match: { prefix: / }\n  route: { cluster: backend, retry_policy: { retry_on: reset, per_try_timeout: 2s } }")) {
            assertThat(body(gateway, "/")).isEqualTo("ok");
        }
    }

    @Test
    void aCookieKeepsABrowserAtItsEndpoint() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CLUSTER", "lb_policy: RING_HASH")
                        .with("ROUTES", """
                                - match: { prefix: / }
                                  route: { cluster: backend, hash_policy: [ { cookie: { name: stick, ttl: 60s } } ] }
                                """))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").header("set-cookie"))
                    .matches("stick=\"[0-9a-f]+\"; Max-Age=60; HttpOnly");
        }
    }

    @Test
    void aClusterThatIsNotThereMayBeNamedWhereTheFileSaysSo() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("TABLE", "validate_clusters: false")
                        .with("ROUTES", "- match: { prefix: / }\n  route: { cluster: nowhere }"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(503);
        }
    }

    @Test
    void fieldsOfEnvoyAreLeftOutWhereTheFileSaysSo() {
        for (boolean quiet : new boolean[] {false, true}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(
                            new EnvoyFile(backend.port()).http1().with("ROUTER", "suppress_envoy_headers: " + quiet))) {
                Answer answer = Http1Browser.once(gateway.port(), "GET", "/");
                assertThat(answer.header("x-envoy-upstream-service-time") == null)
                        .isEqualTo(quiet);
            }
        }
    }

    @Test
    void aValueThatIsTooLongForARegularExpressionIsNotLookedAt() {
        String routes = named("safe_regex: { regex: \"/v/(.*)/(.*)\" }", "regex")
                + named("prefix: /h, headers: [ { name: x-a, safe_regex_match: { regex: \"(a-?)*\" } } ]", "fits")
                + named("prefix: /, headers: [ { name: x-b, exact_match: b } ]", "other")
                + named("prefix: /", "other");
        String exact = named("prefix: /exact", "exact") + routes;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, exact)) {
            String letters = "a".repeat(20_000);
            assertThat(body(gateway, "/v/a/b")).isEqualTo("regex");
            assertThat(body(gateway, "/h", "x-a", "aa-a")).isEqualTo("fits");
            assertThat(body(gateway, "/h", "x-a", letters)).isEqualTo("other");
            assertThat(body(gateway, "/exact/" + letters)).isEqualTo("exact");
            assertThat(body(gateway, "/h?" + letters)).isEqualTo("other");
            Answer refused = Http1Browser.once(gateway.port(), "GET", "/v/" + letters + "/b");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(backend.wasAsked()).isFalse();
        }
    }

    @Test
    void aPathThatIsTooLongToBeRewrittenIsRefused() {
        String routes = """
                - match: { prefix: /r }
                  route: { cluster: backend, regex_rewrite: { pattern: { regex: "a(b?)" }, substitution: "c" } }
                - match: { prefix: /s }
                  redirect: { regex_rewrite: { pattern: { regex: "a(b?)" }, substitution: "c" } }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, routes)) {
            for (String path : new String[] {"/r", "/s"}) {
                assertThat(Http1Browser.once(gateway.port(), "GET", path + "a".repeat(20_000))
                                .status())
                        .isEqualTo(400);
            }
            assertThat(backend.wasAsked()).isFalse();
        }
    }
}
