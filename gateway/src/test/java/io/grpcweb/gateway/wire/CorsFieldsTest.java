package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of CORS, in the settings of the filter and in the older blocks. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record CorsFieldsTest(Subject subject) {
    private static final String ORIGIN = "https://app.example";
    private static final String FILTER = """
            - name: envoy.filters.http.cors
              typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors }
            """;
    private static final String APP = "allow_origin_string_match: [ { exact: \"https://app.example\" } ]";

    /** Where a policy stands. */
    enum Place {
        FILTER {
            @Override
            String piece(String policy) {
                return "typed_per_filter_config: { envoy.filters.http.cors: { \"@type\":"
                        + " type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy, " + policy + " } }";
            }
        },
        BLOCK {
            @Override
            String piece(String policy) {
                return "cors: { " + policy + " }";
            }
        };

        abstract String piece(String policy);
    }

    private Subject.Running start(Http1Backend backend, Place place, String policy) {
        return subject.start(
                new EnvoyFile(backend.port()).http1().with("FILTERS", FILTER).with("HOST", place.piece(policy)));
    }

    private static Answer preflight(Subject.Running gateway, String path, String origin, String... more) {
        List<String> fields = new ArrayList<>(List.of("origin", origin, "access-control-request-method", "POST"));
        fields.addAll(List.of("access-control-request-headers", "x-grpc-web"));
        fields.addAll(List.of(more));
        return Http1Browser.once(gateway.port(), "OPTIONS", path, fields.toArray(new String[0]));
    }

    private static String allowed(Answer answer) {
        return answer.header("access-control-allow-origin");
    }

    @ParameterizedTest
    @EnumSource
    void aPreflightIsAnsweredWithTheListsOfTheFile(Place place) {
        String policy = APP + ", allow_methods: \"GET, POST\", allow_headers: \"x-grpc-web, x-user-agent\","
                + " expose_headers: grpc-status, max_age: \"1728000\", allow_credentials: true";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, place, policy)) {
            Answer answer = preflight(gateway, "/", ORIGIN);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(allowed(answer)).isEqualTo(ORIGIN);
            assertThat(answer.header("access-control-allow-methods")).isEqualTo("GET, POST");
            assertThat(answer.header("access-control-allow-headers")).isEqualTo("x-grpc-web, x-user-agent");
            assertThat(answer.header("access-control-max-age")).isEqualTo("1728000");
            assertThat(answer.header("access-control-allow-credentials")).isEqualTo("true");
            assertThat(answer.header("access-control-allow-private-network")).isNull();
            assertThat(backend.wasAsked()).isFalse();

            Answer served = Http1Browser.once(gateway.port(), "GET", "/", "origin", ORIGIN);
            assertThat(served.text()).isEqualTo("ok");
            assertThat(allowed(served)).isEqualTo(ORIGIN);
            assertThat(served.header("access-control-expose-headers")).isEqualTo("grpc-status");
            assertThat(served.header("access-control-allow-methods")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPreflightThatFitsNoOriginGoesToTheBackendUnlessTheFileSaysOtherwise(Place place) {
        for (boolean forward : new boolean[] {true, false}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway =
                            start(backend, place, APP + ", forward_not_matching_preflights: " + forward)) {
                Answer answer = preflight(gateway, "/", "https://evil.example");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(allowed(answer)).isNull();
                assertThat(answer.text()).isEqualTo(forward ? "ok" : "");
                assertThat(backend.wasAsked()).isEqualTo(forward);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPrivateNetworkIsOpenWhereTheFileSaysSo(Place place) {
        for (boolean open : new boolean[] {true, false}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = start(backend, place, APP + ", allow_private_network_access: " + open)) {
                assertThat(preflight(gateway, "/", ORIGIN, "access-control-request-private-network", "true")
                                .header("access-control-allow-private-network"))
                        .isEqualTo(open ? "true" : null);
                assertThat(preflight(gateway, "/", ORIGIN).header("access-control-allow-private-network"))
                        .isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyThatIsOffIsOnlyCountedWhereTheFileSaysSo(Place place) {
        String share = "{ default_value: { numerator: %d }, runtime_key: k }";
        for (int shadow : new int[] {0, 100}) {
            String policy =
                    APP + ", filter_enabled: " + share.formatted(0) + ", shadow_enabled: " + share.formatted(shadow);
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = start(backend, place, policy)) {
                assertThat(allowed(Http1Browser.once(gateway.port(), "GET", "/", "origin", ORIGIN)))
                        .isNull();
                assertThat(allowed(preflight(gateway, "/", ORIGIN))).isNull();
                Http1Browser.once(gateway.port(), "GET", "/", "origin", "https://evil.example");
                assertThat(gateway.page("/stats"))
                        .contains(
                                "http.edge.cors.origin_valid: " + (shadow == 0 ? 0 : 2) + "\n",
                                "http.edge.cors.origin_invalid: " + (shadow == 0 ? 0 : 1) + "\n");
            }
        }
    }

    @Test
    void theMostSpecificPlaceIsAskedFirstAndFieldByField() {
        String route = "- match: { prefix: /%s }\n  %s\n  %s\n";
        String table = "allow_origin_string_match: [ { prefix: \"https://\" } ], allow_methods: TABLE, max_age: \"9\"";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", FILTER)
                        .with("TABLE", Place.FILTER.piece(table))
                        .with(
                                "ROUTES",
                                route.formatted(
                                                "own",
                                                "route: { cluster: backend }",
                                                Place.FILTER.piece("allow_methods: ROUTE"))
                                        + route.formatted("", "route: { cluster: backend }", "")))) {
            Answer own = preflight(gateway, "/own", ORIGIN);
            assertThat(own.header("access-control-allow-methods")).isEqualTo("ROUTE");
            assertThat(own.header("access-control-max-age")).isEqualTo("9");
            assertThat(preflight(gateway, "/", ORIGIN).header("access-control-allow-methods"))
                    .isEqualTo("TABLE");
        }
    }

    @Test
    void aBlockOfARouteStandsBeforeTheOneOfItsHost() {
        String routes = """
                - match: { prefix: /own }
                  route: { cluster: backend, cors: { allow_methods: ROUTE } }
                - match: { prefix: / }
                  route: { cluster: backend }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", FILTER)
                        .with("HOST", Place.BLOCK.piece(APP + ", allow_methods: HOST"))
                        .with("ROUTES", routes))) {
            assertThat(preflight(gateway, "/own", ORIGIN).header("access-control-allow-methods"))
                    .isEqualTo("ROUTE");
            assertThat(allowed(preflight(gateway, "/own", ORIGIN))).isEqualTo(ORIGIN);
            assertThat(preflight(gateway, "/", ORIGIN).header("access-control-allow-methods"))
                    .isEqualTo("HOST");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAPreflightAsksForIsEchoedUpToAnEnd(Place place) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, place, APP + ", allow_headers: \"*\", allow_methods: \"*\"")) {
            String names = "x-abcdef,".repeat(1000) + "x-last";
            Answer answer = Http1Browser.once(
                    gateway.port(),
                    "OPTIONS",
                    "/",
                    "origin",
                    ORIGIN,
                    "access-control-request-method",
                    "POST",
                    "access-control-request-headers",
                    names);
            // 455 names of eight letters and the commas between them are 4,094.
            assertThat(answer.header("access-control-allow-headers"))
                    .isEqualTo("x-abcdef,".repeat(455).substring(0, 4094));
            assertThat(answer.header("access-control-allow-methods")).isEqualTo("POST");
        }
    }
}
