package io.grpcweb.gateway.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Unpacked;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filters compression and decompression in the gateway's own format. */
final class CompressionTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String BINARY = "application/grpc-web+proto";
    private static final String TEXT = "application/grpc-web-text+proto";
    private static final byte[] MESSAGE = Frames.message("0123456789".repeat(20).getBytes(US_ASCII));

    private static RunningGateway start(ScriptedBackend backend, String filters) {
        return RunningGateway.of(Setup.parse("listeners.main { listen = \"127.0.0.1:0\", access-log = [], filters = ["
                + filters + ", cors, grpc-web, router], routes = [{ cluster = backend, grpc-only = false }] }\n"
                + "clusters.backend { endpoints = [\"127.0.0.1:" + backend.port() + "\"] }\n"));
    }

    private static ScriptedBackend answering(String... fields) {
        return new ScriptedBackend().on(PATH, seen -> {
            seen.awaitEnd();
            seen.head(fields).data(MESSAGE).trailers("grpc-status", "0");
        });
    }

    private static byte[] gzipped(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"1, gzip", "2, gzip", "2, br", "1, zstd"})
    void theWholeOfACallIsInTheCodingItsStatusToo(int version, String coding) {
        try (ScriptedBackend backend = answering();
                RunningGateway gateway = start(backend, "{ type = compression, codings = [br, zstd, gzip] }");
                Browser browser = Browser.connect(version, gateway.port())) {
            Answer binary =
                    browser.post(PATH, Frames.F3, "content-type", BINARY, "accept-encoding", coding + ", deflate");
            assertThat(binary.header("content-encoding")).isEqualTo(coding);
            assertThat(binary.header("vary")).contains("Accept-Encoding");
            assertThat(Unpacked.of(coding, binary.body())).isEqualTo(Frames.concat(MESSAGE, Frames.T0));

            Answer text = browser.post(PATH, Frames.text(Frames.F3), "content-type", TEXT, "accept-encoding", coding);
            assertThat(text.header("content-encoding")).isEqualTo(coding);
            assertThat(Frames.untext(Unpacked.of(coding, text.body()))).isEqualTo(Frames.concat(MESSAGE, Frames.T0));
            assertThat(text.body()).hasSizeLessThan(MESSAGE.length);
        }
    }

    @Test
    void theOrderOfTheFileDecidesAmongWhatTheClientTakes() {
        try (ScriptedBackend backend = answering();
                RunningGateway gateway = start(backend, "{ type = compression, codings = [br, zstd, gzip] }");
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer =
                    browser.post(PATH, Frames.F3, "content-type", BINARY, "accept-encoding", "gzip, deflate, br, zstd");
            assertThat(answer.header("content-encoding")).isEqualTo("br");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, gzip", "2, gzip", "2, zstd"})
    void aMessageOfAStreamDoesNotWaitForTheNext(int version, String coding) {
        Gate second = new Gate();
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head().data(MESSAGE);
                    second.pass();
                    seen.data(MESSAGE).trailers("grpc-status", "0");
                });
                RunningGateway gateway = start(backend, "{ type = compression, codings = [br, zstd, gzip] }");
                Browser browser = Browser.connect(version, gateway.port())) {
            BrowserCall call = browser.call(PATH, "content-type", BINARY, "accept-encoding", coding);
            call.send(Frames.F3);
            call.end();
            byte[] seen = call.body(1);
            for (int more = 2; !Arrays.equals(Unpacked.beginning(coding, seen), MESSAGE); more++) {
                seen = call.body(more);
            }
            second.open();
            Answer answer = call.answer();
            assertThat(answer.end()).isEqualTo(Answer.End.CLEAN);
            assertThat(Unpacked.of(coding, answer.body())).isEqualTo(Frames.concat(MESSAGE, MESSAGE, Frames.T0));
        }
    }

    @Test
    void messagesThatTheBackendCompressedAreLeftAlone() {
        try (ScriptedBackend backend = answering("grpc-encoding", "gzip");
                RunningGateway gateway = start(backend, "compression");
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer = browser.post(
                    PATH, Frames.F3, "content-type", BINARY, "accept-encoding", "gzip", "grpc-accept-encoding", "gzip");
            assertThat(answer.header("content-encoding")).isNull();
            assertThat(answer.body()).isEqualTo(Frames.concat(MESSAGE, Frames.T0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aResponseThatIsCutIsNotEnded(int version) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head().data(Frames.hex("00 000000ff 0102"));
                    seen.reset(Http2Peer.CANCEL);
                });
                RunningGateway gateway = start(backend, "compression");
                Browser browser = Browser.connect(version, gateway.port())) {
            Answer answer = browser.post(PATH, Frames.F3, "content-type", BINARY, "accept-encoding", "gzip");
            assertThat(answer.end()).isNotEqualTo(Answer.End.CLEAN);
        }
    }

    @Test
    void aRequestIsUnpackedBeforeItIsACall() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    byte[] body = seen.awaitEnd();
                    seen.head().data(body).trailers("grpc-status", "0");
                });
                RunningGateway gateway = start(backend, "{ type = decompression, codings = [gzip, br, zstd] }");
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer binary = browser.post(PATH, gzipped(MESSAGE), "content-type", BINARY, "content-encoding", "gzip");
            assertThat(binary.body()).isEqualTo(Frames.concat(MESSAGE, Frames.T0));
            byte[] text = gzipped(Frames.text(MESSAGE));
            assertThat(Frames.untext(browser.post(PATH, text, "content-type", TEXT, "content-encoding", "gzip")
                            .body()))
                    .isEqualTo(Frames.concat(MESSAGE, Frames.T0));
            Answer other = browser.post(PATH, MESSAGE, "content-type", BINARY, "content-encoding", "deflate");
            assertThat(other.text()).contains("grpc-status:13", "content-encoding deflate");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aBombIsRefusedInTheFormOfTheCall(int version) {
        byte[] bomb = gzipped(new byte[50_000_000]);
        assertThat(bomb).hasSizeLessThan(60_000);
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> seen.awaitReset());
                RunningGateway gateway = start(backend, "decompression");
                Browser browser = Browser.connect(version, gateway.port())) {
            Answer answer = browser.post(
                    PATH, bomb, "content-type", BINARY, "content-encoding", "gzip", "origin", "https://app.example");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text())
                    .contains("grpc-status:8", "the compressed request: grows to more than 100 times its size");
        }
    }

    @Test
    void aBodyThatIsNoneIsRefusedInTheFormOfTheCall() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> seen.awaitReset());
                RunningGateway gateway = start(backend, "decompression");
                Browser browser = Browser.connect(2, gateway.port())) {
            byte[] cut = Arrays.copyOf(gzipped(MESSAGE), 30);
            Answer early = browser.post(PATH, cut, "content-type", BINARY, "content-encoding", "gzip");
            assertThat(early.text()).contains("grpc-status:13", "the compressed request: ends in the middle");
            Answer none = browser.post(PATH, MESSAGE, "content-type", BINARY, "content-encoding", "gzip");
            assertThat(none.text()).contains("grpc-status:13", "the compressed request: no gzip header");
        }
    }

    @Test
    void aBackendThatDoesNotReadHoldsTheUnpackedBodyBack() {
        Gate read = new Gate();
        byte[] sent = Frames.message(new byte[3_000_000]);
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.exchange().stopReading();
                    read.pass();
                    seen.exchange().goOnReading();
                    byte[] body = seen.awaitEnd();
                    seen.head()
                            .data(Frames.message(Integer.toString(body.length).getBytes(US_ASCII)));
                    seen.trailers("grpc-status", "0");
                });
                RunningGateway gateway = start(backend, "{ type = decompression, most-growth = 1032 }");
                Browser browser = Browser.connect(2, gateway.port())) {
            BrowserCall call = browser.call(PATH, "content-type", BINARY, "content-encoding", "gzip");
            call.send(gzipped(sent));
            call.end();
            backend.next().awaitBytes(60_000);
            read.open();
            assertThat(call.answer().text()).contains(Integer.toString(sent.length), "grpc-status:0");
        }
    }

    @Test
    void aResponseOfABackendIsUnpackedAndABrokenOneIsCut() {
        byte[] body = "0123456789".repeat(50).getBytes(US_ASCII);
        try (ScriptedBackend backend = new ScriptedBackend()
                        .on("/whole", seen -> {
                            seen.awaitEnd();
                            seen.head("content-type", "text/plain", "content-encoding", "gzip")
                                    .lastData(gzipped(body));
                        })
                        .on("/broken", seen -> {
                            seen.awaitEnd();
                            seen.head("content-type", "text/plain", "content-encoding", "gzip")
                                    .data(body);
                            seen.awaitReset();
                        });
                RunningGateway gateway = start(backend, "{ type = decompression, responses { enabled = true } }");
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer whole = browser.post("/whole", new byte[0], "content-type", "text/plain");
            assertThat(whole.body()).isEqualTo(body);
            assertThat(whole.header("content-encoding")).isNull();
            assertThat(browser.post("/broken", new byte[0], "content-type", "text/plain")
                            .end())
                    .isInstanceOf(Answer.End.Reset.class);
        }
    }
}
