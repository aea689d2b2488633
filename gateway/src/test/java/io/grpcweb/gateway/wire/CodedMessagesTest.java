package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that a backend compresses, and what a browser gets of them. */
final class CodedMessagesTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String BINARY = "application/grpc-web+proto";

    /** {@code hello} in one stored block of gzip, in a frame with the flag of a compressed message. */
    private static final byte[] HELLO =
            Frames.frame(1, Frames.hex("1f8b 08 00 00000000 00 ff 01 0500 faff 68656c6c6f 86a61036 05000000"));

    private static final byte[] PLAIN_HELLO = Frames.hex("00 00000005 68656c6c6f");

    private static Answer answer(ErrorFormat format, byte[][] parts, String... fields) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head("grpc-encoding", "gzip").data(parts).trailers("grpc-status", "0");
                });
                RunningGateway gateway = RunningGateway.of(Setup.of(format, backend.port()));
                Browser browser = Browser.connect(2, gateway.port())) {
            return browser.post(PATH, Frames.F3, fields);
        }
    }

    private static Answer answer(byte[]... parts) {
        return answer(ErrorFormat.BROWSER, parts, "content-type", BINARY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 6, 20, 1000})
    void theyAreUnpackedHoweverTheyAreCut(int size) {
        byte[] all = Frames.concat(HELLO, Frames.F3, HELLO);
        byte[][] parts = new byte[(all.length + size - 1) / size][];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = Arrays.copyOfRange(all, i * size, Math.min(all.length, (i + 1) * size));
        }
        Answer answer = answer(parts);
        assertThat(answer.header("grpc-encoding")).isNull();
        assertThat(answer.body()).isEqualTo(Frames.concat(PLAIN_HELLO, Frames.F3, PLAIN_HELLO, Frames.T0));
    }

    @Test
    void soTheyAreInTheTextForm() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head("grpc-encoding", "gzip").data(HELLO).trailers("grpc-status", "0");
                });
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.BROWSER, backend.port()));
                Browser browser = Browser.connect(1, gateway.port())) {
            Answer answer =
                    browser.post(PATH, Frames.text(Frames.F3), "content-type", "application/grpc-web-text+proto");
            assertThat(Frames.untext(answer.body())).isEqualTo(Frames.concat(PLAIN_HELLO, Frames.T0));
        }
    }

    @Test
    void aClientThatCanReadThemGetsThemAsTheyAre() {
        Answer answer = answer(
                ErrorFormat.BROWSER,
                new byte[][] {HELLO},
                "content-type",
                BINARY,
                "grpc-accept-encoding",
                "identity, gzip");
        assertThat(answer.header("grpc-encoding")).isEqualTo("gzip");
        assertThat(answer.body()).isEqualTo(Frames.concat(HELLO, Frames.T0));
    }

    @Test
    void asInEnvoyTheyAreLeftToTheClient() {
        Answer answer = answer(ErrorFormat.ENVOY, new byte[][] {HELLO}, "content-type", BINARY);
        assertThat(answer.header("grpc-encoding")).isEqualTo("gzip");
        assertThat(answer.body()).isEqualTo(Frames.concat(HELLO, Frames.T0));
    }

    @Test
    void aMessageThatIsTooLongIsNotUnpacked() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[5_000_000]);
        }
        Answer answer = answer(HELLO, Frames.frame(1, bomb.toByteArray()));
        assertThat(answer.body()).startsWith(PLAIN_HELLO);
        assertThat(answer.text()).contains("grpc-status:8", "limit is 4194304");
    }

    @Test
    void aMessageThatIsNotInItsCodingEndsTheCall() {
        Answer answer = answer(HELLO, Frames.frame(1, Frames.F3));
        assertThat(answer.body()).startsWith(PLAIN_HELLO);
        assertThat(answer.text()).contains("grpc-status:13", "the compressed message: no gzip header");
    }

    @Test
    void aMessageThatEndsEarlyEndsTheCall() {
        Answer cut = answer(HELLO, Arrays.copyOf(HELLO, 20));
        assertThat(cut.body()).startsWith(PLAIN_HELLO);
        assertThat(cut.text()).contains("grpc-status:13", "the backend ended in the middle of a message");
    }
}
