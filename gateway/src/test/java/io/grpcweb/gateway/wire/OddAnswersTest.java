package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that are not what a gRPC backend should send, over HTTP/1.1 in Envoy's error format. */
class OddAnswersTest {
    private static final String PATH = "/wire.Service/Call";
    private static ScriptedBackend backend;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        backend = new ScriptedBackend();
        gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        backend.close();
    }

    private static Answer answer(boolean text, Script script) {
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            script.run(seen);
        });
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            String form = text ? "application/grpc-web-text" : "application/grpc-web+proto";
            return browser.post(PATH, text ? Frames.text(Frames.F3) : Frames.F3, "content-type", form, "accept", form);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, 13", "401, 16", "403, 7", "404, 12", "429, 14", "502, 14", "503, 14", "504, 14", "500, 2", "415, 2"
    })
    void anHttpErrorKeepsItsStatusAndItsBodyIsTheMessage(String http, String status) {
        Answer answer = answer(false, seen -> {
            byte[] body = "{\"percentage\": \"100%\"}".getBytes(StandardCharsets.US_ASCII);
            seen.head(":status", http, "content-type", "application/json").lastData(body);
        });
        assertThat(answer.status()).as(answer.toString()).isEqualTo(Integer.parseInt(http));
        assertThat(answer.header("content-type")).isEqualTo("application/grpc-web+proto");
        assertThat(answer.header("grpc-status")).isEqualTo(status);
        assertThat(answer.header("grpc-message")).isEqualTo("{\"percentage\": \"100%25\"}");
        assertThat(answer.body()).isEmpty();
        assertThat(answer.end()).isEqualTo(Answer.End.CLEAN);
    }

    @Test
    void aLongBodyIsAMessageOf16KiB() {
        byte[] body = "x".repeat(16_384).getBytes(StandardCharsets.US_ASCII);
        Answer answer = answer(false, seen -> {
            seen.head(":status", "200", "content-type", "text/plain").data(body);
            seen.lastData(body);
        });
        assertThat(answer.header("grpc-status")).isEqualTo("2");
        assertThat(answer.header("grpc-message")).hasSize(16_384);
    }

    @Test
    void aStatusThatTheBackendGaveWins() {
        Answer answer = answer(
                false, seen -> seen.head(":status", "500", "grpc-status", "8").lastData(new byte[] {'x'}));
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("grpc-status")).isEqualTo("8");
    }

    @ParameterizedTest
    @CsvSource({"200, 2", "503, 14"})
    void aHeadAloneGetsAStatus(String http, String status) {
        Answer answer = answer(false, seen -> seen.trailersOnly(":status", http));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(Integer.parseInt(http));
        assertThat(answer.header("grpc-status")).isEqualTo(status);
        assertThat(answer.end()).isEqualTo(Answer.End.CLEAN);
    }

    @Test
    void theLastWordIsWithTheTrailers() {
        Answer answer = answer(
                false, seen -> seen.head("grpc-status", "8").data(Frames.F2).trailers("grpc-status", "9"));
        assertThat(answer.header("grpc-status")).isNull();
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, Frames.trailers("grpc-status:9")));
    }

    @Test
    void halfAMessageBeforeGoodTrailersIsNoSuccess() {
        byte[] half = Frames.hex("00 00000004 0a02");
        Answer binary = answer(false, seen -> seen.head().data(half).trailers("grpc-status", "0"));
        assertThat(binary.end()).as(binary.toString()).isEqualTo(Answer.End.CUT);
        Answer text = answer(true, seen -> seen.head().data(half).trailers("grpc-status", "0"));
        assertThat(text.end()).isEqualTo(Answer.End.CLEAN);
        assertThat(new String(Frames.untext(text.body()), StandardCharsets.ISO_8859_1))
                .startsWith("\u0080")
                .contains("grpc-status:13\r\n")
                .doesNotContain("grpc-status:0");
    }

    @Test
    void aFrameWithUnknownFlagsEndsATextAnswerWithStatus13() {
        Answer answer = answer(true, seen -> {
            seen.head().data(Frames.F2, Frames.hex("02 00000000"));
            assertThat(seen.awaitReset()).isEqualTo(Http2Peer.CANCEL);
        });
        assertThat(new String(Frames.untext(answer.body()), StandardCharsets.ISO_8859_1))
                .startsWith(new String(Frames.F2, StandardCharsets.ISO_8859_1))
                .contains("grpc-status:13\r\n");
        assertThat(answer.end()).isEqualTo(Answer.End.CLEAN);
    }

    @Test
    void anInterimAnswerIsNotForTheBrowser() {
        Answer answer = answer(false, seen -> seen.head(":status", "103", "link", "</a>")
                .head()
                .data(Frames.F2)
                .trailers("grpc-status", "0"));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("link")).isNull();
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
    }

    @Test
    void largeTrailersArePassedWhole() {
        String large = "v".repeat(12_000);
        Answer passed = answer(false, seen -> seen.head().trailers("grpc-status", "0", "x-large", large));
        assertThat(passed.body()).isEqualTo(Frames.trailers("grpc-status:0", "x-large:" + large));
    }

    @Test
    void fieldsOfTheBackendsConnectionStayThere() {
        Answer answer = answer(
                false, seen -> seen.head("content-length", "7", "x-a", "1", "x-a", "2", "grpc-encoding", "identity")
                        .data(Frames.F2)
                        .trailers("grpc-status", "0"));
        assertThat(answer.header("content-length")).isNull();
        assertThat(answer.header("x-a")).isEqualTo("1,2");
        assertThat(answer.header("grpc-encoding")).isEqualTo("identity");
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
    }
}
