package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.Setup;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A preflight with a body, which no browser sends: the body is read over, and the connection serves what comes next. */
class PreflightBodyTest {
    private static final String PREFLIGHT = """
            OPTIONS /wire.Service/Call HTTP/1.1\r
            Host: gateway.test\r
            Origin: https://app.example\r
            Access-Control-Request-Method: POST\r
            """;

    /** 40 bytes, which are 28 in hexadecimal. */
    private static final String SECRET = "GET /secret HTTP/1.1\r\nHost: internal\r\n\r\n";

    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: gateway.test\r\n\r\n";

    private final Http1Backend backend = new Http1Backend();
    private final RunningGateway gateway = RunningGateway.of(Setup.own(
            "grpc-only = false, cors.origins = [\"https://app.example\"]",
            "protocol = http1",
            "127.0.0.1:" + backend.port()));

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private static void assertAllowed(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://app.example");
        assertThat(answer.header("access-control-allow-methods")).isNotEmpty();
        assertThat(answer.body()).isEmpty();
        assertThat(answer.end()).isEqualTo(Answer.End.CLEAN);
    }

    private void assertOnlyTheNextWasForwarded() {
        assertThat(backend.next().line()).isEqualTo("GET /next HTTP/1.1");
        assertThat(backend.wasAsked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 40\r\n\r\n" + SECRET,
                "Transfer-Encoding: chunked\r\n\r\n28\r\n" + SECRET + "\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n28\r\n" + SECRET + "\r\n0\r\nx-last: 1\r\n\r\n"
            })
    void overHttp1TheNextRequestIsTheOneBehindTheBody(String body) {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(PREFLIGHT + body + NEXT);
            assertAllowed(browser.next().readAll());
            assertThat(browser.next().readAll().text()).isEqualTo("ok");
            assertOnlyTheNextWasForwarded();

            for (byte octet : (PREFLIGHT + body + NEXT).getBytes(StandardCharsets.US_ASCII)) {
                browser.raw(new byte[] {octet});
            }
            assertAllowed(browser.next().readAll());
            assertThat(browser.next().readAll().text()).isEqualTo("ok");
            assertOnlyTheNextWasForwarded();
        }
    }

    /** Its content type does not make it a call, so there is no status of one to tell. */
    @Test
    void theAnswerHasNoGrpcStatus() {
        Answer answer = Http1Browser.once(
                gateway.port(),
                "OPTIONS",
                "/wire.Service/Call",
                "content-type",
                "application/grpc-web+proto",
                "origin",
                "https://app.example",
                "access-control-request-method",
                "POST");
        assertAllowed(answer);
        assertThat(answer.header("grpc-status")).isNull();
        assertThat(answer.header("content-type")).isNull();
    }

    @Test
    void overHttp1WhoSendsALongOneIsAnsweredWithoutIt() {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(PREFLIGHT + "Content-Length: 100000\r\n\r\n" + "x".repeat(70_000));
            Answer answer = browser.next().readAll();
            assertAllowed(answer);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(backend.wasAsked()).isFalse();
        }
    }

    private static Http2Browser.Call preflight(Http2Browser browser) {
        return browser.call(
                "/wire.Service/Call",
                ":method",
                "OPTIONS",
                "origin",
                "https://app.example",
                "access-control-request-method",
                "POST");
    }

    private void assertServed(Http2Browser browser) {
        Http2Browser.Call next = browser.call("/next", ":method", "GET");
        next.end();
        assertThat(next.answer().text()).isEqualTo("ok");
        assertOnlyTheNextWasForwarded();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void overHttp2TheConnectionServesTheNextRequest(boolean trailers) {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = preflight(browser);
            call.send(SECRET.getBytes(StandardCharsets.US_ASCII));
            if (trailers) {
                browser.peer().headers(call.exchange().id(), new DefaultHttp2Headers(false).add("x-last", "1"), true);
            } else {
                call.end();
            }
            assertAllowed(call.answer());
            assertThat(call.exchange().resetCode()).isEqualTo(-1);
            assertServed(browser);
        }
    }

    /** RST_STREAM(NO_ERROR) behind a complete answer says that the rest need not come (RFC 9113 section 8.1). */
    @Test
    void overHttp2LongOnesAreAnsweredBeforeTheirEnd() {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            for (int i = 0; i < 3; i++) {
                Http2Browser.Call call = preflight(browser);
                call.send(new byte[70_000]);
                assertAllowed(call.answer());
                assertThat(call.exchange().awaitReset()).isEqualTo(Http2Peer.NO_ERROR);
            }
            assertServed(browser);
        }
    }
}
