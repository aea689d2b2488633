package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A page that may call can read every answer of the gateway's own: the CORS fields and the status in the form of the call are
 * there wherever a filter stands, and where none was asked. The filter of these tests is a limit of one call.
 */
class RefusalReachesThePageTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String ORIGIN = "https://app.example";

    /** Above the limit of a head, which is 60 KiB. */
    private static final String LONG = "x".repeat(62_000);

    private final ScriptedBackend backend = new ScriptedBackend()
            .on(PATH, seen -> seen.head("content-type", "application/grpc")
                    .data(Frames.F3)
                    .trailers("grpc-status", "0"));
    private RunningGateway gateway;

    /** Starts a gateway; the filters of a call are these and the router. */
    private RunningGateway start(String errors, String filters, String routes) {
        gateway = RunningGateway.of(Setup.parse("""
                error-format = %s
                listeners.main {
                  listen = "127.0.0.1:0", access-log = [], path-cleaning.normalize = true
                  cors { origins = ["%s"] }
                  filters = [%s, "router"]
                  routes = [%s { prefix = "/", cluster = backend }]
                }
                clusters.backend { endpoints = ["127.0.0.1:%d"] }
                """.formatted(errors, ORIGIN, filters, routes, backend.port())));
        return gateway;
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        backend.close();
    }

    private static String limit() {
        return "{ type = rate-limit, name = limit, bucket { max = 1, fill = 1, interval = 1h }, resource-exhausted = false }";
    }

    private static String allowed(Answer answer) {
        return answer.header("access-control-allow-origin");
    }

    private static Answer call(Browser browser, String type, String origin) {
        byte[] body = type.contains("text") ? Frames.text(Frames.F3) : Frames.F3;
        return browser.post(PATH, body, "content-type", type, "accept", type, "origin", origin);
    }

    @ParameterizedTest
    @CsvSource({
        "1, application/grpc-web+proto",
        "2, application/grpc-web+proto",
        "1, application/grpc-web-text+proto",
        "2, application/grpc-web-text+proto"
    })
    void inTheFormOfTheCallWhereTheFilterStandsFirst(int http, String type) {
        start("envoy", limit() + ", \"cors\", \"grpc-web\"", "");
        try (Browser browser = Browser.connect(http, gateway.port())) {
            assertThat(call(browser, type, ORIGIN).status()).isEqualTo(200);
            Answer refused = call(browser, type, ORIGIN);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("content-type")).isEqualTo(type);
            assertThat(refused.header("grpc-status")).isEqualTo("14");
            assertThat(refused.header("grpc-message")).isEqualTo("local_rate_limited");
            assertThat(refused.body()).isEmpty();
            assertThat(allowed(refused)).isEqualTo(ORIGIN);
            assertThat(refused.header("access-control-expose-headers")).contains("grpc-status", "grpc-message");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc-web+proto", "application/grpc-web-text+proto"})
    void inATrailersFrameInTheOwnErrorFormat(String type) {
        start("browser", limit() + ", \"grpc-web\", \"cors\"", "");
        try (Browser browser = Browser.connect(2, gateway.port())) {
            call(browser, type, ORIGIN);
            Answer refused = call(browser, type, ORIGIN);
            assertThat(refused.status()).isEqualTo(200);
            byte[] body = type.contains("text") ? Frames.untext(refused.body()) : refused.body();
            assertThat(body)
                    .isEqualTo(Frames.trailers(
                            "grpc-status:14", "grpc-message:local_rate_limited (docs/errors.md#local_rate_limited)"));
            assertThat(allowed(refused)).isEqualTo(ORIGIN);
        }
    }

    @Test
    void aNativeCallHasItsTrailers() {
        start("envoy", limit() + ", \"cors\", \"grpc-web\"", "");
        try (Browser browser = Browser.connect(2, gateway.port())) {
            call(browser, "application/grpc", ORIGIN);
            Answer refused = call(browser, "application/grpc", ORIGIN);
            assertThat(refused.status()).isEqualTo(200);
            assertThat(refused.header("grpc-status")).isEqualTo("14");
            assertThat(allowed(refused)).isEqualTo(ORIGIN);
        }
    }

    @Test
    void anotherOriginGetsNone() {
        start("envoy", limit() + ", \"cors\", \"grpc-web\"", "");
        try (Browser browser = Browser.connect(2, gateway.port())) {
            call(browser, "application/grpc-web+proto", "https://evil.example");
            Answer refused = call(browser, "application/grpc-web+proto", "https://evil.example");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(allowed(refused)).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "2, true"})
    void aPreflightMeetsNoPolicyAndItsAnswerPassesTheFiltersAbove(int http, boolean body) {
        start(
                "envoy",
                "{ type = header-mutation, name = stamp, response = [{ add = \"x-stamp: yes\" }] }, " + limit()
                        + ", \"grpc-web\", \"cors\"",
                "");
        try (Browser browser = Browser.connect(http, gateway.port())) {
            for (int i = 0; i < 3; i++) {
                Answer answer = preflight(browser, body, ORIGIN);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(allowed(answer)).isEqualTo(ORIGIN);
                assertThat(answer.header("access-control-allow-methods")).isEqualTo("POST");
                assertThat(answer.header("x-stamp")).isEqualTo("yes");
            }
            // None of them has taken the token.
            assertThat(call(browser, "application/grpc-web+proto", ORIGIN).status())
                    .isEqualTo(200);
            assertThat(preflight(browser, body, "https://evil.example").status())
                    .isEqualTo(429);
        }
    }

    private static Answer preflight(Browser browser, boolean body, String origin) {
        String[] fields = {"origin", origin, "access-control-request-method", "POST"};
        if (browser instanceof Http1Browser http1) {
            return http1.ask("OPTIONS", PATH, fields);
        }
        return browser.post(
                PATH,
                body ? Frames.F3 : new byte[0],
                Stream.concat(Stream.of(":method", "OPTIONS"), Stream.of(fields))
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"browser, https://app.example", "envoy,"})
    void routesThatAnswerByThemselvesLetThePageReadThatInTheOwnFormat(String errors, String expected) {
        start(
                errors,
                "\"cors\", \"grpc-web\"",
                "{ prefix = \"/said\", respond { status = 200, body = ok } },"
                        + " { prefix = \"/moved\", redirect { status = 301, path = \"/new\" } },");
        assertThat(allowed(Http1Browser.once(gateway.port(), "GET", "/said", "origin", ORIGIN)))
                .isEqualTo(expected);
        assertThat(allowed(Http1Browser.once(gateway.port(), "GET", "/moved", "origin", ORIGIN)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "426, GET / HTTP/1.0 HOST ORIGIN",
        "431, GET / HTTP/1.1 HOST ORIGIN accept:*/* LONG",
        "400, GET / HTTP/1.1 HOST HOST ORIGIN",
        "417, GET / HTTP/1.1 HOST ORIGIN expect:nothing",
        "403, GET / HTTP/1.1 HOST ORIGIN upgrade:websocket connection:upgrade",
        "400, GET /%00 HTTP/1.1 HOST ORIGIN",
        "400, GET /#a HTTP/1.1 HOST ORIGIN",
        "415, POST / HTTP/1.1 HOST ORIGIN content-type:application/grpc-web content-encoding:br content-length:0",
        "405, GET / HTTP/1.1 HOST ORIGIN content-type:application/grpc-web"
    })
    void whatIsRefusedBeforeAnyFilterCanBeRead(int status, String request) {
        start("envoy", "\"cors\", \"grpc-web\"", "");
        String[] words = request.split(" ", -1);
        StringBuilder sent = new StringBuilder(words[0] + " " + words[1] + " " + words[2] + "\r\n");
        for (int i = 3; i < words.length; i++) {
            String field =
                    switch (words[i]) {
                        case "HOST" -> "host: gateway.test";
                        case "ORIGIN" -> "origin: " + ORIGIN;
                        case "LONG" -> "x-long: " + LONG;
                        default -> words[i];
                    };
            sent.append(field).append("\r\n");
        }
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(sent + "\r\n");
            Answer answer = browser.next().readAll();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(allowed(answer)).isEqualTo(ORIGIN);
            assertThat(answer.header("vary")).isEqualTo("origin");
        }
        String other = sent.toString().replace(ORIGIN, "https://evil.example");
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(other + "\r\n");
            assertThat(allowed(browser.next().readAll())).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"400, :path, /#a", "431, x-long, LONG", "417, expect, nothing", "400, :path, /%00"})
    void andOverHttp2(int status, String name, String value) {
        start("envoy", "\"cors\", \"grpc-web\"", "");
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Answer answer =
                    browser.post(PATH, new byte[0], "origin", ORIGIN, name, value.equals("LONG") ? LONG : value);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(allowed(answer)).isEqualTo(ORIGIN);
        }
    }
}
