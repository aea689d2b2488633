package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.ShopReflection;
import org.junit.jupiter.api.Test;

/** JSON in front of a backend that tells its descriptors itself. */
class JsonReflectionTest {
    private static final String V1 = ShopReflection.V1;
    private static final String V1_ALPHA = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

    private final ShopReflection reflection = new ShopReflection();

    private static RunningGateway gateway(ScriptedBackend backend) {
        return RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [],
                  filters = [{ type = json, reflection = shop }, router],
                  routes = [{ prefix = "/", cluster = shop, grpc-only = false }] }
                clusters.shop { endpoints = ["127.0.0.1:%d"] }
                """.formatted(backend.port())));
    }

    private static void item(BackendCall call) {
        call.awaitEnd();
        call.head().data(Frames.hex("00 00000004 0a026931")).trailers("grpc-status", "0");
    }

    @Test
    void theFirstCallAsksAndTheOthersKnow() {
        try (ScriptedBackend backend =
                        new ScriptedBackend().on(V1, reflection).on("/shop.Shop/GetItem", JsonReflectionTest::item);
                RunningGateway gateway = gateway(backend)) {
            for (int i = 0; i < 2; i++) {
                Answer answer = Http1Browser.once(gateway.port(), "GET", "/v1/shelves/s1/items/i1");

                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("{\"id\":\"i1\"}");
            }
            // The services, the file of one, its imports, and what those import.
            assertThat(reflection.questions()).isEqualTo(4);
        }
    }

    @Test
    void theOlderVersionIsAskedWhereThereIsNoOther() {
        try (ScriptedBackend backend = new ScriptedBackend()
                        .on(V1, call -> call.trailersOnly("grpc-status", "12"))
                        .on(V1_ALPHA, reflection)
                        .on("/shop.Shop/GetItem", JsonReflectionTest::item);
                RunningGateway gateway = gateway(backend)) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/v1/shelves/s1/items/i1")
                            .text())
                    .isEqualTo("{\"id\":\"i1\"}");
        }
    }

    @Test
    void aBackendThatDoesNotTell() {
        try (ScriptedBackend backend = new ScriptedBackend();
                RunningGateway gateway = gateway(backend)) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/v1/shelves/s1/items/i1");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("the descriptors of the service are not known");
        }
    }

    @Test
    void anAnswerThatIsNone() {
        try (ScriptedBackend backend = new ScriptedBackend().on(V1, call -> call.head()
                        .data(Frames.hex("00 000000ff 0a"))
                        .trailers("grpc-status", "0"));
                RunningGateway gateway = gateway(backend)) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/v1/shelves/s1/items/i1")
                            .status())
                    .isEqualTo(503);
        }
    }
}
