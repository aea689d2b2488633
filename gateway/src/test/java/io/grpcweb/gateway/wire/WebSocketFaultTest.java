package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.WebSocketClient;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets whose client breaks a rule: each has a Close that says which, and no call goes on. */
class WebSocketFaultTest {
    private static final String PATH = "/wire.Service/Call";
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final byte[] DATA = {0};
    private static final byte[] END = {1};
    private static final String HEAD = "content-type: application/grpc-web+proto";

    private final ScriptedBackend backend =
            new ScriptedBackend().on(PATH, seen -> seen.head().awaitReset());
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private WebSocketClient open(int version, String keys) {
        gateway = RunningGateway.of(Setup.parse("listeners.main { listen = \"127.0.0.1:0\", access-log = []\n"
                + "cors.origins = [\"https://app.example\"]\n" + keys
                + " }\nclusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]\n"));
        return WebSocketClient.open(version, gateway.port(), PATH, WebSocketClient.ONE_CALL);
    }

    private static Arguments fault(String name, int status, Consumer<WebSocketClient> fault) {
        return Arguments.of(name, status, fault);
    }

    /** What is wrong before there is a call. */
    static Stream<Arguments> beginnings() {
        return Stream.of(
                fault("text", 1003, client -> client.last(WebSocketClient.TEXT, WebSocketClient.head("a: b"))),
                fault("a line without a colon", 1002, client -> client.send(WebSocketClient.head("a"))),
                fault("a name that is none", 1002, client -> client.send(WebSocketClient.head("a b: c"))),
                fault("a pseudo-header field", 1002, client -> client.send(WebSocketClient.head(":path: /x"))),
                fault("a value with a zero", 1002, client -> client.send(new byte[] {'a', ':', 0})),
                fault("an unmasked frame", 1002, client -> client.raw(Frames.hex("82 03 613a62"))),
                fault("a reserved opcode", 1002, client -> client.last(3, new byte[0])),
                fault("a reserved bit", 1002, client -> client.frame(0xc2, new byte[0])),
                fault("a continuation of nothing", 1002, client -> client.last(0, new byte[] {1})),
                fault("a ping in pieces", 1002, client -> client.frame(9, new byte[0])),
                fault("a Close with one byte", 1002, client -> client.last(8, new byte[] {3})),
                fault("a Close with no status of a peer", 1002, client -> client.sendClose(1005)),
                fault("a long frame", 1009, client -> client.raw(WebSocketClient.prefix(0x82, 0x80, 1 << 30))),
                fault(
                        "a frame beyond all numbers",
                        1002,
                        client -> client.raw(WebSocketClient.prefix(0x82, 0x80, -1))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beginnings")
    void withoutACallTheBackendSeesNothing(String name, int status, Consumer<WebSocketClient> fault) {
        try (WebSocketClient client = open(1, "")) {
            fault.accept(client);
            assertThat(client.closed()).isEqualTo(status);
            assertThat(backend.others()).isEmpty();
        }
    }

    /** What is wrong behind the head of a call. */
    static Stream<Arguments> continuations() {
        return Stream.of(
                fault("text", 1003, client -> client.last(WebSocketClient.TEXT, new byte[0])),
                fault("an empty message", 1002, client -> client.send(new byte[0])),
                fault("another kind of message", 1002, client -> client.send(new byte[] {2})),
                fault("an end with content", 1002, client -> client.send(new byte[] {1, 0})),
                fault("a message behind the end", 1002, client -> client.send(END)
                        .send(DATA, Frames.F3)),
                fault("an unmasked frame", 1002, client -> client.raw(Frames.hex("82 01 00"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("continuations")
    void aCallIsCancelled(String name, int status, Consumer<WebSocketClient> fault) {
        try (WebSocketClient client = open(2, "")) {
            client.sendHead(HEAD);
            client.message();
            fault.accept(client);
            assertThat(client.closed()).isEqualTo(status);
            assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aMessageAboveTheLimitHasAStatusThatSaysSo(int version) {
        try (WebSocketClient client = open(version, "websocket.message = 1KiB")) {
            client.sendHead(HEAD);
            client.message();
            client.send(DATA, new byte[1023]);
            assertThat(backend.next().awaitBytes(1023)).hasSize(1023);
            client.raw(WebSocketClient.prefix(0x82, 0x80, 1025));
            assertThat(client.text()).contains("grpc-status:8", "longer than 1024 bytes, see websocket.message");
            assertThat(client.closed()).isEqualTo(1009);
        }
    }

    @Test
    void theLimitIsForAMessageInPiecesAsWell() {
        try (WebSocketClient client = open(1, "websocket.message = 1KiB")) {
            client.sendHead(HEAD);
            client.message();
            client.frame(WebSocketClient.BINARY, new byte[600]).frame(WebSocketClient.CONTINUATION, new byte[600]);
            assertThat(client.text()).contains("grpc-status:8");
            assertThat(client.closed()).isEqualTo(1009);
        }
    }

    @Test
    void aHeadAboveTheLimitsHasAStatus() {
        try (WebSocketClient client = open(1, "limits.header = 200B")) {
            client.sendHead(HEAD, "x-a: " + "a".repeat(200));
            assertThat(client.text()).contains("grpc-status:2", "Request Header Fields Too Large");
            assertThat(client.closed()).isEqualTo(1000);
            assertThat(backend.others()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whoIsSilentBehindTheHandshakeIsClosed(int version) {
        try (WebSocketClient client = open(version, "websocket.first-message = 50ms")) {
            assertThat(client.closed()).isEqualTo(1008);
        }
    }

    @Test
    void pingsWithoutEndAreAnEnd() {
        try (WebSocketClient client = open(1, "")) {
            client.sendHead(HEAD);
            client.message();
            for (int i = 0; i < 2000; i++) {
                client.last(WebSocketClient.PING, new byte[0]);
            }
            WebSocketClient.Frame frame = client.next();
            int pongs = 0;
            while (frame.opcode() == WebSocketClient.PONG) {
                pongs++;
                frame = client.next();
            }
            assertThat(frame.status()).isEqualTo(1008);
            assertThat(pongs).isLessThan(1000);
            assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    @Test
    void emptyPiecesWithoutEndAreAnEnd() {
        try (WebSocketClient client = open(1, "")) {
            client.frame(WebSocketClient.BINARY, new byte[0]);
            for (int i = 0; i < 2000; i++) {
                client.frame(WebSocketClient.CONTINUATION, new byte[0]);
            }
            assertThat(client.closed()).isEqualTo(1008);
        }
    }

    /** Rapid reset (CVE-2023-44487), behind a handshake that is answered at once. */
    @Test
    void whoOpensWebSocketsAndResetsThemIsCutOff() {
        open(1, "").close();
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Peer peer = browser.peer();
            for (int i = 0; i < 600 && peer.goAways().isEmpty() && !peer.isGone(); i++) {
                Http2Browser.Call call = browser.call(
                        PATH,
                        ":method",
                        "CONNECT",
                        ":protocol",
                        "websocket",
                        "sec-websocket-version",
                        "13",
                        "sec-websocket-protocol",
                        WebSocketClient.ONE_CALL);
                peer.await("101", () -> call.exchange().head() != null || peer.isGone());
                call.cancel();
            }
            peer.await("GOAWAY", () -> !peer.goAways().isEmpty());
            assertThat(peer.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void aSilentClientIsPingedAndThenGone() {
        try (WebSocketClient client = open(1, "websocket.ping = 50ms")) {
            client.sendHead(HEAD);
            BackendCall seen = backend.next();
            WebSocketClient.Frame frame = client.next();
            int pings = 0;
            while (frame != null) {
                if (frame.opcode() == WebSocketClient.PING && pings++ < 3) {
                    client.last(WebSocketClient.PONG, frame.payload());
                }
                frame = client.next();
            }
            assertThat(pings).isEqualTo(4);
            assertThat(seen.awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    @Test
    void whoDoesNotAnswerCloseIsLeft() {
        try (WebSocketClient client = open(1, "timeouts.delayed-close = 50ms")) {
            client.last(WebSocketClient.TEXT, new byte[0]);
            assertThat(client.next().status()).isEqualTo(1003);
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void aFrameInTheSamePacketAsTheHandshakeIsRead() {
        open(1, "").close();
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            StringBuilder request = new StringBuilder("GET " + PATH + " HTTP/1.1\r\nhost: gateway.test\r\n");
            String[] fields = WebSocketClient.handshake(WebSocketClient.ONE_CALL);
            for (int i = 0; i < fields.length; i += 2) {
                request.append(fields[i] + ": " + fields[i + 1] + "\r\n");
            }
            browser.raw(request + "\r\n\u0082\u0080\0\0\0\0");
            assertThat(browser.next().readAll().status()).isEqualTo(101);
            assertThat(backend.next().path()).isEqualTo(PATH);
            assertThat(browser.bytes(1)).containsExactly(0x82);
        }
    }
}
