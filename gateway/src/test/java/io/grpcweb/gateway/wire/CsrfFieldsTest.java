package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.RefusedCall;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter csrf. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record CsrfFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.csrf.v3.CsrfPolicy";
    private static final String ALL = "filter_enabled: { default_value: { numerator: 100 } }";
    private static final String SHADOW = "filter_enabled: { default_value: { numerator: 0 } }, shadow_enabled: {"
            + " default_value: { numerator: 100 } }";

    private static String settings(String more) {
        return "{ \"@type\": " + TYPE + ", " + more + " }";
    }

    private static String filter(String more) {
        return "- name: csrf\n  typed_config: " + settings(more) + "\n";
    }

    private static int ask(Subject.Running gateway, String method, String path, String field, String value) {
        return Http1Browser.once(gateway.port(), method, path, "host", "site.example:80", field, value)
                .status();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, origin, http://site.example:80, 200",
        "POST, origin, http://site.example, 403",
        "POST, origin, https://SITE.example:80, 403",
        "POST, origin, https://app.example, 200",
        "POST, origin, https://b.trusted.example, 200",
        "POST, origin, https://evil.example, 403",
        "POST, origin, null, 403",
        "POST, referer, http://site.example:80/page?a, 200",
        "POST, referer, http://site.example:80?a, 200",
        "POST, referer, https://evil.example/site.example, 403",
        "POST, x-nothing, 1, 403",
        "PUT, origin, https://evil.example, 403",
        "PATCH, origin, https://evil.example, 403",
        "DELETE, origin, https://evil.example, 403",
        "GET, origin, https://evil.example, 200",
        "OPTIONS, origin, https://evil.example, 200"
    })
    void aCallComesFromTheSiteOrFromAListedOne(String method, String field, String value, int status) {
        String origins = ", additional_origins: [ { exact: app.example }, { suffix: .trusted.example } ]";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("FILTERS", filter(ALL + origins)))) {
            assertThat(ask(gateway, method, "/", field, value)).isEqualTo(status);
        }
    }

    @Test
    void anOpaqueOriginIsNoSource() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("FILTERS", filter(ALL)))) {
            assertThat(ask(gateway, "POST", "/", "origin", "null")).isEqualTo(403);
            assertThat(gateway.page("/stats"))
                    .contains("http.edge.csrf.missing_source_origin: 1", "http.edge.csrf.request_invalid: 0");
        }
    }

    @Test
    void itIsCountedAndARouteHasSettingsOfItsOwn() {
        String shadow =
                "- match: { prefix: /shadow }\n  route: { cluster: backend }\n  typed_per_filter_config: { csrf: "
                        + settings(SHADOW) + " }\n";
        String rest = "- match: { prefix: / }\n  route: { cluster: backend }\n";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", filter(ALL))
                        .with("ROUTES", shadow + rest))) {
            assertThat(ask(gateway, "POST", "/shadow", "origin", "https://evil.example"))
                    .isEqualTo(200);
            assertThat(ask(gateway, "POST", "/", "origin", "https://evil.example"))
                    .isEqualTo(403);
            assertThat(ask(gateway, "POST", "/", "x-a", "1")).isEqualTo(403);
            assertThat(ask(gateway, "POST", "/", "origin", "http://site.example:80"))
                    .isEqualTo(200);
            assertThat(gateway.page("/stats?filter=csrf").lines())
                    .contains(
                            "http.edge.csrf.missing_source_origin: 1",
                            "http.edge.csrf.request_invalid: 2",
                            "http.edge.csrf.request_valid: 1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, application/grpc-web+proto, 403",
        "2, application/grpc-web+proto, 403",
        "2, application/grpc-web-text+proto, 403",
        "2, application/grpc, 200"
    })
    void aCallIsRefusedInItsForm(int http, String type, int status) {
        new RefusedCall(subject, filter(ALL), "7", "Invalid origin")
                .expect(http, type, status, "origin", "https://e.example");
    }
}
