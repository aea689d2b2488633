package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are no HTTP fail; nothing of them is written on the connection of a browser. */
class MalformedAnswerTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};

    private static Answer call(int http, Script script) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, script);
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
                Browser browser = Browser.connect(http, gateway.port())) {
            return browser.post(PATH, Frames.F3, WEB);
        }
    }

    private static Script head(String name, String value, String status) {
        return seen -> {
            seen.awaitEnd();
            seen.exchange()
                    .headers(
                            new DefaultHttp2Headers(false)
                                    .status(status)
                                    .add("content-type", "application/grpc")
                                    .add(name, value),
                            false);
            seen.data(Frames.F2).trailers("grpc-status", "0");
        };
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 2000000000000", "1, 20", "2, 0", "2, 2000000000000", "2, +20", "2, 101"})
    void aStatusThatIsNotThreeDigitsIsAFailure(int http, String status) {
        Answer answer = call(http, head("x-a", "1", status));
        assertThat(answer.status()).isGreaterThanOrEqualTo(500);
        assertThat(answer.grpcStatus()).isEqualTo("14");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aValueThatWouldEndItsLineIsAFailure(int http) {
        for (String value : new String[] {"1\r\nset-cookie: evil=1", "a\0b", "a\nb"}) {
            Answer answer = call(http, head("x-a", value, "200"));
            assertThat(answer.grpcStatus()).isEqualTo("14");
            assertThat(answer.header("x-a")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aMessageThatEndsWithABlankIsOne(int http) {
        Answer answer = call(http, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "5", "grpc-message", "not found: ");
        });
        assertThat(answer.grpcStatus()).isEqualTo("5");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void dataWithoutAHeadIsNoAnswer(int http) {
        Answer answer = call(http, seen -> {
            seen.awaitEnd();
            seen.data(
                    "HTTP/1.1 200 OK\r\nX-Evil: 1\r\nContent-Length: 3\r\n\r\nhey".getBytes(StandardCharsets.US_ASCII));
        });
        assertThat(answer.status()).isGreaterThanOrEqualTo(500);
        assertThat(answer.grpcStatus()).isEqualTo("14");
        assertThat(answer.header("x-evil")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 000 Nothing", "HTTP/1.1 2000000000000 Much", "HTTP/2.0 200 OK", "HTTP/1.1 20 OK"})
    void aStatusLineThatIsNoneIsAFailure(String line) {
        try (Http1Backend backend = new Http1Backend(request -> line + "\r\ncontent-length: 2\r\n\r\nok");
                RunningGateway gateway = RunningGateway.of(own(backend.port()))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isGreaterThanOrEqualTo(500);
        }
    }

    @Test
    void whatABackendSaysOfItsConnectionStaysOnIt() {
        try (Http1Backend backend = new Http1Backend(
                        request ->
                                "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\nconnection: x-hop\r\nx-hop: 1\r\nx-a: 1\r\ncontent-length: 2\r\n\r\nok");
                RunningGateway gateway = RunningGateway.of(own(backend.port()))) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(answer.header("x-a")).isEqualTo("1");
            assertThat(answer.header("x-hop")).isNull();
        }
    }

    @Test
    void noContentHasNoLength() {
        try (Http1Backend backend =
                        new Http1Backend(request -> "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n");
                RunningGateway gateway = RunningGateway.of(own(backend.port()))) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header("content-length")).isNull();
        }
    }

    private static GatewayConfig own(int port) {
        return Setup.own("grpc-only = false", "protocol = http1", "127.0.0.1:" + port);
    }
}
