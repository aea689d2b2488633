package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls whose messages are JSON, in front of a backend that speaks protobuf: Connect and gRPC-Web. */
class ConnectJsonTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String WATCH = "/wire.Service/Watch";
    private static final String[] UNARY = {"content-type", "application/json", "connect-protocol-version", "1"};
    private static final String[] STREAM = {"content-type", "application/connect+json"};
    private static final String[] WEB = {
        "content-type", "application/grpc-web+json", "accept", "application/grpc-web+json"
    };

    @TempDir
    Path folder;

    private final ScriptedBackend backend = new ScriptedBackend();
    private RunningGateway gateway;

    private void start(String keys) {
        start("", keys);
    }

    private void start(String routes, String keys) {
        try {
            Path file = Files.write(
                    folder.resolve("api.pb"), ItemService.descriptors().toByteArray());
            gateway = RunningGateway.of(Setup.parse("""
                    listeners.main { listen = "127.0.0.1:0", access-log = [], connect { descriptors = ["%s"] %s } %s }
                    clusters.backend { endpoints = ["127.0.0.1:%d"] }
                    """.formatted(file, keys, routes, backend.port())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        backend.close();
    }

    private Answer post(int http, String path, byte[] body, String... fields) {
        try (Browser browser = Browser.connect(http, gateway.port())) {
            return browser.post(path, body, fields);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(String text) {
        return Frames.message(bytes(text));
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static String[] with(String[] fields, String... more) {
        String[] all = Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aUnaryCall(int http) {
        start("");
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            seen.head().data(Frames.F4).trailers("grpc-status", "0", "x-late", "2");
        });
        Answer answer = post(http, PATH, bytes("{\"id\": \"a\"}"), with(UNARY, "accept-encoding", "gzip"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("trailer-x-late")).isEqualTo("2");
        assertThat(answer.text()).isEqualTo("{\"id\":\"ab\"}");
        BackendCall call = backend.next();
        assertThat(call.header("content-type")).isEqualTo("application/grpc");
        assertThat(call.header("grpc-accept-encoding")).isEqualTo("identity");
    }

    @Test
    void aCallBehindAPrefixThatTheRouteRemoves() {
        start(", routes = [{ prefix = \"/api/v1/\", prefix-rewrite = \"/\", cluster = backend }]", "");
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            seen.head().data(Frames.F4).trailers("grpc-status", "0");
        });
        Answer answer = post(1, "/api/v1" + PATH, bytes("{\"id\": \"a\"}"), UNARY);
        assertThat(answer.text()).isEqualTo("{\"id\":\"ab\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aStreamThatComesInPieces(int http) {
        start("");
        backend.on(WATCH, seen -> {
            assertThat(seen.awaitBytes(Frames.F3.length)).isEqualTo(Frames.F3);
            byte[] two = Frames.concat(Frames.F3, Frames.F4);
            seen.head()
                    .data(
                            Arrays.copyOf(two, 3),
                            Arrays.copyOfRange(two, 3, 10),
                            Arrays.copyOfRange(two, 10, two.length));
            seen.awaitEnd();
            seen.trailers("grpc-status", "0");
        });
        try (Browser browser = Browser.connect(http, gateway.port())) {
            BrowserCall call = browser.call(WATCH, STREAM);
            for (byte one : json("{\"id\":\"a\"}")) {
                call.send(new byte[] {one});
            }
            byte[] messages = Frames.concat(json("{\"id\":\"a\"}"), json("{\"id\":\"ab\"}"));
            assertThat(call.body(messages.length)).isEqualTo(messages);
            call.end();
            Answer answer = call.answer();
            assertThat(answer.header("content-type")).isEqualTo("application/connect+json");
            assertThat(answer.text()).endsWith("{}");
        }
    }

    @Test
    void gRpcWebWithJson() {
        start("");
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            seen.head().data(Frames.F4).trailers("grpc-status", "0");
        });
        Answer answer = post(1, PATH, json("{\"id\":\"a\"}"), WEB);
        assertThat(answer.header("content-type")).isEqualTo("application/grpc-web+json");
        assertThat(answer.body()).isEqualTo(Frames.concat(json("{\"id\":\"ab\"}"), Frames.T0));
        assertThat(backend.next().header("content-type")).isEqualTo("application/grpc");

        backend.on(PATH, BackendCall::awaitReset);
        Answer broken = post(1, PATH, json("{\"id\":"), WEB);
        assertThat(broken.header("content-type")).isEqualTo("application/grpc-web+json");
        assertThat(broken.grpcStatus()).isEqualTo("3");
    }

    @Test
    void compressedMessagesAreUnpackedWithinABound() {
        start(", held = 1KiB");
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            seen.head("grpc-encoding", "gzip").data(Frames.frame(1, gzip(Frames.hex("0a026162"))));
            seen.trailers("grpc-status", "0");
        });
        Answer answer = post(1, PATH, gzip(bytes("{\"id\":\"a\"}")), with(UNARY, "content-encoding", "gzip"));
        assertThat(answer.text()).isEqualTo("{\"id\":\"ab\"}");
        assertThat(answer.header("content-encoding")).isNull();

        backend.on(PATH, BackendCall::awaitReset);
        byte[] bomb = gzip(bytes("{\"id\":\"" + "a".repeat(2000) + "\"}"));
        assertThat(post(1, PATH, bomb, with(UNARY, "content-encoding", "gzip")).text())
                .contains("resource_exhausted", "limit is 1024");
        assertThat(post(1, PATH, bytes("{}"), with(UNARY, "content-encoding", "gzip"))
                        .text())
                .contains("invalid_argument", "no gzip");
        Answer unknown = post(1, PATH, bytes("{}"), with(UNARY, "content-encoding", "br"));
        assertThat(unknown.text()).contains("unimplemented", "\\\"br\\\"");
        assertThat(unknown.header("accept-encoding")).isEqualTo("gzip");
    }

    @Test
    void whatIsNoMessageIsRefused() {
        start(", held = 1KiB");
        backend.on(PATH, BackendCall::awaitReset);
        backend.on(WATCH, BackendCall::awaitReset);
        Answer broken = post(2, PATH, bytes("{\"id\":\n 1}"), UNARY);
        assertThat(broken.status()).isEqualTo(400);
        assertThat(broken.text()).startsWith("{\"code\":\"invalid_argument\",\"message\":\"");
        assertThat(post(2, PATH, bytes("{"), UNARY).text()).contains("invalid_argument");
        assertThat(post(2, PATH, bytes(""), UNARY).text()).contains("invalid_argument");
        assertThat(post(2, PATH, bytes("[".repeat(1000)), UNARY).text()).contains("invalid_argument");
        Answer unknown = post(2, "/wire.Service/Other", bytes("{}"), UNARY);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text()).contains("unimplemented", "/wire.Service/Other");
        byte[] cut = Arrays.copyOf(json("{\"id\":\"a\"}"), 9);
        assertThat(post(2, WATCH, cut, STREAM).text()).contains("invalid_argument", "middle of a message");
        assertThat(post(2, WATCH, Frames.hex("01 00000000"), STREAM).text()).contains("internal", "no coding");
        assertThat(post(2, WATCH, Frames.hex("00 00000401"), STREAM).text())
                .contains("resource_exhausted", "message is 1025 bytes, limit is 1024");
    }

    @Test
    void aBackendThatSendsSomethingElse() {
        start("");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.hex("00 00000002 0aff")).trailers("grpc-status", "0");
        });
        Answer unary = post(1, PATH, bytes("{}"), UNARY);
        assertThat(unary.text()).contains("internal", "the backend sent no wire.Item");
        backend.on(WATCH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F3, Frames.hex("00 00000002 0aff")).awaitReset();
        });
        Answer stream = post(1, WATCH, json("{}"), STREAM);
        assertThat(stream.text()).contains("{\"id\":\"a\"}", "\"error\":{\"code\":\"internal\"");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head("content-type", "application/grpc+json")
                    .data(json("{\"own\":1}"))
                    .trailers("grpc-status", "0");
        });
        assertThat(post(1, PATH, bytes("{}"), UNARY).text()).isEqualTo("{\"own\":1}");
    }

    @Test
    void getForMethodsWithoutSideEffects() {
        start("");
        backend.on("/wire.Service/Read", seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            seen.head().data(Frames.F4).trailers("grpc-status", "0");
        });
        String query = "?connect=v1&encoding=json&message=%7B%22id%22%3A%22a%22%7D";
        Answer answer = Http1Browser.once(gateway.port(), "GET", "/wire.Service/Read" + query);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.text()).isEqualTo("{\"id\":\"ab\"}");
        assertThat(Http1Browser.once(gateway.port(), "GET", PATH + query).status())
                .isEqualTo(405);
    }
}
