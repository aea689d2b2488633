package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter custom_response. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record CustomResponseFieldsTest(Subject subject) {
    private static final String TYPES = "type.googleapis.com/envoy.";
    private static final String FILTER = """
            - name: custom
              typed_config:
                "@type": %sextensions.filters.http.custom_response.v3.CustomResponse
                custom_response_matcher: { matcher_list: { matchers: [ %s ] } }
            """;
    private static final String ENTRY =
            "{ predicate: { single_predicate: { input: { name: i, typed_config: { \"@type\": "
                    + TYPES
                    + "type.matcher.v3.%s } }, value_match: { exact: \"%s\" } } }, on_match: { action: { name: a,"
                    + " typed_config: { \"@type\": " + TYPES
                    + "extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy, %s } } } }";
    private static final String ROUTES = """
            - match: { path: /404 }
              direct_response: { status: 404, body: { inline_string: original } }
            - match: { path: /503 }
              direct_response: { status: 503, body: { inline_string: original } }
            - match: { prefix: / }
              route: { cluster: backend }
            """;

    private static String code(String code, String policy) {
        return ENTRY.formatted("HttpResponseStatusCodeMatchInput", code, policy);
    }

    private Subject.Running start(Http1Backend backend, String manager, String... entries) {
        return subject.start(new EnvoyFile(backend.port())
                .http1()
                .with("MANAGER", manager)
                .with("FILTERS", FILTER.formatted(TYPES, String.join(", ", entries)))
                .with("ROUTES", ROUTES));
    }

    private static Http1Backend failing() {
        return new Http1Backend(
                request -> "HTTP/1.1 418 Teapot\r\nx-kind: pot\r\ncontent-length: 4\r\nx-old: 1\r\n\r\nbody");
    }

    @Test
    void aResponseOfTheGatewayIsReplaced() {
        String policy = "status_code: 451, body: { inline_string: mine }, response_headers_to_add: [ { header: { key:"
                + " X-Custom, value: \"yes\" } } ]";
        try (Http1Backend backend = failing();
                Subject.Running gateway = start(backend, "", code("404", policy))) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/404");
            assertThat(answer.status()).isEqualTo(451);
            assertThat(answer.text()).isEqualTo("mine");
            assertThat(answer.header("x-custom")).isEqualTo("yes");
            assertThat(answer.header("content-type")).isEqualTo("text/plain");
            assertThat(Http1Browser.once(gateway.port(), "GET", "/503").text()).isEqualTo("original");
        }
    }

    @Test
    void aResponseOfTheBackendIsReplaced() {
        try (Http1Backend backend = failing();
                Subject.Running gateway = start(backend, "", code("418", "body: { inline_string: mine }"))) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(answer.status()).isEqualTo(418);
            assertThat(answer.text()).isEqualTo("mine");
            assertThat(answer.header("x-old")).isNull();
        }
    }

    @Test
    void aFormatSeesTheFirstResponse() {
        String format = "body_format: { json_format: { text: \"%LOCAL_REPLY_BODY%\", code: \"%RESPONSE_CODE%\" } }";
        try (Http1Backend backend = failing();
                Subject.Running gateway = start(backend, "", code("404", "status_code: 410, " + format))) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/404");
            assertThat(answer.status()).isEqualTo(410);
            assertThat(answer.text()).isEqualTo("{\"code\":404,\"text\":\"original\"}\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"'/404', original", "'/503', five"})
    void aClassOfCodesIsReplaced(String path, String expected) {
        String entry = ENTRY.formatted("HttpResponseStatusCodeClassMatchInput", "5xx", "body: { inline_string: five }");
        try (Http1Backend backend = failing();
                Subject.Running gateway = start(backend, "", entry)) {
            assertThat(Http1Browser.once(gateway.port(), "GET", path).text()).isEqualTo(expected);
        }
    }

    @Test
    void aFieldOfTheResponseDecides() {
        String input = "HttpResponseHeaderMatchInput, header_name: X-Kind";
        try (Http1Backend backend = failing();
                Subject.Running gateway =
                        start(backend, "", ENTRY.formatted(input, "pot", "body: { inline_string: tea }"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("tea");
            assertThat(Http1Browser.once(gateway.port(), "GET", "/404").text()).isEqualTo("original");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'body: { inline_string: a }', ''",
        "'preserve_response_code_details: true', direct_response",
        "'response_code_details: mine', mine"
    })
    void theLogSaysWhy(String policy, String expected, @TempDir Path dir) throws IOException {
        Path log = dir.resolve("log");
        String manager = "access_log:\n" + EnvoyFile.fileLog(log, "[%RESPONSE_CODE_DETAILS%]");
        try (Http1Backend backend = failing();
                Subject.Running gateway = start(backend, manager, code("404", policy))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/404").status())
                    .isEqualTo(404);
        }
        assertThat(Files.readString(log)).isEqualTo("[" + expected + "]\n");
    }

    @Test
    void aPageOfAnotherOriginCanReadTheNewOne() {
        String cors = """
                - name: cors
                  typed_config: { "@type": %sextensions.filters.http.cors.v3.Cors }
                """.formatted(TYPES);
        String policy = """
                typed_per_filter_config:
                  cors:
                    "@type": %sextensions.filters.http.cors.v3.CorsPolicy
                    allow_origin_string_match: [ { exact: "https://app.example" } ]
                """.formatted(TYPES);
        if (subject == Subject.ENVOY) {
            // It drops the fields of the response that it replaces.
            return;
        }
        try (Http1Backend backend = failing();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", cors)
                        .with("HOST", policy)
                        .with(
                                "BEHIND",
                                FILTER.formatted(
                                        TYPES, code("404", "status_code: 429, body: { inline_string: later }")))
                        .with(
                                "ROUTES",
                                "- match: { prefix: /s. }\n  route: { cluster: gone, cluster_not_found_response_code: NOT_FOUND }\n")
                        .with("TABLE", "validate_clusters: false"))) {
            Answer answer = Http1Browser.once(
                    gateway.port(),
                    "POST",
                    "/s.S/M",
                    "origin",
                    "https://app.example",
                    "content-type",
                    "application/grpc-web+proto",
                    "content-length",
                    "0");
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("grpc-status")).isEqualTo("14");
            assertThat(answer.header("grpc-message")).isEqualTo("later");
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://app.example");
        }
    }
}
