package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command {@code selftest}: whole with its own backend, and with failures where a backend is broken on purpose. */
class SelfTestCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int run(String... words) {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Main.run(words, print, print);
    }

    private List<String> row(String name) {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length()).strip())
                .toList();
    }

    @Test
    void everyCellPasses() {
        assertThat(run("selftest")).as(out.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(row("large_unary"))
                .containsExactly("ok               ok               ok               ok               ok");
        assertThat(row("ping_pong"))
                .containsExactly("-                -                -                -                ok");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("56 of 56 passed")
                .doesNotContain("FAILED");
    }

    /** A payload that is one byte short is seen in each way, and nothing else is. */
    @Test
    void aBackendThatIsBrokenIsSeen() {
        try (ScriptedBackend backend = new ScriptedBackend()) {
            backend.on("/grpc.testing.TestService/EmptyCall", seen -> {
                seen.awaitEnd();
                seen.head().data(Frames.message(new byte[0])).trailers("grpc-status", "0");
            });
            backend.on("/grpc.testing.TestService/StreamingInputCall", seen -> {
                // aggregated_payload_size: 74921
                seen.head()
                        .data(Frames.message(new byte[] {8, (byte) 0xa9, (byte) 0xc9, 4}))
                        .trailers("grpc-status", "0");
            });

            assertThat(run("selftest", "--backend", "127.0.0.1:" + backend.port()))
                    .isEqualTo(1);
        }
        assertThat(row("empty_unary"))
                .containsExactly("ok               ok               ok               ok               ok");
        assertThat(row("unimplemented_method")).singleElement().asString().doesNotContain("FAILED");
        assertThat(row("large_unary")).singleElement().asString().doesNotContain("ok");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("client_streaming, WebSocket: the size of all payloads is 74921, not 74922");
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        assertThat(run("selftest", "--backend", "nonsense")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--backend 'nonsense' is not HOST:PORT");
    }
}
