package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Shop;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** JSON in front of a backend that tells its descriptors itself. */
class JsonReflectionTest {
    private static final String V1 = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private static final String V1_ALPHA = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

    private final AtomicInteger questions = new AtomicInteger();

    private static RunningGateway gateway(ScriptedBackend backend) {
        return RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [],
                  filters = [{ type = json, reflection = shop }, router],
                  routes = [{ prefix = "/", cluster = shop, grpc-only = false }] }
                clusters.shop { endpoints = ["127.0.0.1:%d"] }
                """.formatted(backend.port())));
    }

    private static UnknownFieldSet.Field bytes(ByteString value) {
        return UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
    }

    private static ByteString message(int field, ByteString value) {
        return UnknownFieldSet.newBuilder()
                .addField(field, bytes(value))
                .build()
                .toByteString();
    }

    /** The first question is for the services, the second for the file of one, the others for the files that it imports. */
    private void reflect(BackendCall call) throws InvalidProtocolBufferException {
        byte[] asked = call.awaitEnd();
        call.head();
        if (questions.incrementAndGet() == 1) {
            assertThat(asked).isEqualTo(Frames.hex("00 00000003 3a012a"));
            call.data(Frames.message(message(6, message(1, message(1, ByteString.copyFromUtf8("shop.Shop"))))
                    .toByteArray()));
        } else {
            boolean bySymbol = asked[5] == 0x22;
            for (FileDescriptorProto file :
                    FileDescriptorSet.parseFrom(Shop.descriptors()).getFileList()) {
                boolean wanted = bySymbol
                        ? file.getName().equals("shop.proto")
                        : new String(asked, StandardCharsets.UTF_8).contains(file.getName());
                if (wanted) {
                    call.data(Frames.message(
                            message(4, message(1, file.toByteString())).toByteArray()));
                }
            }
        }
        call.trailers("grpc-status", "0");
    }

    private static void item(BackendCall call) {
        call.awaitEnd();
        call.head().data(Frames.hex("00 00000004 0a026931")).trailers("grpc-status", "0");
    }

    @Test
    void theFirstCallAsksAndTheOthersKnow() {
        try (ScriptedBackend backend =
                        new ScriptedBackend().on(V1, this::reflect).on("/shop.Shop/GetItem", JsonReflectionTest::item);
                RunningGateway gateway = gateway(backend)) {
            for (int i = 0; i < 2; i++) {
                Answer answer = Http1Browser.once(gateway.port(), "GET", "/v1/shelves/s1/items/i1");

                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("{\"id\":\"i1\"}");
            }
            // The services, the file of one, its imports, and what those import.
            assertThat(questions).hasValue(4);
        }
    }

    @Test
    void theOlderVersionIsAskedWhereThereIsNoOther() {
        try (ScriptedBackend backend = new ScriptedBackend()
                        .on(V1, call -> call.trailersOnly("grpc-status", "12"))
                        .on(V1_ALPHA, this::reflect)
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
