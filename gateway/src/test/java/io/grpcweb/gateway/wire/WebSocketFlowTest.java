package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.WebSocketClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Credit on the way through a WebSocket, and its end with the gateway. */
class WebSocketFlowTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] PAGE = {"origin", "https://app.example"};
    private static final String HEAD = "content-type: application/grpc-web+proto";
    private static final byte[] DATA = {0};
    private static final int PART = 32 << 10;
    private static final int PARTS = 256;

    @Test
    void aBackendThatTakesNothingStopsTheClient() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.exchange().stopReading();
                    seen.head();
                });
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
                WebSocketClient client =
                        WebSocketClient.open(2, gateway.port(), PATH, WebSocketClient.ONE_CALL, PAGE)) {
            client.sendHead(HEAD);
            client.message();
            BackendCall seen = backend.next();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < PARTS; i++) {
                    client.send(DATA, Frames.message(new byte[PART]));
                }
            });
            long sent = client.exchange().awaitStandstill();
            assertThat(sent).isLessThan(4L << 20);
            seen.exchange().goOnReading();
            sending.join();
            assertThat(seen.exchange().awaitBody(PARTS * (long) (PART + 5))).isNotNull();
        }
    }

    @Test
    void aClientThatReadsNothingStopsTheBackend() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.head();
                    for (int i = 0; i < PARTS; i++) {
                        seen.data(Frames.message(new byte[PART]));
                    }
                    seen.trailers("grpc-status", "0");
                });
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
                WebSocketClient client = WebSocketClient.over(
                        new Http1Browser(Http1Browser.connected(gateway.port(), 16 << 10)),
                        PATH,
                        WebSocketClient.ONE_CALL,
                        PAGE)) {
            client.sendHead(HEAD);
            BackendCall seen = backend.next();
            assertThat(seen.exchange().awaitStandstill()).isLessThan(7L << 20);
            client.message();
            long bytes = 0;
            byte[] part = client.message();
            while (part[0] == 0 || bytes % (PART + 5) != 0) {
                bytes += part.length;
                part = client.message();
            }
            assertThat(bytes).isEqualTo(PARTS * (long) (PART + 5));
            assertThat(part).isEqualTo(Frames.T0);
            assertThat(client.closed()).isEqualTo(1000);
        }
    }

    @Test
    void aCallThatIsOpenAtTheLimitOfADrainEndsWithAStatus() {
        for (int version : new int[] {1, 2}) {
            try (ScriptedBackend backend = new ScriptedBackend()
                            .on(PATH, seen -> seen.head().data(Frames.F2).awaitReset());
                    RunningGateway gateway = RunningGateway.of(
                            Setup.endingWithin(Duration.ofMillis(300), Setup.of(ErrorFormat.ENVOY, backend.port())));
                    WebSocketClient client =
                            WebSocketClient.open(version, gateway.port(), PATH, WebSocketClient.ONE_CALL, PAGE)) {
                client.sendHead(HEAD).send(DATA, Frames.F3);
                client.message();
                assertThat(client.message()).isEqualTo(Frames.F2);
                gateway.shutDown();
                assertThat(client.message())
                        .isEqualTo(Frames.trailers("grpc-status:14", "grpc-message:the gateway is shutting down"));
                assertThat(client.next().status()).isEqualTo(1001);
                assertThat(client.next()).isNull();
            }
        }
    }
}
