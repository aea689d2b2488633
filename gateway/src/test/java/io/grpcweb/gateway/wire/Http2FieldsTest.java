package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of HTTP/2 connections, on both sides. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record Http2FieldsTest(Subject subject) {
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final String PATH = "/wire.Service/Call";
    private static final String WEBSOCKETS = """
            upgrade_configs: [ { upgrade_type: websocket } ]
            http2_protocol_options: { allow_connect: true }
            """;
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nx-backend: yes\r\n\r\nhello";

    private static Http2Browser.Call webSocket(Http2Browser browser) {
        return browser.call("/ws", ":method", "CONNECT", ":protocol", "websocket", "sec-websocket-version", "13");
    }

    @Test
    void aWebSocketOfAnHttp2BrowserReachesAnHttp1Backend() {
        try (Http1Backend backend = new Http1Backend(request -> SWITCHED);
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("MANAGER", WEBSOCKETS));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(browser.peer().peerSetting(ENABLE_CONNECT_PROTOCOL)).isEqualTo(1);
            Http2Browser.Call call = webSocket(browser);
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.exchange().head().get("x-backend")).hasToString("yes");
            assertThat(call.exchange().head().get("upgrade")).isNull();
            assertThat(call.body(5)).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
            Http1Backend.Request seen = backend.next();
            assertThat(seen.line()).isEqualTo("GET /ws HTTP/1.1");
            assertThat(seen.field("upgrade")).isEqualTo("websocket");
            assertThat(seen.field("connection")).isEqualToIgnoringCase("upgrade");
            assertThat(seen.field("sec-websocket-version")).isEqualTo("13");
            assertThat(seen.field("transfer-encoding")).isNull();
            // What the backend reads next is no HTTP, but the test's backend takes it for a request.
            call.send("GET /frame HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(backend.next().path()).isEqualTo("/frame");
            call.cancel();
            await().until(() -> backend.connections().get(0).isClosed());
        }
    }

    @Test
    void aBackendThatEndsTheWebSocketEndsTheStream() {
        try (Http1Backend backend = new Http1Backend(request -> SWITCHED);
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("MANAGER", WEBSOCKETS));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = webSocket(browser);
            assertThat(call.body(5)).hasSize(5);
            backend.disconnect();
            call.exchange().awaitEnd();
            assertThat(browser.peer().isGone()).isFalse();
        }
    }

    @Test
    void aBackendMayRefuseTheWebSocket() {
        try (Http1Backend backend =
                        new Http1Backend(request -> "HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno");
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("MANAGER", WEBSOCKETS));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Answer answer = webSocket(browser).answer();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.text()).isEqualTo("no");
        }
    }

    @Test
    void aWebSocketReachesAnHttp2BackendAsItCame() {
        try (ScriptedBackend backend = new ScriptedBackend(8, 1)
                        .on("/ws", seen -> seen.head("content-type", "text/plain")
                                .data(seen.awaitBytes(4)));
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("MANAGER", WEBSOCKETS)
                        .with("CLUSTER", "http2_protocol_options: { allow_connect: true }"));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = webSocket(browser);
            BackendCall seen = backend.next();
            assertThat(seen.header(":method")).isEqualTo("CONNECT");
            assertThat(seen.header(":protocol")).isEqualTo("websocket");
            call.send("ping".getBytes(StandardCharsets.US_ASCII));
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.body(4)).isEqualTo("ping".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /**
     * As Python's h2 does: its first SETTINGS say 0, whatever it is told, and the request is taken all the same. Of the gateway
     * alone: Envoy sends it nevertheless.
     */
    @Test
    void aBackendThatNamesTheSettingIsAskedOverAConnectionOfItsOwn() {
        Assumptions.assumeTrue(subject != Subject.ENVOY);
        Gate gate = new Gate();
        try (ScriptedBackend backend = new ScriptedBackend(ENABLE_CONNECT_PROTOCOL, 0)
                        .on("/ws", seen -> seen.head())
                        .on("/beside", seen -> {
                            gate.pass();
                            seen.trailersOnly("grpc-status", "0");
                        });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("MANAGER", WEBSOCKETS)
                        .with("CLUSTER", "http2_protocol_options: { allow_connect: true }"));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call before = beside(browser);
            Http2Peer first = backend.next().exchange().peer();
            assertThat(webSocket(browser).status()).isEqualTo(200);
            Http2Peer taken = backend.next().exchange().peer();
            Http2Browser.Call behind = beside(browser);
            Http2Peer third = backend.next().exchange().peer();
            gate.open();
            assertThat(before.answer().header("grpc-status")).isEqualTo("0");
            assertThat(behind.answer().header("grpc-status")).isEqualTo("0");
            assertThat(taken).isNotSameAs(first).isNotSameAs(third);
        }
    }

    private static Http2Browser.Call beside(Http2Browser browser) {
        Http2Browser.Call call = browser.call("/beside", ":method", "GET");
        call.end();
        return call;
    }

    @Test
    void aWebSocketIsNotSentToABackendThatDoesNotOfferIt() {
        Assumptions.assumeTrue(subject != Subject.ENVOY);
        Gate gate = new Gate();
        try (ScriptedBackend backend = new ScriptedBackend().on("/beside", seen -> {
                    seen.head("content-type", "text/plain");
                    gate.pass();
                    seen.lastData("done".getBytes(StandardCharsets.US_ASCII));
                });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("MANAGER", WEBSOCKETS)
                        .with("CLUSTER", "http2_protocol_options: { allow_connect: true }"));
                Http2Browser beside = new Http2Browser(gateway.port());
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call other = beside.call("/beside", ":method", "GET");
            other.end();
            Http2Peer connection = backend.next().exchange().peer();
            assertThat(other.status()).isEqualTo(200);
            assertThat(webSocket(browser).answer().status()).isEqualTo(503);
            assertThat(webSocket(browser).answer().status()).isEqualTo(503);
            connection.roundTrip();
            assertThat(backend.others()).isEmpty();
            gate.open();
            assertThat(other.answer().text()).isEqualTo("done");
            assertThat(connection.isGone()).isFalse();
            assertThat(backend.connections()).hasSize(1);
        }
    }

    @Test
    void aWebSocketThatNobodyAllowedIsForbidden() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", "http2_protocol_options: { allow_connect: true }"));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(webSocket(browser).status()).isEqualTo(403);
            assertThat(backend.wasAsked()).isFalse();
        }
    }

    @Test
    void withoutTheFieldNobodyIsToldOfWebSockets() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", "upgrade_configs: [ { upgrade_type: websocket } ]"));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(browser.peer().peerSetting(ENABLE_CONNECT_PROTOCOL, 0)).isZero();
            assertThat(webSocket(browser).answer().status()).isNotEqualTo(200);
            assertThat(backend.wasAsked()).isFalse();
        }
    }

    @Test
    void theBrowserIsToldOfLimitsAndWindows() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("MANAGER", """
                        http2_protocol_options: { max_concurrent_streams: 7, initial_stream_window_size: 70000,
                          initial_connection_window_size: 200000 }"""));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(browser.peer().peerSetting(MAX_CONCURRENT_STREAMS)).isEqualTo(7);
            assertThat(browser.peer().peerSetting(INITIAL_WINDOW_SIZE)).isEqualTo(70000);
            await().until(() -> browser.peer().window() == 200000);
        }
    }

    @Test
    void theBackendIsToldOfWindowsAndGetsSoManyStreamsAtOnce() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, BackendCall::awaitReset);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("CLUSTER", """
                        http2_protocol_options: { max_concurrent_streams: 2, initial_stream_window_size: 70000,
                          initial_connection_window_size: 200000 }"""));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            for (int i = 0; i < 3; i++) {
                browser.call(PATH, "content-type", "application/grpc-web+proto");
                backend.next();
            }
            await().until(() -> backend.connections().size() == 2);
            assertThat(backend.connections().get(0).peerSetting(INITIAL_WINDOW_SIZE))
                    .isEqualTo(70000);
            await().until(() -> backend.connections().get(0).window() == 200000);
        }
    }

    @Test
    void aBrowserThatDoesNotAnswerPingIsLetGo() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("MANAGER", """
                        http2_protocol_options: { connection_keepalive: { interval: 0.1s, timeout: 1s } }"""));
                Http2Browser silent = new Http2Browser(gateway.port());
                Http2Browser alive = new Http2Browser(gateway.port())) {
            silent.peer().ignorePings();
            await().until(() -> silent.peer().isGone());
            assertThat(alive.peer().isGone()).isFalse();
        }
    }

    @Test
    void aHeadThatDoesNotComeToItsEndIsAnswered408AndEndsTheConnection() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).with("MANAGER", "request_headers_timeout: 0.2s"));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            // Nothing else may be sent behind half a head, not even the acknowledgement of SETTINGS.
            browser.peer().roundTrip();
            Http2Exchange half = browser.peer().openHalf(Http2Browser.head(PATH));
            Answer answer = new Http2Browser.Call(half).answer();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.text()).isEqualTo("request header timeout");
            await().until(() -> browser.peer().isGone());
            assertThat(browser.peer().goAwayLast()).isEqualTo(half.id());
        }
    }

    @Test
    void aBackendThatDoesNotAnswerPingIsLetGo() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, BackendCall::awaitReset);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("CLUSTER", """
                        http2_protocol_options: { connection_keepalive: { interval: 0.1s, timeout: 0.1s } }"""));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, "content-type", "application/grpc-web+proto");
            backend.next().exchange().peer().ignorePings();
            assertThat(call.status()).isEqualTo(503);
            await().until(() -> backend.connections().get(0).isGone());
        }
    }
}
