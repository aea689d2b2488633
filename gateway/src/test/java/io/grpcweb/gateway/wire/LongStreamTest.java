package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filters that bound what a stream carries: how long a message may be, and when a stream has to begin anew. */
class LongStreamTest {
    private static final String PATH = "/wire.Service/Call";
    private static final byte[] SEVEN = Frames.message(new byte[7]);

    private final ScriptedBackend backend = new ScriptedBackend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private void start(String filter, Script script) {
        backend.on(PATH, script);
        gateway = RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [],
                  filters = [connect, grpc-web, %s, router], connect = on }
                clusters.backend.endpoints = ["127.0.0.1:%d"]
                """.formatted(filter, backend.port())));
    }

    private Answer call(String type, byte[] body) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            return browser.post(PATH, body, "content-type", type);
        }
    }

    private static byte[] tooLong(String direction) {
        return Frames.trailers(
                "grpc-status:8",
                "grpc-message:a message of the " + direction + " is 7 bytes, limit is 6 by listeners.main.filters[2]."
                        + direction + " (docs/errors.md#grpc_message_too_long)");
    }

    @Test
    void whatCameBeforeALongMessageIsWhole() {
        byte[] sent = Frames.concat(Frames.F2, Frames.F3, SEVEN);
        start("{ type = message-limit, response = 6B }", seen -> {
            seen.awaitEnd();
            seen.head().data(sent).awaitReset();
        });
        Answer answer = call("application/grpc-web+proto", SEVEN);
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, Frames.F3, tooLong("response")));
        assertThat(answer.end()).isEqualTo(Answer.End.CLEAN);
        assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
    }

    /** Wherever the bytes are cut. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 6, 8})
    void aPrefixThatComesInPiecesIsHeldBack(int piece) {
        byte[] sent = Frames.concat(Frames.F2, SEVEN);
        start("{ type = message-limit, response = 6B }", seen -> {
            seen.awaitEnd();
            seen.head();
            for (int at = 0; at < sent.length && seen.exchange().resetCode < 0; at += piece) {
                seen.data(Arrays.copyOfRange(sent, at, Math.min(sent.length, at + piece)));
                seen.exchange().peer().roundTrip();
            }
            seen.awaitReset();
        });
        Answer answer = call("application/grpc-web-text+proto", Frames.text(Frames.F3));
        assertThat(Frames.untext(answer.body())).isEqualTo(Frames.concat(Frames.F2, tooLong("response")));
    }

    @Test
    void aLongMessageOfTheRequestDoesNotReachTheBackend() {
        start("{ type = message-limit, request = 6B }", seen -> seen.awaitReset());
        Answer answer = call("application/grpc-web+proto", Frames.concat(Frames.F3, SEVEN));
        assertThat(answer.body()).isEqualTo(tooLong("request"));
    }

    @Test
    void messagesWithinTheLimitPass() {
        start("{ type = message-limit, request = 7B, response = 7B }", seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.concat(SEVEN, Frames.F0));
            seen.head().data(SEVEN, Frames.F0).trailers("grpc-status", "0");
        });
        Answer answer = call("application/grpc-web+proto", Frames.concat(SEVEN, Frames.F0));
        assertThat(answer.body()).isEqualTo(Frames.concat(SEVEN, Frames.F0, Frames.T0));
    }

    @Test
    void nativeCallsAreTold() {
        start("{ type = message-limit, response = 6B }", seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2, SEVEN).awaitReset();
        });
        Answer answer = call("application/grpc", Frames.F3);
        assertThat(answer.body()).isEqualTo(Frames.F2);
        assertThat(answer.trailer("grpc-status")).isEqualTo("8");
    }

    @Test
    void anOldStreamEndsBetweenTwoMessages() {
        start("{ type = stream-rotation, age = 100ms, jitter = 0 }", seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).awaitReset();
        });
        Answer answer = call("application/grpc-web+proto", Frames.F3);
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, rotated("age")));
        assertThat(answer.end()).isEqualTo(Answer.End.CLEAN);
    }

    private static byte[] rotated(String limit) {
        return Frames.trailers(
                "grpc-status:14",
                "grpc-message:the stream ends by stream-rotation." + limit
                        + " of the gateway: open it again (docs/errors.md#stream_rotated)");
    }

    /** Half of the second message is there when the limit is reached. */
    @Test
    void aMessageThatHasBegunIsWhole() {
        start("{ type = stream-rotation, age = 0s, bytes = 12B }", seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).data(Arrays.copyOf(Frames.F4, 6));
            seen.exchange().peer().roundTrip();
            seen.data(Arrays.copyOfRange(Frames.F4, 6, Frames.F4.length), Frames.F3)
                    .awaitReset();
        });
        Answer answer = call("application/grpc-web+proto", Frames.F3);
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, Frames.F4, rotated("bytes")));
    }

    @Test
    void aLongStreamEndsBehindTheMessageWithWhichItIs() {
        start("{ type = stream-rotation, age = 0s, bytes = 8B }", seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2, Frames.F3, Frames.F4).awaitReset();
        });
        Answer answer = call("application/grpc-web+proto", Frames.F3);
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, Frames.F3, rotated("bytes")));
    }

    @Test
    void aCallThatIsNotAnsweredYetIsLeftAlone() {
        start("{ type = stream-rotation, age = 1ms, jitter = 0 }", seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "5", "grpc-message", "none");
        });
        assertThat(call("application/grpc-web+proto", Frames.F3).text()).contains("grpc-status:5");
    }

    @Test
    void aCancelledStreamEndsOnce() {
        start("{ type = stream-rotation, age = 1h }", seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).awaitReset();
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, "content-type", "application/grpc-web+proto");
            call.send(Frames.F3);
            call.end();
            call.body(Frames.F2.length);
            call.cancel();
            assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"message-limit, request = 6B", "stream-rotation"})
    void aFilterThatSeesNoGrpcSaysSo(String filter) {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
        gateway = RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [], filters = [{ type = %s }, grpc-web, router] }
                clusters.backend.endpoints = ["127.0.0.1:%d"]
                """.formatted(filter, backend.port())));
        assertThat(new String(call("application/grpc-web+proto", Frames.F3).body(), StandardCharsets.UTF_8))
                .contains("it belongs behind grpc-web and connect");
    }
}
