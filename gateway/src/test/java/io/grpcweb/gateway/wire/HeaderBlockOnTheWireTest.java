package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http1Answer;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.LogWatch;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Header blocks that are none end their own stream or connection; no byte of them reaches a backend, nor another's call. */
class HeaderBlockOnTheWireTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String HOLD = "/wire.Service/Hold";
    private static final int PROTOCOL_ERROR = (int) Http2Error.PROTOCOL_ERROR.code();

    private final ScriptedBackend backend = new ScriptedBackend();
    private final Http1Backend old = new Http1Backend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
        old.close();
    }

    private void start(String cluster, int port) {
        gateway = RunningGateway.of(Setup.own("grpc-only = false", cluster, "127.0.0.1:" + port));
    }

    private static Http2Headers head() {
        return new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("http")
                .authority("gateway.test")
                .path(PATH);
    }

    private static Http2Headers evil(String name, String value) {
        return head().set(name, value);
    }

    static Stream<Http2Headers> malformed() {
        return Stream.of(
                evil(":method", "GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET"),
                evil(":method", "G T"),
                evil(":path", "/a HTTP/1.1\r\nHost: a\r\n\r\nGET /smuggled"),
                evil(":path", "/a b"),
                evil(":path", "/a\tb"),
                evil(":path", "/a\rb"),
                evil(":path", "/a\nb"),
                evil(":path", "/a\0b"),
                evil(":path", "/a\u007fb"),
                evil(":scheme", "http\r\nx: y"),
                evil(":authority", "a\r\nx: y"),
                evil(":protocol", "websocket"),
                evil("x-a", "1\r\nx-smuggled: 2"),
                evil("x-a", "1\n2"),
                evil("x-a", "1\0002"),
                evil("x-a", "1\0012"),
                evil("x-a", "1\u007f"),
                evil("x-a", " 1"),
                evil("x-a", "\t1"),
                evil("x-a", " "),
                evil("origin", "https://a\r\nb"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedRequestIsResetAndItsNeighboursDoNotNotice(Http2Headers evil) {
        Gate release = new Gate();
        backend.on(HOLD, seen -> {
            release.pass();
            seen.trailersOnly("grpc-status", "0");
        });
        start("", backend.port());
        try (Http2Browser neighbour = new Http2Browser(gateway.port());
                Http2Browser browser = new Http2Browser(gateway.port())) {
            BrowserCall held = neighbour.call(HOLD, "content-type", "application/grpc-web+proto");
            held.send(Frames.F3);
            held.end();
            backend.next();
            Http2Exchange refused = browser.peer().open(evil, true);
            assertThat(refused.awaitReset()).isEqualTo(PROTOCOL_ERROR);
            // The connection lives, and the backend has seen nothing but the neighbour.
            BrowserCall next = browser.call(HOLD, "content-type", "application/grpc-web+proto");
            next.send(Frames.F3);
            next.end();
            release.open();
            assertThat(next.answer().grpcStatus()).isEqualTo("0");
            assertThat(held.answer().grpcStatus()).isEqualTo("0");
            assertThat(backend.next().path()).isEqualTo(HOLD);
            assertThat(backend.others()).isEmpty();
            assertThat(backend.connections()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void noByteOfAMalformedRequestReachesAnHttp1Backend(Http2Headers evil) {
        start("protocol = http1", old.port());
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(browser.peer().open(evil, true).awaitReset()).isEqualTo(PROTOCOL_ERROR);
            Http2Exchange next = browser.peer().open(head().path("/next"), true);
            next.awaitEnd();
            assertThat(old.next().line()).isEqualTo("GET /next HTTP/1.1");
            assertThat(old.wasAsked()).isFalse();
        }
    }

    /** Malformed as well, but clients send it, and Envoy hands it on. */
    @Test
    void aBlankBehindAValueIsHandedOn() {
        start("", backend.port());
        backend.on(HOLD, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "0");
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.post(HOLD, Frames.F3, "content-type", "application/grpc-web+proto", "x-a", "Bearer ", "x-b", "1\t");
            BackendCall call = backend.next();
            assertThat(call.header("x-a")).isEqualTo("Bearer ");
            assertThat(call.header("x-b")).isEqualTo("1\t");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "user@a",
                "a/..",
                "a\\@b",
                "a?b",
                "a#b",
                "[::1",
                "a:99999",
                "a:http",
                "a:-1",
                "<a>",
                "a:",
                "a,b",
                "http://a/"
            })
    void anAuthorityThatIsNoneIsRefusedInBothVersions(String authority) {
        start("protocol = http1", old.port());
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(status(browser, head().authority(authority))).isEqualTo("400");
            assertThat(status(browser, head().add("host", authority))).isEqualTo("400");
        }
        assertThat(firstStatus("GET / HTTP/1.1\r\nHost: " + authority + "\r\n\r\n"))
                .isEqualTo(400);
        assertThat(old.wasAsked()).isFalse();
    }

    @Test
    void aHostThatDiffersIsRefusedAndOneThatIsTheSameIsNot() {
        start("protocol = http1", old.port());
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(status(browser, head().add("host", "other.test"))).isEqualTo("400");
            assertThat(status(browser, head().add("host", "gateway.test").add("host", "gateway.test")))
                    .isEqualTo("400");
            assertThat(old.wasAsked()).isFalse();
            assertThat(status(browser, head().add("host", "GATEWAY.test"))).isEqualTo("200");
        }
    }

    private static String status(Http2Browser browser, Http2Headers head) {
        Http2Exchange exchange = browser.peer().open(head, true);
        return exchange.awaitHead().status().toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\t/ HTTP/1.1",
                "GET  / HTTP/1.1",
                "GET /  HTTP/1.1",
                " GET / HTTP/1.1",
                "GET / HTTP/1.1 ",
                "GET\u000b/ HTTP/1.1",
                "GET /\0 HTTP/1.1",
                "GET /\u0001 HTTP/1.1",
                "GET /\u007f HTTP/1.1",
                "GET / http/1.1",
                "GET http:///x HTTP/1.1",
                "GET https:////x HTTP/1.1",
                "GET http://u:p@a/ HTTP/1.1",
                "GET http://:80/ HTTP/1.1",
                "GET http://a:99999/ HTTP/1.1",
                "GET http://a/#b HTTP/1.1",
                "GET / HTTP/1.1\r\nX-A: 1\r\n  2",
                "GET / HTTP/1.1\r\nX-A: 1\r\n\tb: 2"
            })
    void whatIsNoRequestLineIsRefusedAndNothingBehindItIsServed(String lines) {
        start("protocol = http1", old.port());
        try (LogWatch log = new LogWatch()) {
            assertThat(firstStatus(lines + "\r\nHost: gateway.test\r\n\r\nGET /behind HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .isEqualTo(400);
            assertThat(log.warnings()).isEmpty();
        }
        assertThat(old.wasAsked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/2.0", "HTTP/1.2", "HTTP/3.1"})
    void anotherVersionIsNotSupported(String version) {
        start("protocol = http1", old.port());
        assertThat(firstStatus("GET / " + version + "\r\nHost: gateway.test\r\n\r\n"))
                .isEqualTo(505);
        assertThat(old.wasAsked()).isFalse();
    }

    @Test
    void anAbsoluteTargetIsServedForItsOwnAuthority() {
        start("protocol = http1", old.port());
        assertThat(firstStatus("GET http://other.test:81/a?b=c HTTP/1.1\r\nHost: gateway.test\r\n\r\n"))
                .isEqualTo(200);
        Http1Backend.Request seen = old.next();
        assertThat(seen.line()).isEqualTo("GET /a?b=c HTTP/1.1");
        assertThat(seen.field("host")).isEqualTo("other.test:81");
    }

    private int firstStatus(String request) {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(request);
            Http1Answer answer = browser.next();
            answer.readHead();
            return answer.status();
        }
    }

    @Test
    void everyConnectionFieldNamesFieldsThatStayHere() {
        start("protocol = http1", old.port());
        String fields = String.join(
                "\r\n",
                "Host: a",
                "Connection: keep-alive",
                "Connection: x-secret",
                "X-Secret: 1",
                "HTTP2-Settings: x",
                "grpc-status: 0",
                "grpc-message: forged",
                "X-Envoy-Original-Path: /FAKE");
        firstStatus("GET / HTTP/1.1\r\n" + fields + "\r\n\r\n");
        Http1Backend.Request seen = old.next();
        for (String name :
                List.of("x-secret", "http2-settings", "grpc-status", "grpc-message", "x-envoy-original-path")) {
            assertThat(seen.field(name)).as(name).isNull();
        }
    }

    @Test
    void trailersGoToHttp1BackendsOnlyWhereTheClusterSaysSo() {
        start("protocol = http1", old.port());
        assertThat(trailersAtTheBackend()).isEmpty();
        gateway.close();
        start("protocol = http1\nhttp1-trailers = true", old.port());
        assertThat(trailersAtTheBackend()).containsExactly("x-last: 1");
    }

    private List<String> trailersAtTheBackend() {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Exchange call = browser.peer().open(head().method("POST"), false);
            browser.peer().data(call, Frames.F3, false);
            browser.peer()
                    .headers(
                            call.id(),
                            new DefaultHttp2Headers(false)
                                    .add("x-last", "1")
                                    .add("host", "evil")
                                    .add("x-forwarded-for", "6.6.6.6"),
                            true);
            call.awaitEnd();
            return old.next().trailers();
        }
    }

    @Test
    void crumbsOfACookieCountOneByOne() {
        start("protocol = http1", old.port());
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Headers head = head();
            for (int i = 0; i < 200; i++) {
                head.add("cookie", "a" + i + "=1");
            }
            assertThat(status(browser, head)).isEqualTo("431");
            assertThat(old.wasAsked()).isFalse();
        }
    }

    @Test
    void anExpectationOverHttp2IsFulfilledAndNotForwarded() {
        start("protocol = http1", old.port());
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Exchange call = browser.peer().open(head().method("POST").add("expect", "100-continue"), false);
            browser.peer().data(call, Frames.F3, true);
            call.awaitEnd();
            assertThat(old.next().field("expect")).isNull();
            assertThat(status(browser, head().add("expect", "the-unexpected"))).isEqualTo("417");
        }
    }
}
