package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.WebSocketClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many calls on one WebSocket, as the clients of {@code grpc-websockets-multiplex} make them. */
class WebSocketMultiplexTest {
    private static final String STREAM = "wire.Service/Stream";
    private static final String UNARY = "wire.Service/Unary";
    private static final byte[] DATA = {0};
    private static final byte[] END = {1};
    private static final int LAST = 0x80000000;
    private static final byte[] GO_AWAY = Frames.hex("7fffffff");

    private final ScriptedBackend backend = new ScriptedBackend()
            .on("/" + STREAM, seen -> seen.head().data(Frames.F2).awaitReset())
            .on("/" + UNARY, seen -> {
                seen.awaitEnd();
                seen.head().data(Frames.F3).trailers("grpc-status", "0");
            });
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
        String offered = WebSocketClient.MULTIPLEXED + ", " + WebSocketClient.ONE_CALL;
        return WebSocketClient.open(version, gateway.port(), "/any", offered);
    }

    private static byte[] number(int call) {
        return new byte[] {(byte) (call >>> 24), (byte) (call >>> 16), (byte) (call >>> 8), (byte) call};
    }

    private static byte[] head(String path) {
        return WebSocketClient.head("content-type: application/grpc-web+proto", "grpc-websockets-path: " + path);
    }

    private static void begin(WebSocketClient client, int call, String path) {
        client.send(number(call), head(path));
    }

    private static void end(WebSocketClient client, int call) {
        client.send(number(call | LAST), END);
    }

    private static int numberOf(byte[] message) {
        return (message[0] & 0xff) << 24 | (message[1] & 0xff) << 16 | (message[2] & 0xff) << 8 | message[3] & 0xff;
    }

    private static byte[] content(byte[] message) {
        return Arrays.copyOfRange(message, 4, message.length);
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    /** The messages of a call that ends: its head and the others; all must be of this call. */
    private static List<byte[]> response(WebSocketClient client, int call) {
        List<byte[]> contents = new ArrayList<>();
        byte[] message;
        do {
            message = client.message();
            assertThat(numberOf(message) & ~LAST).isEqualTo(call);
            contents.add(content(message));
        } while (numberOf(message) >= 0);
        return contents;
    }

    private static void assertUnary(WebSocketClient client, int call) {
        begin(client, call, UNARY);
        client.send(number(call), DATA, Frames.F3);
        end(client, call);
        List<byte[]> response = response(client, call);
        assertThat(response).hasSize(3);
        assertThat(text(response.get(0))).contains("content-type:application/grpc-web+proto");
        assertThat(response.get(1)).isEqualTo(Frames.F3);
        assertThat(response.get(2)).isEqualTo(Frames.T0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void twentyLiveStreamsOfAPageShareAWebSocket(int version) {
        try (WebSocketClient client = open(version, "")) {
            for (int call = 0; call < 20; call++) {
                begin(client, call, STREAM);
            }
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                byte[] message = client.message();
                if (message[4] == 0) {
                    assertThat(content(message)).isEqualTo(Frames.F2);
                    numbers.add(numberOf(message));
                }
            }
            assertThat(numbers).hasSize(20).doesNotHaveDuplicates();
            // All of them live, and one more begins, goes and ends.
            assertUnary(client, 20);
            client.sendClose(1000);
            for (int i = 0; i < 20; i++) {
                BackendCall seen = backend.next();
                if (seen.path().endsWith("Stream")) {
                    assertThat(seen.awaitReset()).isEqualTo(Http2Peer.CANCEL);
                }
            }
        }
    }

    @Test
    void anErrorIsOfOneCallAndStandsBehindAHead() {
        try (WebSocketClient client = open(1, "")) {
            begin(client, 0, STREAM);
            client.message();
            client.message();
            begin(client, 5, "/wire.Service/Nothing");
            List<byte[]> response = response(client, 5);
            assertThat(response).hasSize(2);
            assertThat(response.get(1)).isEqualTo(Frames.trailers("grpc-status:12", "grpc-message:no script"));
            assertUnary(client, 6);
        }
    }

    @Test
    void aRequestMayEndWithItsLastPartOrItsHead() {
        try (WebSocketClient client = open(1, "")) {
            begin(client, 1, UNARY);
            client.send(number(1 | LAST), DATA, Frames.F3);
            assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);
            response(client, 1);
            client.send(number(2 | LAST), head(UNARY));
            assertThat(backend.next().awaitEnd()).isEmpty();
        }
    }

    @Test
    void aLateMessageOfACallThatHasEndedIsNoFault() {
        try (WebSocketClient client = open(1, "")) {
            begin(client, 3, "wire.Service/Nothing");
            response(client, 3);
            client.send(number(3), DATA, Frames.F3);
            end(client, 3);
            assertUnary(client, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aNumberThatDoesNotGrowIsAFault(int call) {
        try (WebSocketClient client = open(1, "")) {
            assertUnary(client, 3);
            begin(client, call, UNARY);
            assertThat(client.closed()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "00000001", "7fffffff 01", "ffffffff 01"})
    void aMessageThatIsForNoCallIsAFault(String message) {
        try (WebSocketClient client = open(1, "")) {
            client.send(Frames.hex(message));
            assertThat(client.closed()).isEqualTo(1002);
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void moreCallsAtOnceThanStreamsAreRefusedOneByOne() {
        try (WebSocketClient client = open(1, "http2.max-concurrent-streams = 2")) {
            begin(client, 0, STREAM);
            begin(client, 1, STREAM);
            for (int i = 0; i < 4; i++) {
                client.message();
            }
            begin(client, 2, UNARY);
            assertThat(text(response(client, 2).get(1))).contains("grpc-status:8", "more than 2 calls at once");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whoIsAskedToGoFinishesItsCalls(int version) {
        try (WebSocketClient client = open(version, "")) {
            begin(client, 0, UNARY);
            client.send(number(0), DATA, Frames.F3);
            backend.next().awaitBytes(Frames.F3.length);
            gateway.shutDown();
            assertThat(client.message()).isEqualTo(GO_AWAY);
            // The client had begun it before it knew.
            begin(client, 1, UNARY);
            end(client, 1);
            response(client, 1);
            client.send(number(-1), END);
            end(client, 0);
            response(client, 0);
            assertThat(client.closed()).isEqualTo(1001);
        }
    }

    @Test
    void whoAgreesToGoAndBeginsACallBreaksTheRule() {
        try (WebSocketClient client = open(1, "")) {
            begin(client, 0, STREAM);
            client.message();
            client.message();
            gateway.shutDown();
            assertThat(client.message()).isEqualTo(GO_AWAY);
            client.send(number(-1), END);
            begin(client, 1, UNARY);
            assertThat(client.closed()).isEqualTo(1002);
        }
    }

    @Test
    void aWebSocketWithoutCallsIsClosedAfterAWhile() {
        try (WebSocketClient client = open(1, "timeouts.connection-idle = 2s, websocket.ping = 200ms")) {
            assertUnary(client, 0);
            WebSocketClient.Frame frame = client.next();
            while (frame.opcode() == WebSocketClient.PING) {
                client.last(WebSocketClient.PONG, frame.payload());
                frame = client.next();
            }
            assertThat(frame.status()).isEqualTo(1001);
        }
    }
}
