package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One call on a WebSocket, as the clients of {@code grpc-websockets} make it. */
class WebSocketCallTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] PAGE = {"origin", "https://app.example"};
    private static final byte[] DATA = {0};
    private static final byte[] END = {1};
    private static final String[] HEAD = {"content-type: application/grpc-web+proto", "x-grpc-web: 1", "X-A: b"};

    private final ScriptedBackend backend = new ScriptedBackend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private WebSocketClient open(int version) {
        return open(version, ErrorFormat.BROWSER);
    }

    private WebSocketClient open(int version, ErrorFormat format) {
        gateway = RunningGateway.of(Setup.of(format, backend.port()));
        return WebSocketClient.open(version, gateway.port(), PATH, WebSocketClient.ONE_CALL, PAGE);
    }

    private static String fields(String message) {
        return message.substring(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void messagesArePartsOfTheBodiesAndCloseComesBehindTheTrailers(int version) {
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head("x-b", "c").data(Frames.F3).trailers("grpc-status", "0", "x-t", "u");
        });
        try (WebSocketClient client = open(version)) {
            client.sendHead(HEAD).send(DATA, Frames.F3).send(END);
            BackendCall seen = backend.next();
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            assertThat(seen.header("x-a")).isEqualTo("b");
            assertThat(seen.header("content-type")).isEqualTo("application/grpc");
            assertThat(seen.header("origin")).isEqualTo("https://app.example");
            String head = client.text();
            assertThat(head.charAt(0)).isEqualTo('\u0080');
            assertThat((int) head.charAt(4)).isEqualTo(head.length() - 5);
            assertThat(fields(head).lines()).contains("content-type:application/grpc-web+proto", "x-b:c");
            assertThat(head).doesNotContain("access-control", "vary");
            assertThat(client.message()).isEqualTo(Frames.F3);
            assertThat(client.message()).isEqualTo(Frames.trailers("grpc-status:0", "x-t:u"));
            assertThat(client.closed()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aStatusInTheHeadIsTheOnlyFrameWhereErrorsHaveEnvoysForm(int version) {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "5", "grpc-message", "none"));
        try (WebSocketClient client = open(version, ErrorFormat.ENVOY)) {
            client.sendHead(HEAD).send(DATA, Frames.F3).send(END);
            assertThat(fields(client.text()).lines()).contains("grpc-status:5", "grpc-message:none");
            assertThat(client.closed()).isEqualTo(1000);
        }
    }

    @Test
    void aFrameOfGrpcMayComeInSeveralMessages() {
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "0");
        });
        try (WebSocketClient client = open(1)) {
            client.sendHead(HEAD)
                    .send(DATA, new byte[] {0, 0, 0})
                    .send(DATA)
                    .send(DATA, new byte[] {0, 3, 0x0a, 0x01, 0x61})
                    .send(END);
            assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);
        }
    }

    @Test
    void aMessageMayComeInPiecesWithAPingInBetween() {
        backend.on(PATH, BackendCall::awaitEnd);
        try (WebSocketClient client = open(1)) {
            byte[] head = WebSocketClient.head(HEAD);
            client.frame(WebSocketClient.BINARY, new byte[0]);
            client.last(WebSocketClient.PING, new byte[] {7});
            client.frame(WebSocketClient.CONTINUATION, head);
            client.last(WebSocketClient.CONTINUATION, new byte[0]);
            client.send(DATA, Frames.F3).send(END);
            assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);
            WebSocketClient.Frame pong = client.next();
            assertThat(pong.opcode()).isEqualTo(WebSocketClient.PONG);
            assertThat(pong.payload()).containsExactly(7);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aHundredRoundsInBothDirections(int version) {
        backend.on(PATH, seen -> {
            seen.head();
            for (int round = 1; round <= 100; round++) {
                seen.awaitBytes(round * Frames.F3.length);
                seen.data(Frames.F3);
            }
            seen.awaitEnd();
            seen.trailers("grpc-status", "0");
        });
        try (WebSocketClient client = open(version)) {
            client.sendHead(HEAD);
            client.message();
            for (int round = 0; round < 100; round++) {
                client.send(DATA, Frames.F3);
                assertThat(client.message()).isEqualTo(Frames.F3);
            }
            client.send(END);
            assertThat(client.message()).isEqualTo(Frames.T0);
            assertThat(client.closed()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aClientThatClosesCancelsTheCall(int version) {
        try (WebSocketClient client = openStream(version)) {
            client.sendClose(1000);
            assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
            assertThat(client.closed()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aConnectionThatIsGoneCancelsTheCall(int version) {
        WebSocketClient client = openStream(version);
        client.close();
        assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
    }

    private WebSocketClient openStream(int version) {
        backend.on(PATH, seen -> seen.head().data(Frames.F3).awaitReset());
        WebSocketClient client = open(version);
        client.sendHead(HEAD).send(DATA, Frames.F3);
        client.message();
        assertThat(client.message()).isEqualTo(Frames.F3);
        return client;
    }

    @Test
    void whatTheBrowserSaysInTheHandshakeCannotBeSaidByAScript() {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
        gateway = RunningGateway.of(Setup.own(
                "cors { origins = [\"https://app.example\"], allow-credentials = true }",
                "",
                "127.0.0.1:" + backend.port()));
        try (WebSocketClient client = WebSocketClient.open(
                1,
                gateway.port(),
                PATH,
                WebSocketClient.ONE_CALL,
                "origin",
                "https://app.example",
                "cookie",
                "a=1",
                "user-agent",
                "u",
                "x-private",
                "p")) {
            client.sendHead(
                    "origin: https://evil.example",
                    "cookie: a=2",
                    "x-forwarded-for: 1.2.3.4",
                    "host: internal",
                    "transfer-encoding: chunked",
                    "content-length: 7",
                    "x-request-id: r");
            BackendCall seen = backend.next();
            assertThat(seen.header("origin")).isEqualTo("https://app.example");
            assertThat(seen.header("cookie")).isEqualTo("a=1");
            assertThat(seen.header("user-agent")).isEqualTo("u");
            assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
            assertThat(seen.header(":authority")).isEqualTo("gateway.test");
            assertThat(seen.header("x-private")).isNull();
            assertThat(seen.header("sec-websocket-protocol")).isNull();
            assertThat(seen.header("transfer-encoding")).isNull();
            assertThat(seen.header("content-length")).isNull();
        }
    }

    @Test
    void aDeadlineEndsTheCallWithAStatus() {
        backend.on(PATH, BackendCall::awaitReset);
        gateway = RunningGateway.of(Setup.own(
                "cors.origins = [\"https://app.example\"], max-timeout = 1h", "", "127.0.0.1:" + backend.port()));
        try (WebSocketClient client = WebSocketClient.open(1, gateway.port(), PATH, WebSocketClient.ONE_CALL, PAGE)) {
            client.sendHead("content-type: application/grpc-web+proto", "grpc-timeout: 50m");
            client.message();
            assertThat(fields(client.text())).startsWith("grpc-status:4\r\n");
            assertThat(client.closed()).isEqualTo(1000);
        }
    }

    @Test
    void aResponseThatIsCutInAMessageIsNotTakenForAWholeOne() {
        backend.on(PATH, seen -> {
            seen.head().data(new byte[] {0, 0, 0, 0, 3, 1});
            seen.reset(Http2Peer.CANCEL);
        });
        try (WebSocketClient client = open(1)) {
            client.sendHead(HEAD).send(DATA, Frames.F3).send(END);
            client.message();
            assertThat(client.message()).hasSize(6);
            assertThat(client.closed()).isEqualTo(1011);
        }
    }

    @Test
    void theTextFormHasAStatusThatSaysWhatIsCarried() {
        try (WebSocketClient client = open(1)) {
            client.sendHead("content-type: application/grpc-web-text");
            assertThat(fields(client.text())).contains("grpc-status:13", "application/grpc-web+proto");
            assertThat(client.closed()).isEqualTo(1000);
            assertThat(backend.others()).isEmpty();
        }
    }
}
