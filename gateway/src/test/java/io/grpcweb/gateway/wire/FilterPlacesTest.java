package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings of filters that stand at a cluster with a weight: they count where that cluster was drawn. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record FilterPlacesTest(Subject subject) {
    private static final String MUTATION = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.";
    private static final String CHAIN = """
            - name: said
              typed_config: { "@type": %1$sHeaderMutation }
            """.formatted(MUTATION);

    /** The filter adds a field that says where its settings are from. */
    private static String says(String place) {
        return """
                { "@type": %1$sHeaderMutationPerRoute,
                  mutations: { request_mutations: [ { append: { header: { key: x-%2$s, value: "yes" } } } ] } }""".formatted(MUTATION, place).replace("\n", " ");
    }

    private static EnvoyFile file(Http1Backend backend) {
        return new EnvoyFile(backend.port())
                .http1()
                .cluster("other", backend.port(), "")
                .with("FILTERS", CHAIN)
                .with("ROUTES", """
                        - match: { prefix: "/" }
                          typed_per_filter_config: { said: %1$s }
                          route:
                            timeout: 0s
                            weighted_clusters:
                              header_name: x-draw
                              clusters:
                              - { name: backend, weight: 1, typed_per_filter_config: { said: %2$s } }
                              - { name: other, weight: 1 }
                              - name: other
                                weight: 1
                                typed_per_filter_config:
                                  said: { "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig, disabled: true }
                        """.formatted(says("route"), says("cluster")));
    }

    @ParameterizedTest
    @CsvSource({"0, yes, yes", "1, yes,", "2, ,", "3, yes, yes"})
    void theClusterThatWasDrawnDecides(String draw, String ofRoute, String ofCluster) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(file(backend))) {
            Http1Browser.once(gateway.port(), "GET", "/", "x-draw", draw);
            Http1Backend.Request request = backend.next();
            assertThat(request.field("x-route")).isEqualTo(ofRoute);
            assertThat(request.field("x-cluster")).isEqualTo(ofCluster);
        }
    }

    @Test
    void aFilterThatRefusesKnowsTheCluster() {
        String rbac = "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.";
        String refusing = """
                { "@type": %1$sRBACPerRoute, rbac: { rules: { action: DENY, policies: { all: {
                  permissions: [ { any: true } ], principals: [ { any: true } ] } } } } }""".formatted(rbac).replace("\n", " ");
        try (Http1Backend backend = new Http1Backend()) {
            EnvoyFile file = new EnvoyFile(backend.port())
                    .http1()
                    .with("FILTERS", "- name: guard\n  typed_config: { \"@type\": " + rbac + "RBAC }")
                    .with("ROUTES", """
                            - match: { prefix: "/" }
                              route:
                                weighted_clusters:
                                  clusters:
                                  - name: backend
                                    weight: 1
                                    response_headers_to_add: [ { header: { key: x-drawn, value: "yes" } } ]
                                    typed_per_filter_config: { guard: %s }
                            """.formatted(refusing));
            try (Subject.Running gateway = subject.start(file)) {
                Answer answer = Http1Browser.once(gateway.port(), "GET", "/");
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.header("x-drawn")).isEqualTo("yes");
            }
        }
    }
}
