package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JSON in front of a backend that describes itself: the gateway asks it when the first call with JSON comes. */
class ConnectReflectionTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String REFLECTION = "/grpc.reflection.%s.ServerReflection/ServerReflectionInfo";
    private static final String[] JSON = {"content-type", "application/json", "connect-protocol-version", "1"};

    private final ScriptedBackend backend = new ScriptedBackend();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [], connect = on }
                clusters.backend { endpoints = ["127.0.0.1:%d"] }
                """.formatted(backend.port())));
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            seen.head().data(Frames.F4).trailers("grpc-status", "0");
        });
    }

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private Answer post(String path) {
        try (Browser browser = Browser.connect(1, gateway.port())) {
            return browser.post(path, "{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_8), JSON);
        }
    }

    /** Field and content of a message with one field of a length below 128, or of one that holds such a message. */
    private static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(number << 3 | 2);
        int length = content.length;
        while (length > 0x7f) {
            out.write(length & 0x7f | 0x80);
            length >>= 7;
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] file(MessageLite descriptor) {
        return field(4, field(1, descriptor.toByteArray()));
    }

    /** error_response { error_code: 5 } */
    private static final byte[] NOT_FOUND = field(7, new byte[] {8, 5});

    private void describes(String version) {
        backend.on(REFLECTION.formatted(version), seen -> {
            byte[] question = seen.awaitEnd();
            // Field 3 is a file by its name, field 4 one with a symbol.
            String text = new String(question, 7, question.length - 7, StandardCharsets.UTF_8);
            questions.add((question[5] >> 3) + " " + text);
            byte[] said =
                    switch (text) {
                        case "wire.Service" -> file(ItemService.service());
                        case "item.proto" -> file(ItemService.messages());
                        default -> NOT_FOUND;
                    };
            seen.head().data(Frames.message(said)).trailers("grpc-status", "0");
        });
    }

    @Test
    void aServiceIsAskedForOnceAndItsImportsAsWell() {
        describes("v1");
        assertThat(post(PATH).text()).isEqualTo("{\"id\":\"ab\"}");
        assertThat(post(PATH).text()).isEqualTo("{\"id\":\"ab\"}");
        assertThat(questions).containsExactly("4 wire.Service", "3 item.proto");
    }

    @Test
    void anOlderBackendIsAskedInItsOwnVersion() {
        backend.on(REFLECTION.formatted("v1"), seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "12");
        });
        describes("v1alpha");
        assertThat(post(PATH).text()).isEqualTo("{\"id\":\"ab\"}");
    }

    @Test
    void whatTheBackendDoesNotHaveIsUnimplemented() {
        describes("v1");
        assertThat(post("/wire.Other/Call").status()).isEqualTo(404);
        assertThat(post("/wire.Service/Other").text()).contains("unimplemented", "/wire.Service/Other");
    }

    @Test
    void jsonGoesOnWhereTheBackendDoesNotSay() {
        for (String version : new String[] {"v1", "v1alpha"}) {
            backend.on(REFLECTION.formatted(version), seen -> {
                seen.awaitEnd();
                seen.trailersOnly("grpc-status", "12");
            });
        }
        byte[] json = Frames.message("{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_8));
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(json);
            seen.head("content-type", "application/grpc+json").data(json).trailers("grpc-status", "0");
        });
        assertThat(post(PATH).text()).isEqualTo("{\"id\":\"a\"}");
    }

    @Test
    void callsWaitWhileItIsAsked() {
        CountDownLatch go = new CountDownLatch(1);
        backend.on("/other.Service/Call", seen -> seen.head().trailers("grpc-status", "0"));
        backend.on(REFLECTION.formatted("v1"), seen -> {
            seen.awaitEnd();
            go.await();
            byte[] both = field(
                    4,
                    Frames.concat(
                            field(1, ItemService.service().toByteArray()),
                            field(1, ItemService.messages().toByteArray())));
            seen.head().data(Frames.message(both)).trailers("grpc-status", "0");
        });
        try (Browser one = Browser.connect(2, gateway.port())) {
            BrowserCall first = one.call(PATH, JSON);
            first.send("{\"id\":".getBytes(StandardCharsets.UTF_8));
            BackendCall question = backend.next();
            assertThat(question.path()).startsWith("/grpc.reflection");
            BrowserCall gone = one.call(PATH, JSON);
            gone.cancel();
            // A call behind it is answered, so the cancel has been read.
            one.post("/other.Service/Call", Frames.F3, "content-type", "application/grpc-web+proto");
            first.send("\"a\"}".getBytes(StandardCharsets.UTF_8));
            first.end();
            go.countDown();
            assertThat(first.answer().text()).isEqualTo("{\"id\":\"ab\"}");
        }
    }
}
