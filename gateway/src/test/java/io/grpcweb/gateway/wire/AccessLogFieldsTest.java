package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of access logs. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record AccessLogFieldsTest(Subject subject) {
    private static final String LOG = """
            access_log:
            - name: file
              %s
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                path: %s
                %s
            """;
    private static final String PATHS = "log_format: { text_format_source: { inline_string: \"%REQ(:PATH)%\\n\" } }";

    @TempDir
    private static Path folder;

    /** The log after GET /ok, GET /404 and GET /odd with a field, in this order. */
    private String log(String filter, String format, int lines) throws Exception {
        Path file = Files.createTempFile(folder, "access", ".log");
        try (Http1Backend backend = new Http1Backend(request -> request.path().equals("/404")
                        ? "HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n"
                        : Http1Backend.OK);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", LOG.formatted(filter, file, format).replace("\n  \n", "\n"))
                        .with("ROUTES", """
                                - match: { prefix: /none }
                                  route: { cluster_header: x-cluster }
                                - match: { prefix: / }
                                  route: { cluster: backend }
                                """));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.ask("GET", "/ok");
            browser.ask("GET", "/404");
            browser.ask("GET", "/odd", "x-odd", "1");
            browser.ask("GET", "/none");
            await().until(() -> Files.readAllLines(file).size() >= lines);
            return Files.readString(file);
        }
    }

    private String paths(String filter, int lines) throws Exception {
        return log("filter: { " + filter + " }", PATHS, lines);
    }

    @Test
    void aFilterChoosesWhatIsLogged() throws Exception {
        String status = "status_code_filter: { comparison: { op: %s, value: { default_value: 404, runtime_key: k } } }";
        String odd = "header_filter: { header: { name: x-odd, present_match: true } }";
        assertThat(paths(status.formatted("EQ"), 1)).isEqualTo("/404\n");
        assertThat(paths(status.formatted("GE"), 2)).isEqualTo("/404\n/none\n");
        assertThat(paths(status.formatted("LE"), 3)).isEqualTo("/ok\n/404\n/odd\n");
        assertThat(paths(odd, 1)).isEqualTo("/odd\n");
        assertThat(paths("or_filter: { filters: [ { " + odd + " }, { " + status.formatted("EQ") + " } ] }", 2))
                .isEqualTo("/404\n/odd\n");
        assertThat(paths(
                        "and_filter: { filters: [ { " + status.formatted("LE") + " }, { header_filter: { header:"
                                + " { name: x-odd, present_match: false } } } ] }",
                        2))
                .isEqualTo("/ok\n/404\n");
        assertThat(paths("response_flag_filter: { flags: [ NC ] }", 1)).isEqualTo("/none\n");
        assertThat(paths("duration_filter: { comparison: { op: GE, value: { default_value: 0, runtime_key: k } } }", 4))
                .isEqualTo("/ok\n/404\n/odd\n/none\n");
        assertThat(paths("runtime_filter: { runtime_key: k, percent_sampled: { numerator: 100 } }", 4))
                .isEqualTo("/ok\n/404\n/odd\n/none\n");
    }

    @Test
    void linesAreOfOneType() throws Exception {
        String odd = "{ header_filter: { header: { name: x-odd, present_match: true } } }";
        for (String types : new String[] {
            "types: [ DownstreamEnd, TcpConnectionEnd ]", "exclude: true, types: [ DownstreamStart ]", "exclude: true"
        }) {
            assertThat(paths("log_type_filter: { " + types + " }", 4)).isEqualTo("/ok\n/404\n/odd\n/none\n");
        }
        for (String types : new String[] {"types: [ DownstreamStart ]", "exclude: true, types: [ DownstreamEnd ]"}) {
            assertThat(paths("or_filter: { filters: [ { log_type_filter: { " + types + " } }, " + odd + " ] }", 1))
                    .isEqualTo("/odd\n");
        }
    }

    @Test
    void formattersAddOperators() throws Exception {
        String formatters = "formatters: [ { name: a, typed_config: { \"@type\":"
                + " type.googleapis.com/envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery } },"
                + " { name: b, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.formatter.metadata.v3.Metadata"
                + " } } ]";
        Path file = Files.createTempFile(folder, "access", ".log");
        String format = "log_format: { text_format_source: { inline_string: \"%REQ_WITHOUT_QUERY(X-URL?:PATH)%"
                + " %REQ_WITHOUT_QUERY(X-NONE):3% %METADATA(ROUTE:a:b)%\\n\" }, " + formatters + " }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", LOG.formatted("", file, format).replace("\n  \n", "\n"))
                        .with("ROUTES", """
                                - match: { prefix: / }
                                  route: { cluster: backend }
                                  metadata: { filter_metadata: { a: { b: c } } }
                                """))) {
            Http1Browser.once(gateway.port(), "GET", "/a?b=c");
            Http1Browser.once(gateway.port(), "GET", "/a", "x-url", "/d?e?f");
            await().until(() -> Files.readString(file).equals("/a - c\n/d - c\n"));
        }
    }

    @Test
    void aHealthCheckIsNotLoggedWhereTheFileSaysSo() throws Exception {
        Path file = Files.createTempFile(folder, "access", ".log");
        String health = """
                - name: health
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck
                    pass_through_mode: false
                    headers: [ { name: ":path", string_match: { exact: /healthz } } ]
                """;
        String filter = "filter: { not_health_check_filter: {} }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", health)
                        .with("MANAGER", LOG.formatted(filter, file, PATHS)));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.ask("GET", "/healthz");
            browser.ask("GET", "/ok");
            await().until(() -> !Files.readString(file).isEmpty());
            assertThat(Files.readString(file)).isEqualTo("/ok\n");
        }
    }

    /** The paths of native calls that ended with these statuses, as far as they are logged. */
    private String statuses(String filter, int lines, String... statuses) throws Exception {
        Path file = Files.createTempFile(folder, "access", ".log");
        try (ScriptedBackend backend = new ScriptedBackend()) {
            for (String status : statuses) {
                backend.on("/a/" + status, seen -> {
                    seen.awaitEnd();
                    seen.trailersOnly("grpc-status", status);
                });
            }
            try (Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .with("MANAGER", LOG.formatted("filter: { " + filter + " }", file, PATHS)));
                    Browser browser = Browser.connect(2, gateway.port())) {
                for (String status : statuses) {
                    browser.post("/a/" + status, Frames.F3, "content-type", "application/grpc", "te", "trailers");
                }
                await().until(() -> Files.readAllLines(file).size() >= lines);
                return Files.readString(file);
            }
        }
    }

    @Test
    void callsAreChosenByTheirStatus() throws Exception {
        String some = "grpc_status_filter: { statuses: [ NOT_FOUND, UNAVAILABLE ], exclude: %s }";
        assertThat(statuses(some.formatted(false), 2, "0", "5", "14")).isEqualTo("/a/5\n/a/14\n");
        assertThat(statuses(some.formatted(true), 2, "0", "5", "7")).isEqualTo("/a/0\n/a/7\n");
    }

    @Test
    void aLineHasTheFormOfTheFile() throws Exception {
        assertThat(log("", "format: \"%RESPONSE_CODE% %REQ(X-ODD)%\\n\"", 4)).isEqualTo("200 -\n404 -\n200 1\n503 -\n");
        assertThat(log("", "log_format: { text_format: \"%RESPONSE_CODE% %REQ(X-ODD)%\\n\" }", 4))
                .isEqualTo("200 -\n404 -\n200 1\n503 -\n");
        assertThat(log(
                        "",
                        "log_format: { text_format_source: { inline_string: \"%RESPONSE_CODE%%REQ(X-ODD)%\\n\" },"
                                + " omit_empty_values: true }",
                        4))
                .isEqualTo("200\n404\n2001\n503\n");
    }

    @Test
    void theNamesOfAJsonLineAreSorted() throws Exception {
        String fields =
                "{ p: \"%REQ(:PATH)%\", c: \"%RESPONSE_CODE%\", m: { z: 1, a: [ \"%PROTOCOL%\", x ] }, B: true }";
        String line = "{\"B\":true,\"c\":200,\"m\":{\"a\":[\"HTTP/1.1\",\"x\"],\"z\":1},\"p\":\"/ok\"}\n";
        assertThat(log("", "log_format: { json_format: " + fields + " }", 4)).startsWith(line);
        assertThat(log("", "typed_json_format: " + fields, 4)).startsWith(line);
        assertThat(log("", "json_format: { p: \"%REQ(:PATH)%\", c: \"a %RESPONSE_CODE%\" }", 4))
                .startsWith("{\"c\":\"a 200\",\"p\":\"/ok\"}\n");
        assertThat(log(
                        "",
                        "log_format: { json_format: { o: \"%REQ(X-ODD)%\", c: \"%RESPONSE_CODE%\" }, omit_empty_values: true }",
                        4))
                .startsWith("{\"c\":200}\n{\"c\":404}\n{\"c\":200,\"o\":\"1\"}\n");
    }
}
