package io.grpcweb.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ProtoFields;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends that answer a page as no backend should. */
class ConsoleOddAnswersTest {
    @TempDir
    private Path folder;

    private String end(String port) throws IOException {
        Path set = Files.write(folder.resolve("shop.binpb"), Shop.descriptors());
        try (RunningGateway gateway = RunningGateway.of(Setup.parse("""
                        listeners.main { listen = "127.0.0.1:0", access-log = [], routes = [{ prefix = "/", cluster = shop }],
                          filters = [{ type = json, descriptors = "%s", services = [shop.Shop] }, router] }
                        clusters.shop { endpoints = ["127.0.0.1:%s"] }
                        admin.listen = "127.0.0.1:0"
                        """.formatted(set, port)));
                ConsolePage page = ConsolePage.ready(gateway.adminPort(), "shop")) {
            page.say("{'id':7,'do':'call','cluster':'shop','method':'/shop.Shop/GetItem','message':'{}','end':true}");
            return page.hearUntil("end");
        }
    }

    private String end(Consumer<BackendCall> answer) throws IOException {
        try (ScriptedBackend backend = new ScriptedBackend().on("/shop.Shop/GetItem", answer::accept)) {
            return end(Integer.toString(backend.port()));
        }
    }

    @Test
    void nobodyIsThere() throws IOException {
        assertThat(end("1")).contains("'code':14,'name':'UNAVAILABLE','message':'remote connection failure");
    }

    @Test
    void noStatusOfGrpc() throws IOException {
        assertThat(end(call -> call.trailersOnly("x", "y")))
                .contains("'code':2,'name':'UNKNOWN','message':'the backend has sent no grpc-status'");
    }

    @Test
    void aCompressedMessage() throws IOException {
        assertThat(end(call -> call.head().data(Frames.hex("01 00000001 00"))))
                .contains("'code':13")
                .contains("a message is compressed, although the call has not allowed that");
    }

    @Test
    void aMessageThatIsCutOff() throws IOException {
        assertThat(end(call -> call.head().data(Frames.hex("00 00000002 0a")).trailers("grpc-status", "0")))
                .contains("'code':13,'name':'INTERNAL','message':'the last message is cut off'");
    }

    /** 4 MiB and one byte. */
    @Test
    void aMessageThatIsTooLong() throws IOException {
        assertThat(end(call -> call.head().data(Frames.hex("00 00400001 0a"))))
                .contains("a message of 4194305 bytes has come, at most 4194304 are shown");
    }

    /** Three MiB of a character that is six in JSON: shown as they came. */
    @Test
    void aMessageThatGrowsTooMuchAsJson() throws IOException {
        byte[] field = new byte[3 << 20];
        Arrays.fill(field, (byte) 1);
        byte[] message = ProtoFields.of(1, ByteString.copyFrom(field)).fields().toByteArray();
        assertThat(end(call -> call.head().data(Frames.message(message)).trailers("grpc-status", "0")))
                .contains(
                        "'problem':'the message has no JSON form: the message cannot be written as JSON: it has more than 16777216 bytes'")
                .contains("'name':'OK'");
    }

    /** Field 1 is longer than the message. The call goes on. */
    @Test
    void aMessageOfAnotherType() throws IOException {
        assertThat(end(call -> call.head().data(Frames.hex("00 00000002 0a05")).trailers("grpc-status", "0")))
                .contains("'is':'message','bytes':2,'problem':'the message is no shop.Item: ")
                .contains("'base64':'CgU='")
                .contains("'name':'OK'");
    }

    @Test
    void detailsThatAreNone() throws IOException {
        assertThat(end(call -> call.trailersOnly("grpc-status", "99", "grpc-status-details-bin", "!")))
                .contains("'code':99,'name':'UNKNOWN'")
                .contains("\"@type\":\"grpc-status-details-bin\",\"@problem\":\"cannot be read\",\"base64\":\"!\"");
    }
}
