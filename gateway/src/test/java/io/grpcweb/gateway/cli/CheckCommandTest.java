package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.FreePort;
import io.grpcweb.gateway.testing.ScriptedBackend;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code check} as scripts use it: what it prints, and its exit code. */
class CheckCommandTest {
    private static final String CONF = """
        listeners.main { listen = "127.0.0.1:%d", cors.origins = ["https://app.example"] }
        clusters.backend.endpoints = ["127.0.0.1:%d"]
        """;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) {
        return Main.run(
                words,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String conf(int listen, int backend) throws Exception {
        return Files.writeString(folder.resolve("gateway.conf"), CONF.formatted(listen, backend))
                .toString();
    }

    @Test
    void nothingToFindIsZero() throws Exception {
        try (ScriptedBackend backend = new ScriptedBackend()) {
            assertThat(run("check", "-c", conf(0, backend.port()))).as(said()).isZero();
            assertThat(said()).contains("nothing found, calls should work");
        }
    }

    @Test
    void whatBreaksCallsIsOne() throws Exception {
        int gone = FreePort.take();
        assertThat(run("check", "-c", conf(0, gone), "--json")).isEqualTo(1);
        assertThat(said())
                .contains("\"broken\" : true", "\"breaks\" : true", "the connection is refused", "gateway.conf:2");
    }

    @Test
    void aConfigurationThatCannotBeReadIsOne() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), "listners {}\n");
        assertThat(run("check", "-c", file.toString())).isEqualTo(1);
        assertThat(said()).contains("gateway.conf:1: listners", "did you mean 'listeners'?");
    }

    @Test
    void aCommandLineThatIsWrongIsTwo() {
        assertThat(run("check")).isEqualTo(2);
        assertThat(run("check", "-c", "x.conf", "--nonsense")).isEqualTo(2);
    }

    @Test
    void theGatewayMayRunAlready() throws Exception {
        try (ScriptedBackend backend = new ScriptedBackend();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String file = conf(taken.getLocalPort(), backend.port());
            assertThat(run("check", "-c", file)).isEqualTo(1);
            assertThat(said()).contains("cannot listen on", "--running");
            assertThat(run("check", "-c", file, "--running")).isZero();
        }
    }
}
