package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the connection manager: identity, paths, limits and the ends of connections. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ManagerFieldsTest(Subject subject) {
    private static final String WITH_SERVER = "HTTP/1.1 200 OK\r\nserver: theirs\r\ncontent-length: 2\r\n\r\nok";

    private Subject.Running start(Http1Backend backend, String manager) {
        return subject.start(new EnvoyFile(backend.port()).http1().with("MANAGER", manager));
    }

    private String server(String manager, String answer) {
        try (Http1Backend backend = new Http1Backend(request -> answer);
                Subject.Running gateway = start(backend, manager)) {
            return Http1Browser.once(gateway.port(), "GET", "/").header("server");
        }
    }

    @Test
    void theServerFieldIsTheOneOfTheFile() {
        assertThat(server("server_name: ours", WITH_SERVER)).isEqualTo("ours");
        assertThat(server("server_name: ours\nserver_header_transformation: APPEND_IF_ABSENT", WITH_SERVER))
                .isEqualTo("theirs");
        assertThat(server("server_name: ours\nserver_header_transformation: APPEND_IF_ABSENT", Http1Backend.OK))
                .isEqualTo("ours");
        assertThat(server("server_header_transformation: PASS_THROUGH", Http1Backend.OK))
                .isNull();
        assertThat(server("server_header_transformation: PASS_THROUGH", WITH_SERVER))
                .isEqualTo("theirs");
    }

    private Http1Backend.Request seen(String manager, String... fields) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, manager)) {
            Http1Browser.once(gateway.port(), "GET", "/", fields);
            return backend.next();
        }
    }

    @Test
    void theClientIsWhomTheFileTrusts() {
        String given = "1.1.1.1, 2.2.2.2";
        assertThat(seen("use_remote_address: false", "x-forwarded-for", given).field("x-forwarded-for"))
                .isEqualTo(given);
        assertThat(seen("use_remote_address: true", "x-forwarded-for", given)
                        .field("x-forwarded-for")
                        .replace(" ", ""))
                .isEqualTo("1.1.1.1,2.2.2.2,127.0.0.1");
        assertThat(seen("use_remote_address: true\nskip_xff_append: true", "x-forwarded-for", given)
                        .field("x-forwarded-for"))
                .isEqualTo(given);
        assertThat(seen("use_remote_address: true\nxff_num_trusted_hops: 1", "x-forwarded-for", given)
                        .field("x-envoy-external-address"))
                .isEqualTo("2.2.2.2");
        assertThat(seen("use_remote_address: true\nxff_num_trusted_hops: 2", "x-forwarded-for", given)
                        .field("x-envoy-external-address"))
                .isEqualTo("1.1.1.1");
    }

    @Test
    void requestsAreNumberedAsTheFileSays() {
        String edge = "use_remote_address: true\nxff_num_trusted_hops: 1\n";
        String[] outside = {"x-forwarded-for", "8.8.8.8", "x-request-id", "theirs"};
        assertThat(seen("generate_request_id: false").field("x-request-id")).isNull();
        assertThat(seen("generate_request_id: true").field("x-request-id")).hasSize(36);
        assertThat(seen(edge, outside).field("x-request-id")).hasSize(36);
        assertThat(seen(edge + "preserve_external_request_id: true", outside).field("x-request-id"))
                .isEqualTo("theirs");
        for (boolean always : new boolean[] {false, true}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = start(backend, "always_set_request_id_in_response: " + always)) {
                String id = Http1Browser.once(gateway.port(), "GET", "/").header("x-request-id");
                assertThat(id).isEqualTo(always ? backend.next().field("x-request-id") : null);
            }
        }
    }

    private String path(String manager, String target) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, manager)) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", target);
            return answer.status() == 200 ? backend.next().path() : answer.status() + " " + answer.header("location");
        }
    }

    @Test
    void pathsAreBroughtIntoTheFormOfTheFile() {
        assertThat(path("", "/a/../b//c%2Fd")).isEqualTo("/a/../b//c%2Fd");
        assertThat(path("normalize_path: true", "/a/../b//c")).isEqualTo("/b//c");
        assertThat(path("merge_slashes: true", "/a//b///c?d=//")).isEqualTo("/a/b/c?d=//");
        String slashes = "path_with_escaped_slashes_action: ";
        assertThat(path(slashes + "KEEP_UNCHANGED", "/a%2Fb")).isEqualTo("/a%2Fb");
        assertThat(path(slashes + "REJECT_REQUEST", "/a%2Fb")).isEqualTo("400 null");
        assertThat(path(slashes + "UNESCAPE_AND_REDIRECT", "/a%2Fb")).isEqualTo("307 /a/b");
        assertThat(path(slashes + "UNESCAPE_AND_FORWARD", "/a%5cb")).isEqualTo("/a\\b");
    }

    private static String options(String fields) {
        return "common_http_protocol_options: { " + fields + " }";
    }

    @Test
    void fieldsAreLimitedAndNamesWithUnderscoresTreatedAsTheFileSays() {
        String[] underscore = {"x_a", "1"};
        assertThat(seen(options("headers_with_underscores_action: ALLOW"), underscore)
                        .field("x_a"))
                .isEqualTo("1");
        assertThat(seen(options("headers_with_underscores_action: DROP_HEADER"), underscore)
                        .field("x_a"))
                .isNull();
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, options("headers_with_underscores_action: REJECT_REQUEST"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", underscore).status())
                    .isEqualTo(400);
        }
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, options("max_headers_count: 3"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "a", "1").status())
                    .isEqualTo(200);
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "a", "1", "b", "1", "c", "1", "d", "1", "e", "1")
                            .status())
                    .isEqualTo(431);
        }
    }

    @Test
    void oldRequestsAndTrailersAreServedWhereTheFileSaysSo() {
        for (boolean old : new boolean[] {false, true}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = start(backend, "http_protocol_options: { accept_http_10: " + old + " }");
                    Http1Browser browser = new Http1Browser(gateway.port())) {
                browser.raw("GET / HTTP/1.0\r\nhost: a\r\n\r\n");
                assertThat(browser.next().readAll().status()).isEqualTo(old ? 200 : 426);
            }
            try (ScriptedBackend backend = new ScriptedBackend().on("/a", seen -> {
                        seen.awaitEnd();
                        seen.trailersOnly(
                                "x-trailer", String.valueOf(seen.exchange().trailers()));
                    });
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .with("MANAGER", "http_protocol_options: { enable_trailers: " + old + " }"));
                    Http1Browser browser = new Http1Browser(gateway.port())) {
                browser.raw("POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx-t: 1\r\n\r\n");
                assertThat(browser.next().readAll().header("x-trailer").contains("x-t"))
                        .isEqualTo(old);
            }
        }
    }

    @Test
    void anOldRequestWithoutAHostIsForTheOneOfTheFile() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(
                        backend,
                        "http_protocol_options: { accept_http_10: true, default_host_for_http_10: old.test }")) {
            for (String host : new String[] {"", "host: new.test\r\n"}) {
                try (Http1Browser browser = new Http1Browser(gateway.port())) {
                    browser.raw("GET / HTTP/1.0\r\n" + host + "\r\n");
                    assertThat(new String(browser.bytes(12), StandardCharsets.US_ASCII))
                            .endsWith(" 200");
                    assertThat(backend.next().field("host")).isEqualTo(host.isEmpty() ? "old.test" : "new.test");
                }
            }
        }
    }

    @Test
    void aConnectionOfABrowserThatIsOldEnoughIsDrained() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("MANAGER", options("max_connection_duration: 0.2s"))
                        .with("MANAGER", "drain_timeout: 0.2s"));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            await().until(() -> browser.peer().goAways().contains(Integer.MAX_VALUE));
            await().until(() -> browser.peer().isGone());
            assertThat(gateway.page("/stats")).contains("http.edge.downstream_cx_max_duration_reached: 1\n");
        }
    }

    @Test
    void aConnectionOfABrowserWithoutARequestEnds() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("MANAGER", options("idle_timeout: 0.2s"))
                        .with("MANAGER", "drain_timeout: 0.1s"));
                Http2Browser two = new Http2Browser(gateway.port());
                Http1Browser one = new Http1Browser(gateway.port())) {
            await().until(() -> two.peer().isGone());
            assertThat(one.isEnded()).isTrue();
            assertThat(gateway.page("/stats")).contains("http.edge.downstream_cx_idle_timeout: 2\n");
        }
    }

    @Test
    void aRequestAndAStreamHaveTheTimesOfTheFile() {
        String[][] cases = {
            {"request_timeout: 0.2s", "408 request timeout"},
            {"stream_idle_timeout: 0.2s", "408 stream timeout"},
            {options("max_stream_duration: 0.2s"), "408 downstream duration timeout"},
        };
        for (String[] one : cases) {
            try (Http1Backend backend = new Http1Backend(request -> "");
                    Subject.Running gateway = start(backend, one[0]);
                    Http1Browser browser = new Http1Browser(gateway.port())) {
                browser.raw("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf");
                Answer answer = browser.next().readAll();
                assertThat(answer.status() + " " + answer.text()).as(one[0]).isEqualTo(one[1]);
            }
        }
    }
}
