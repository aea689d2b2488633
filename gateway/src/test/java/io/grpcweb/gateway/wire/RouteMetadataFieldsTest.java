package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ProtoFields;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a route says as its metadata, and who reads it. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RouteMetadataFieldsTest(Subject subject) {
    private static final String HTTP = "type.googleapis.com/envoy.extensions.filters.http.";
    private static final String ROUTES = """
            - match: { prefix: /shop }
              metadata: { filter_metadata: { own: { team: { name: shop }, size: 3 }, other: { a: b } } }
              route: { cluster: backend }
            - match: { prefix: / }
              route: { cluster: backend }
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/shop | %METADATA(ROUTE:own:team:name)% | shop",
                "/shop | %METADATA(ROUTE:own:team)% | {\"name\":\"shop\"}",
                "/shop | %METADATA(ROUTE:own:size)% | 3",
                "/shop | %METADATA(ROUTE:none)% |",
                "/shop | %METADATA(DYNAMIC:own:size)% |",
                "/ | %METADATA(ROUTE:own:size)% |"
            })
    void anOperatorShowsIt(String path, String operator, String expected) {
        String mutation = "- name: shown\n  typed_config: { \"@type\": " + HTTP + "header_mutation.v3.HeaderMutation, "
                + "mutations: { request_mutations: [ { append: { header: { key: x-shown, value: '" + operator
                + "' } } } ] } }\n";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("ROUTES", ROUTES)
                        .with("FILTERS", mutation))) {
            Http1Browser.once(gateway.port(), "GET", path);
            assertThat(backend.next().field("x-shown")).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"/shop, 200", "/, 403"})
    void rbacReadsIt(String path, int status) {
        String rbac = """
                - name: rbac
                  typed_config:
                    "@type": %srbac.v3.RBAC
                    rules:
                      action: ALLOW
                      policies:
                        shop:
                          permissions: [ { any: true } ]
                          principals:
                          - sourced_metadata:
                              metadata_source: ROUTE
                              metadata_matcher:
                                filter: own
                                path: [ { key: team }, { key: name } ]
                                value: { string_match: { exact: shop } }
                """.formatted(HTTP);
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("ROUTES", ROUTES)
                        .with("FILTERS", rbac))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", path).status()).isEqualTo(status);
        }
    }

    @Test
    void aServiceIsTold() {
        String authz = """
                - name: authz
                  typed_config:
                    "@type": %sext_authz.v3.ExtAuthz
                    transport_api_version: V3
                    grpc_service: { envoy_grpc: { cluster_name: authz }, timeout: 30s }
                    route_metadata_context_namespaces: [ other, none ]
                """.formatted(HTTP);
        try (Http1Backend backend = new Http1Backend();
                ScriptedBackend service = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .cluster("authz", service.port(), "http2_protocol_options: {}")
                        .with("ROUTES", ROUTES)
                        .with("FILTERS", authz))) {
            Http1Browser.once(gateway.port(), "GET", "/shop");
            // route_metadata_context, filter_metadata: an entry of the map, its struct's only field, and its text.
            ProtoFields entry =
                    ProtoFields.ofFrame(service.next().awaitEnd()).at(1).at(13).at(1);
            assertThat(entry.text(1)).isEqualTo("other");
            assertThat(entry.at(2).at(1).text(1)).isEqualTo("a");
            assertThat(entry.at(2).at(1).at(2).text(3)).isEqualTo("b");
        }
    }
}
