package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Where routes lead and which host a backend sees, as Envoy 1.40 does it with the same file. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RouteAnswersTest(Subject subject) {

    private Subject.Running start(Http1Backend backend, String routes) {
        return subject.start(new EnvoyFile(backend.port()).http1().with("ROUTES", routes));
    }

    @Test
    void aRedirectKeepsThePortUnlessItIsThatOfTheOldScheme() {
        String[][] cases = {
            {"https_redirect: true", "a.test:8080", "https://a.test:8080/x"},
            {"https_redirect: true", "a.test:80", "https://a.test/x"},
            {"https_redirect: true", "a.test:443", "https://a.test:443/x"},
            {"scheme_redirect: https", "a.test:80", "https://a.test/x"},
            {"path_redirect: /y", "a.test:80", "http://a.test:80/y"},
            {"port_redirect: 99", "a.test:8080", "http://a.test:99/x"},
            {"host_redirect: b.test", "a.test:8080", "http://b.test/x"},
        };
        for (String[] one : cases) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway =
                            start(backend, "- match: { prefix: / }\n  redirect: { %s }".formatted(one[0]))) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/x", "host", one[1])
                                .header("location"))
                        .as(one[0] + " at " + one[1])
                        .isEqualTo(one[2]);
            }
        }
    }

    @Test
    void aDirectResponseThatSpeaksOfAPlaceNamesTheOneThatWasAskedFor() {
        int[] statuses = {200, 201, 204, 301, 404};
        for (int status : statuses) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = start(
                            backend, "- match: { prefix: / }\n  direct_response: { status: %d }".formatted(status))) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/x?y", "host", "a.test:81")
                                .header("location"))
                        .as("%d", status)
                        .isEqualTo(status == 201 || status == 301 ? "http://a.test:81/x?y" : null);
            }
        }
    }

    @Test
    void theHostOfTheRouteComesAfterThatOfTheClusterThatWasDrawn() {
        String drawn = "- match: { prefix: / }\n  route: { weighted_clusters: { clusters:"
                + " [ { name: backend, weight: 1, host_rewrite_literal: drawn.test } ] }%s }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running alone = start(backend, drawn.formatted(""));
                Subject.Running both = start(backend, drawn.formatted(", host_rewrite_literal: route.test"))) {
            Http1Browser.once(alone.port(), "GET", "/");
            Http1Backend.Request seen = backend.next();
            assertThat(seen.field("host")).isEqualTo("drawn.test");
            assertThat(seen.field("x-envoy-original-host")).isNull();
            Http1Browser.once(both.port(), "GET", "/");
            seen = backend.next();
            assertThat(seen.field("host")).isEqualTo("route.test");
            assertThat(seen.field("x-envoy-original-host")).isEqualTo("drawn.test");
        }
    }

    @Test
    void whatIsAddedToAListStandsBehindAComma() {
        String route = """
                - match: { prefix: / }
                  route: { cluster: backend }
                  request_headers_to_add:
                  - { header: { key: user-agent, value: gateway } }
                  - { header: { key: x-more, value: gateway } }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, route)) {
            Http1Browser.once(gateway.port(), "GET", "/", "user-agent", "page", "x-more", "page");
            String head = backend.next().head();
            assertThat(head).contains("user-agent: page,gateway\r\n");
            assertThat(head).contains("x-more: page\r\n").contains("x-more: gateway\r\n");
        }
    }

    @Test
    void aRewriteThatChangesNothingIsToldAllTheSame() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(
                        backend,
                        "- match: { prefix: /a }\n  route: { cluster: backend, prefix_rewrite: /a,"
                                + " host_rewrite_literal: gateway.test }")) {
            Http1Browser.once(gateway.port(), "GET", "/a?b");
            Http1Backend.Request seen = backend.next();
            assertThat(seen.field("x-envoy-original-path")).isEqualTo("/a?b");
            assertThat(seen.field("x-envoy-original-host")).isEqualTo("gateway.test");
        }
    }

    @Test
    void aRewriteThatNamesAGroupThatIsNotThereReplacesNothing() {
        String route = "- match: { prefix: / }\n  route: { cluster: backend, regex_rewrite:"
                + " { pattern: { regex: \"(x)?b\" }, substitution: \"%s\" } }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running missing = start(backend, route.formatted("\\\\2/\\\\1"));
                Subject.Running whole = start(backend, route.formatted("[\\\\1]"))) {
            Http1Browser.once(missing.port(), "GET", "/xb/b");
            assertThat(backend.next().path()).isEqualTo("/xb/b");
            Http1Browser.once(whole.port(), "GET", "/xb/b");
            assertThat(backend.next().path()).isEqualTo("/[x]/[]");
        }
    }

    @Test
    void responsesAreTold() {
        String route = """
                - match: { prefix: / }
                  route: { cluster: backend }
                  response_headers_to_add:
                  - { header: { key: x-details, value: "%RESPONSE_CODE_DETAILS%" } }
                  - { header: { key: x-unset, value: "%ENVIRONMENT(NOT_SET_ANYWHERE)%" } }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, route)) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(answer.header("x-details")).isEqualTo("via_upstream");
            assertThat(answer.header("x-unset")).isEqualTo("-");
        }
    }

    @Test
    void anEndpointWithoutANameGivesNoHost() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(
                        backend, "- match: { prefix: / }\n  route: { cluster: backend, auto_host_rewrite: true }")) {
            Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(backend.next().field("host")).isEqualTo("gateway.test");
        }
    }

    @Test
    void aBackendIsToldNothingOfRewritesWhereTheFileSaysSo() {
        for (boolean quiet : new boolean[] {false, true}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("ROUTER", "suppress_envoy_headers: " + quiet)
                            .with(
                                    "ROUTES",
                                    "- match: { prefix: /a }\n  route: { cluster: backend, prefix_rewrite: /b,"
                                            + " host_rewrite_literal: b.test, timeout: 7s }"))) {
                Http1Browser.once(gateway.port(), "GET", "/a");
                Http1Backend.Request seen = backend.next();
                assertThat(seen.line()).isEqualTo("GET /b HTTP/1.1");
                assertThat(seen.field("x-envoy-original-path")).isEqualTo(quiet ? null : "/a");
                assertThat(seen.field("x-envoy-original-host")).isEqualTo(quiet ? null : "gateway.test");
                assertThat(seen.field("x-envoy-expected-rq-timeout-ms")).isEqualTo(quiet ? null : "7000");
            }
        }
    }

    @Test
    void aMethodThatMayHaveABodySaysWhereThereIsNone() {
        String[][] cases = {
            {"GET", null},
            {"DELETE", null},
            {"HEAD", null},
            {"POST", "0"},
            {"PUT", "0"},
            {"PATCH", "0"},
            {"OPTIONS", "0"}
        };
        try (Http1Backend backend = new Http1Backend(request -> "HTTP/1.1 204 No\r\n\r\n");
                Subject.Running gateway = start(backend, "- match: { prefix: / }\n  route: { cluster: backend }")) {
            for (String[] one : cases) {
                Answer answer = Http1Browser.once(gateway.port(), one[0], "/");
                assertThat(answer.status()).isEqualTo(204);
                Http1Backend.Request seen = backend.next();
                assertThat(seen.field("content-length")).as(one[0]).isEqualTo(one[1]);
                assertThat(seen.field("transfer-encoding")).as(one[0]).isNull();
            }
        }
    }
}
