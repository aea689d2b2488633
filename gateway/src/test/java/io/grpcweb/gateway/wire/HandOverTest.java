package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.FreePort;
import io.grpcweb.gateway.testing.GatewayProcess;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Load;
import io.grpcweb.gateway.testing.NewConnections;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.SteadyHttp2;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes take over from one another under load: with connections that stay, and with one for each call. */
@EnabledOnOs(OS.LINUX)
class HandOverTest {
    private static final String METHOD = "/shop.Shop/Order";

    @TempDir
    Path folder;

    private final int port = FreePort.take();

    @Test
    void noCallIsLostWhileProcessesTakeOver() throws Exception {
        takeOver(2, 150, 100);
    }

    @Test
    @Tag("long")
    void noneOfThirtyThousandCallsIsLostOverSixHandOvers() throws Exception {
        assertThat(takeOver(6, 400, 1500)).isGreaterThan(30_000);
    }

    /**
     * Has one process after the other take over.
     *
     * @param perSecond calls on connections that stay
     * @param between how many of these end between two of them, at least
     * @return how many calls were made, over all kinds of connections
     */
    private int takeOver(int times, int perSecond, int between) throws Exception {
        String socket = folder.resolve("hand-over.sock").toString();
        List<GatewayProcess> processes = new ArrayList<>();
        try (ScriptedBackend backend = backend()) {
            String conf = conf(backend.port());
            processes.add(new GatewayProcess(folder, conf, List.of("--hand-over", socket), Map.of()));
            processes.get(0).port();
            try (Load kept = new Load(port, METHOD, perSecond, number -> "call " + number);
                    NewConnections fresh = new NewConnections(port, METHOD, 2);
                    SteadyHttp2 http2 = new SteadyHttp2(port, METHOD)) {
                for (int i = 0; i < times; i++) {
                    kept.awaitEnds(between);
                    GatewayProcess old = processes.get(i);
                    GatewayProcess next = new GatewayProcess(folder, conf, List.of("--hand-over", socket), Map.of());
                    processes.add(next);
                    next.awaitLog("took over");
                    assertThat(old.awaitExit(40)).as(old::log).isZero();
                }
                kept.awaitEnds(between);

                assertThat(fresh.end()).isEmpty();
                assertThat(http2.end()).isEmpty();
                List<Load.Outcome> outcomes = kept.end();
                assertThat(Load.failed(outcomes)).isEmpty();
                return outcomes.size() + fresh.count() + http2.count();
            }
        } finally {
            processes.forEach(GatewayProcess::close);
        }
    }

    @Test
    void theOldOneGoesOnWhereTheNewOneCannotStart() throws Exception {
        String name = "@gateway-" + UUID.randomUUID();
        int admin = FreePort.take();
        try (ScriptedBackend backend = backend();
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GatewayProcess old = new GatewayProcess(
                        folder,
                        conf(backend.port()) + "admin.listen = \"127.0.0.1:" + admin + "\"\n",
                        List.of("--hand-over", name),
                        Map.of())) {
            old.awaitLog("listener main");
            String broken = conf(backend.port()) + "admin.listen = \"127.0.0.1:" + admin + "\"\n"
                    + "listeners.taken { listen = \"127.0.0.1:" + other.getLocalPort() + "\", access-log = [] }\n";
            Path elsewhere = Files.createDirectory(folder.resolve("new"));
            try (GatewayProcess failing =
                    new GatewayProcess(elsewhere, broken, List.of("--hand-over", name), Map.of())) {
                assertThat(failing.awaitExit(30)).isEqualTo(1);
                assertThat(failing.log()).contains("cannot listen on 127.0.0.1:" + other.getLocalPort());
            }
            old.awaitLog("has ended before it was ready");

            assertThat(Http1Browser.once(port, "GET", "/nothing").status()).isNotZero();
            assertThat(adminAnswers(admin)).isTrue();
        }
    }

    @Test
    @Timeout(120)
    void theFileOfASocketStaysWithTheNewProcess() throws Exception {
        List<String> words = List.of("--hand-over", "@gateway-" + UUID.randomUUID());
        Path file = folder.resolve("listener.sock");
        String conf = "listeners.pipe { listen = \"unix:" + file + "\", access-log = [] }\n"
                + "clusters.backend.endpoints = [\"127.0.0.1:1\"]\n";
        try (GatewayProcess first = new GatewayProcess(folder, conf, words, Map.of())) {
            first.awaitLog("listener pipe");
            assertThat(answer(file)).startsWith("HTTP/1.1 ");
            try (GatewayProcess second = new GatewayProcess(folder, conf, words, Map.of())) {
                second.awaitLog("took over");
                assertThat(first.awaitExit(30)).as(first::log).isZero();
                assertThat(answer(file)).startsWith("HTTP/1.1 ");
                try (GatewayProcess third = new GatewayProcess(folder, conf, words, Map.of())) {
                    third.awaitLog("took over");
                    assertThat(second.awaitExit(30)).as(second::log).isZero();
                    assertThat(answer(file)).startsWith("HTTP/1.1 ");
                }
            }
        }
    }

    private static String answer(Path file) throws IOException {
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            socket.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(1024);
            socket.read(answer);
            return StandardCharsets.US_ASCII.decode(answer.flip()).toString();
        }
    }

    @Test
    void epochsOfEnvoyTakeOverUnderTheirBaseId() throws Exception {
        String base = Integer.toString(port);
        try (ScriptedBackend backend = backend();
                GatewayProcess first = epoch(backend, "0", base)) {
            first.awaitLog("listener main");
            try (GatewayProcess again = epoch(backend, "0", base)) {
                assertThat(again.awaitExit(30)).isEqualTo(1);
                assertThat(again.log()).contains("a process with epoch 0 has the socket");
            }
            try (GatewayProcess second = epoch(backend, "1", base)) {
                second.awaitLog("took over");
                assertThat(first.awaitExit(30)).as(first::log).isZero();
                assertThat(Http1Browser.once(port, "GET", "/nothing").status()).isNotZero();
            }
        }
        assertThat(new GatewayProcess(folder, conf(1), List.of("--restart-epoch", "3", "--base-id", base), Map.of())
                        .awaitExit(30))
                .isEqualTo(1);
    }

    private GatewayProcess epoch(ScriptedBackend backend, String epoch, String base) {
        return new GatewayProcess(
                folder, conf(backend.port()), List.of("--restart-epoch", epoch, "--base-id", base), Map.of());
    }

    private static boolean adminAnswers(int port) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return Http1Browser.once(port, "GET", "/ready").status() == 200 && socket.isConnected();
            } catch (ConnectException e) {
                Thread.sleep(50);
            } catch (IOException e) {
                return false;
            }
        }
        return false;
    }

    private String conf(int backend) {
        return """
                listeners.main { listen = "127.0.0.1:%d", access-log = [] }
                clusters.backend { endpoints = ["127.0.0.1:%d"], breakers.normal.requests = 10000 }
                """.formatted(port, backend);
    }

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(METHOD, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F3).trailers("grpc-status", "0");
        });
    }
}
