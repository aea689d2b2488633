package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls on a WebSocket of a client that offers permessage-deflate, as every browser does. */
class WebSocketDeflateTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String OFFER = "permessage-deflate; client_max_window_bits";
    private static final String AGREED = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private static final String[] HEAD = {"content-type: application/grpc-web+proto"};
    private static final int DEFLATED = WebSocketClient.FIN | WebSocketClient.DEFLATED | WebSocketClient.BINARY;

    private final ScriptedBackend backend = new ScriptedBackend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private WebSocketClient open(int version, String more) {
        gateway = RunningGateway.of(Setup.parse("listeners.main { listen = \"127.0.0.1:0\", access-log = []\n"
                + "cors.origins = [\"https://app.example\"]\n" + more
                + " }\nclusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]\n"));
        return WebSocketClient.open(
                version,
                gateway.port(),
                PATH,
                WebSocketClient.ONE_CALL,
                "origin",
                "https://app.example",
                "sec-websocket-extensions",
                OFFER);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void messagesAreDeflatedBothWays(int version) {
        byte[] message = Frames.message(new byte[2000]);
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(message).trailers("grpc-status", "0");
        });
        try (WebSocketClient client = open(version, "websocket.deflate = on")) {
            assertThat(client.extensions()).isEqualTo(AGREED);
            client.sendHead(HEAD);
            // 0, which is DATA, and a message of gRPC with the three bytes 0a 01 61: a block without compression.
            client.frame(DEFLATED, Frames.hex("00 0900 f6ff 00 00 00000003 0a0161 00"));
            client.send(new byte[] {1});
            assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);
            assertThat(client.next().deflated()).isFalse();
            WebSocketClient.Frame answer = client.next();
            assertThat(answer.deflated()).isTrue();
            assertThat(answer.payload()).hasSizeLessThan(50);
            assertThat(client.message()).isEqualTo(Frames.trailers("grpc-status:0"));
            assertThat(client.closed()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void itIsNotAgreedOnUnlessTheConfigurationSaysSo(int version) {
        backend.on(PATH, BackendCall::awaitEnd);
        try (WebSocketClient client = open(version, "")) {
            assertThat(client.extensions()).isNull();
            client.frame(DEFLATED, new byte[] {0});
            assertThat(client.closed()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aMessageThatCannotBeInflatedCancelsItsCall(int version) {
        backend.on(PATH, seen -> {
            seen.head();
            seen.awaitReset();
        });
        try (WebSocketClient client = open(version, "websocket.deflate = on")) {
            client.sendHead(HEAD);
            client.message();
            client.frame(DEFLATED, new byte[] {7});
            assertThat(client.closed()).isEqualTo(1007);
            assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    /** Its call has a status that names the limit, as where a message is long without being deflated. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aMessageThatInflatesBeyondTheLimitHasAStatus(int version) {
        backend.on(PATH, seen -> {
            seen.head();
            seen.awaitReset();
        });
        try (WebSocketClient client = open(version, "websocket { deflate = on, message = 1KiB }")) {
            client.sendHead(HEAD);
            client.message();
            // 4,000 bytes of zero.
            client.frame(DEFLATED, Frames.hex("ecc13101000000c2a0f54f6d0c1fa000000080b701"));
            assertThat(client.text()).contains("grpc-status:8", "longer than 1024 bytes, see websocket.message");
            assertThat(client.closed()).isEqualTo(1009);
        }
    }
}
