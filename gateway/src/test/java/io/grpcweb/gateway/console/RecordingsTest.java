package io.grpcweb.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.WebSocketClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls that the filter recorder keeps, as a page of the console sees them. */
class RecordingsTest {
    private static final String ECHO = "/desk.Desk/Echo";

    /** text: "a", count: 5, pin: "1234", and the same inside. */
    private static final String NOTE = "0a0161 1005 2204 31323334";

    private static final byte[] MESSAGE = Frames.message(Frames.hex(NOTE + "1a0b" + NOTE));
    private static final String SHOWN =
            "{\"text\":\"a\",\"count\":5,\"inner\":{\"text\":\"a\",\"count\":5,\"pin\":\"[masked]\"},"
                    + "\"pin\":\"[masked]\"}";

    private DeskServer desk;
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        desk.close();
    }

    private void start(String recorder, BindableService... reflection) {
        desk = new DeskServer(reflection);
        gateway = RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [], cors.origins = ["https://app.example"]
                  filters = [cors, connect, grpc-web, %s router], connect = on
                  routes = [{ prefix = "/", cluster = desk }] }
                clusters.desk { endpoints = ["127.0.0.1:%d"] }
                admin.listen = "127.0.0.1:0"
                """.formatted(recorder, desk.port())));
    }

    private void start(String recorder) {
        start(recorder, ProtoReflectionServiceV1.newInstance());
    }

    private void call(byte[] body, String... head) {
        try (Browser browser = Browser.connect(1, gateway.port())) {
            browser.post(ECHO, body, head);
        }
    }

    private void call() {
        call(MESSAGE, "content-type", "application/grpc-web+proto", "origin", "https://app.example");
    }

    /** What is told of the call of this number. */
    private String recording(int number) {
        try (ConsolePage page = ConsolePage.open(gateway.adminPort())) {
            page.say("{'id':3,'do':'recording','number':" + number + "}");
            return page.hear();
        }
    }

    private String recorded() {
        try (ConsolePage page = ConsolePage.open(gateway.adminPort())) {
            page.say("{'id':3,'do':'recorded'}");
            return page.hear();
        }
    }

    @Test
    void aCallIsShownWithItsMessagesAndWithoutItsSecrets() {
        start("{ type = recorder },");
        call(
                MESSAGE,
                "content-type",
                "application/grpc-web+proto",
                "origin",
                "https://app.example",
                "authorization",
                "Bearer abc",
                "x-api-key",
                "abc",
                "x-tag",
                "red");
        assertThat(recorded())
                .startsWith("{'id':3,'is':'recorded','on':true,'calls':[{'number':1,'at':'")
                .contains(
                        "'path':'/desk.Desk/Echo','cluster':'desk','origin':'https://app.example','format':'grpc-web',"
                                + "'http':200,'code':0,'name':'OK','message':''}]}")
                .doesNotContain("1234");
        assertThat(recording(1))
                .contains(
                        "['authorization','[masked]'],['x-api-key','[masked]'],['x-tag','red']",
                        "'request':{'count':1,'messages':[{'bytes':24,'json':'" + SHOWN + "'}]}",
                        "'response':{'count':1,'messages':[{'bytes':24,'json':'" + SHOWN + "'}]}")
                .doesNotContain("1234", "abc");
    }

    @Test
    void theConfigurationMasksMore() {
        start("{ type = recorder, mask = [desk.Note.text, desk.Note.inner] },");
        call();
        assertThat(recording(1))
                .contains("'json':'{\"text\":\"[masked]\",\"count\":5,\"inner\":\"[masked]\",\"pin\":\"[masked]\"}'");
    }

    @Test
    void theOldestCallsGo() {
        start("{ type = recorder, calls = 2 },");
        call();
        call();
        call();
        assertThat(recorded()).contains("'number':3", "'number':2").doesNotContain("'number':1,");
        assertThat(recording(1)).isEqualTo("{'id':3,'is':'refused','reason':'the call is not kept any more'}");
    }

    @Test
    void ofALongMessageThereIsTheLength() {
        start("{ type = recorder, message = 23B },");
        call();
        assertThat(recording(1))
                .contains("{'bytes':24,'problem':'not kept: longer than the filter keeps, or not whole'}")
                .doesNotContain("json");
    }

    @Test
    void anErrorHasItsStatusAndItsText() {
        start("{ type = recorder },");
        call(Frames.message(Frames.hex("0a04 6661696c")), "content-type", "application/grpc-web+proto");
        assertThat(recorded()).contains("'code':9,'name':'FAILED_PRECONDITION','message':'the printer is émpty'");
    }

    @Test
    void withoutDescriptorsThereIsOnlyTheLength() {
        start("{ type = recorder },", new BindableService[0]);
        call();
        assertThat(recording(1))
                .contains("{'bytes':24,'problem':'the descriptors of its cluster do not have this method'}")
                .doesNotContain("1234");
    }

    @Test
    void bytesThatAreNoMessageAreNotShown() {
        start("{ type = recorder },");
        // The server writes down that it cannot read it.
        Logger server = Logger.getLogger("io.grpc.internal.SerializingExecutor");
        server.setLevel(Level.OFF);
        call(Frames.message(Frames.hex("0a09 31323334")), "content-type", "application/grpc-web+proto");
        server.setLevel(null);
        assertThat(recording(1))
                .contains("{'bytes':6,'problem':'the message is no desk.Note, or has no JSON form'}")
                .doesNotContain("1234");
    }

    /** However the call comes in, it passes the filter as native gRPC. */
    @ParameterizedTest
    @ValueSource(strings = {"application/grpc-web-text", "application/grpc", "application/proto"})
    void everyFormOfACall(String type) {
        start("{ type = recorder },");
        byte[] body =
                switch (type) {
                    case "application/grpc-web-text" -> Base64.getEncoder().encode(MESSAGE);
                    case "application/proto" -> Frames.hex(NOTE + "1a0b" + NOTE);
                    default -> MESSAGE;
                };
        try (Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(ECHO, body, "content-type", type, "te", "trailers");
        }
        assertThat(recording(1))
                .contains(
                        "'request':{'count':1,'messages':[{'bytes':24,'json':'" + SHOWN + "'}]}",
                        "'response':{'count':1,'messages':[{'bytes':24,'json':'" + SHOWN + "'}]}");
    }

    @Test
    void aStreamOverAWebSocket() {
        start("{ type = recorder, messages = 2 },");
        try (WebSocketClient client = WebSocketClient.open(
                1, gateway.port(), "/desk.Desk/Talk", WebSocketClient.ONE_CALL, "origin", "https://app.example")) {
            client.sendHead("content-type: application/grpc-web+proto");
            for (int i = 0; i < 3; i++) {
                client.send(new byte[] {0}, Frames.F3);
            }
            client.send(new byte[] {1});
            WebSocketClient.Frame last;
            do {
                last = client.next();
            } while (last.opcode() != WebSocketClient.CLOSE);
        }
        assertThat(recording(1))
                .contains(
                        "'request':{'count':3,'messages':[{'bytes':3,'json':'{\"text\":\"a\"}'},{'bytes':3,'json':'{\"text\":\"a\"}'}]}",
                        "'response':{'count':3,'messages':[{'bytes':5,'json':'{\"text\":\"a\",\"count\":1}'},");
    }

    @Test
    void nothingIsKeptUnlessTheConfigurationSaysSo() {
        start("");
        call();
        assertThat(recorded()).isEqualTo("{'id':3,'is':'recorded','on':false,'calls':[]}");
    }

    @Test
    void compressedMessagesAreUnpacked() {
        start("{ type = recorder },");
        byte[] gzip = gzip(Frames.hex("0a0161"));
        byte[] frame = Frames.frame(1, gzip);
        call(frame, "content-type", "application/grpc-web+proto", "grpc-encoding", "gzip");
        call(frame, "content-type", "application/grpc-web+proto", "grpc-encoding", "snappy");
        assertThat(recording(1)).contains("{'bytes':" + gzip.length + ",'json':'{\"text\":\"a\"}'}");
        assertThat(recording(2)).contains("'problem':'compressed with snappy'");
    }

    private static byte[] gzip(byte[] bytes) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
                packed.write(bytes);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
