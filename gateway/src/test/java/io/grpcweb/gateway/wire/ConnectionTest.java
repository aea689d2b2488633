package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Answer;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests stand on a connection, and what is refused before it becomes a call. */
class ConnectionTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String WEB = "Content-Type: application/grpc-web+proto\r\n";
    private final ScriptedBackend backend = new ScriptedBackend();
    private final RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private static void echo(BackendCall seen) {
        byte[] body = seen.awaitEnd();
        seen.head().data(body).trailers("grpc-status", "0");
    }

    private static byte[] answerTo(byte[] message) {
        return Frames.concat(message, Frames.T0);
    }

    private static String post(byte[] body, String fields) {
        return "POST " + PATH + " HTTP/1.1\r\nHost: gateway.test\r\n" + WEB + fields + "Content-Length: " + body.length
                + "\r\n\r\n";
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        backend.on(PATH, ConnectionTest::echo);
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            byte[] head = post(Frames.F3, "").getBytes(StandardCharsets.US_ASCII);
            byte[] second = post(Frames.F4, "").getBytes(StandardCharsets.US_ASCII);
            browser.raw(Frames.concat(head, Frames.F3, second, Frames.F4, head, Frames.F3));
            assertThat(browser.next().readAll().body()).isEqualTo(answerTo(Frames.F3));
            assertThat(browser.next().readAll().body()).isEqualTo(answerTo(Frames.F4));
            assertThat(browser.next().readAll().body()).isEqualTo(answerTo(Frames.F3));
        }
    }

    @Test
    void aClientThatWaitsFor100ContinueIsToldToGoOn() {
        backend.on(PATH, ConnectionTest::echo);
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(post(Frames.F3, "Expect: 100-continue\r\n"));
            Http1Answer interim = browser.next();
            interim.readHead();
            assertThat(interim.status()).isEqualTo(100);
            browser.raw(Frames.F3);
            assertThat(browser.next().readAll().body()).isEqualTo(answerTo(Frames.F3));
            assertThat(backend.next().header("expect")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aHundredCallsShareAConnection(int http) {
        backend.on(PATH, ConnectionTest::echo);
        try (Browser browser = Browser.connect(http, gateway.port())) {
            for (int i = 0; i < 100; i++) {
                Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
                assertThat(answer.body()).as(answer.toString()).isEqualTo(answerTo(Frames.F3));
            }
        }
        assertThat(backend.connections()).hasSize(1);
    }

    @Test
    void anAnswerBeforeTheEndOfTheRequestEndsTheConnection() {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "7"));
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web+proto");
            call.send(Frames.F3);
            Answer answer = call.answer();
            assertThat(answer.header("grpc-status")).isEqualTo("7");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(browser.isEnded()).isTrue();
        }
        assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.NO_ERROR);
    }

    /** Proxies on the way take the end of one half for the end of both, and reset a client that still sends. */
    @Test
    void theConnectionStaysWholeUntilARequestThatWasAnsweredEarlyHasEnded() {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "7"));
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web+proto");
            call.send(Frames.F3);
            assertThat(call.answer().header("connection")).isEqualTo("close");
            assertThat(browser.isStillFor(200)).isTrue();
            call.send(Frames.F3);
            call.end();
            assertThat(browser.isEnded()).isTrue();
        }
    }

    @Test
    void aRefusedRequestMaySendItsBodyToo() {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw("POST " + PATH + " HTTP/1.1\r\n" + WEB + "Content-Length: 8\r\n\r\n");
            assertThat(browser.next().readAll().status()).isEqualTo(400);
            browser.raw(Frames.F3);
            assertThat(browser.isEnded()).isTrue();
        }
    }

    @Test
    void textThatIsCutAnywhereReachesTheBackendAsTheSameBytes() {
        backend.on(PATH, ConnectionTest::echo);
        byte[] text = Frames.text(Frames.F0, Frames.F3, Frames.F4);
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            for (int cut = 1; cut < text.length; cut++) {
                BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web-text");
                call.send(Arrays.copyOf(text, cut));
                call.send(Arrays.copyOfRange(text, cut, text.length));
                call.end();
                assertThat(call.answer().body())
                        .as("cut at %s", cut)
                        .isEqualTo(Frames.concat(Frames.F0, Frames.F3, Frames.F4, Frames.T0));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAAAAMKAWE", "****", "AAAAAAMKAWF=", "AAAA AAA"})
    void badBase64IsStatus13AndNoSuccessForTheBackend(String text) {
        backend.on(PATH, BackendCall::awaitReset);
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web-text");
            call.send("AAAAAAMK".getBytes(StandardCharsets.US_ASCII));
            BackendCall seen = backend.next();
            assertThat(seen.awaitBytes(6)).isEqualTo(Frames.hex("000000 00030a"));
            call.send(text.getBytes(StandardCharsets.US_ASCII));
            call.end();
            Answer answer = call.answer();
            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.header("grpc-status")).isEqualTo("13");
            assertThat(answer.header("grpc-message")).isEqualTo("Bad gRPC-web request, invalid base64 data.");
            assertThat(seen.awaitReset()).isEqualTo(Http2Peer.CANCEL);
            assertThat(seen.exchange().isEnded()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void onlyPostIsACall(String method) {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(method + " " + PATH + " HTTP/1.1\r\nHost: gateway.test\r\n" + WEB + "\r\n");
            Answer answer = browser.next().readAll();
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("allow")).isEqualTo("POST");
        }
        assertThat(backend.others()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST /a HTTP/1.0~Host: a~~ | 426",
                "POST /a HTTP/1.1~~ | 400",
                "POST /a HTTP/1.1~Host: a~Host: b~~ | 400",
                "POST /a HTTP/1.1~Host: a~Content-Length: 1~Transfer-Encoding: chunked~~ | 400",
                "POST /a HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~ | 501",
                "POST /a HTTP/1.1~Host: a~Connection: x-forwarded-for~~ | 400",
                "nonsense~~ | 400"
            })
    void whatIsAmbiguousIsRefusedAndTheConnectionEnds(String request, int status) {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(request.strip().replace("~", "\r\n"));
            assertThat(browser.next().readAll().status()).isEqualTo(status);
            assertThat(browser.isEnded()).isTrue();
        }
        assertThat(backend.others()).isEmpty();
    }

    @Test
    void aHalfSentRequestWhoseConnectionEndsIsCancelled() {
        backend.on(PATH, BackendCall::awaitReset);
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(post(new byte[100], ""));
            browser.raw(Frames.F3);
            backend.next().awaitBytes(Frames.F3.length);
            browser.close();
        }
    }

    @Test
    void aPreflightIsAnsweredHere() {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Exchange exchange = browser.peer()
                    .open(
                            Http2Browser.head(
                                    PATH,
                                    ":method",
                                    "OPTIONS",
                                    "origin",
                                    "https://app.example",
                                    "access-control-request-method",
                                    "POST",
                                    "access-control-request-headers",
                                    "content-type,x-grpc-web"),
                            true);
            Answer answer = new Http2Browser.Call(exchange).answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://app.example");
            assertThat(answer.header("access-control-allow-methods")).isEqualTo("POST");
            assertThat(answer.header("access-control-allow-headers")).contains("x-grpc-web");
            assertThat(answer.header("vary")).isEqualTo("origin");
            assertThat(exchange.frames()).containsExactly("HEADERS+END");
        }
        assertThat(backend.others()).isEmpty();
    }
}
