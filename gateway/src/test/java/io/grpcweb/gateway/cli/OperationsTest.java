package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.runtime.Gateway;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does and suffers, on a whole gateway: slow clients of the admin port, a full disk, moved logs. */
class OperationsTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;

    private void start(String accessLog) throws Exception {
        start("""
                listeners.main {
                  listen = "127.0.0.1:0"
                  access-log = %s
                  routes = [{ path = "/hello", respond { status = 200, body = "hello" } }]
                }
                clusters.backend.endpoints = ["127.0.0.1:1"]
                admin { listen = "127.0.0.1:0" }
                """.formatted(accessLog), 1);
    }

    private void start(String text, int loops) throws Exception {
        gateway = Gateway.start(Configs.parse(text, "test.conf"), loops);
    }

    @AfterEach
    void stop() {
        gateway.stop();
    }

    private String get(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private int port() {
        return port(0);
    }

    private int port(int listener) {
        return ((InetSocketAddress) gateway.addresses().get(listener)).getPort();
    }

    private String post(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private int adminPort() {
        return gateway.adminAddress().getPort();
    }

    @Test
    void twoHundredSlowClientsOfTheAdminPortHarmNeitherCallsNorProbes() throws Exception {
        start("[]");
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), adminPort());
            socket.getOutputStream().write("GET /stats HTTP/1.1\r\nhost:".getBytes(StandardCharsets.US_ASCII));
            slow.add(socket);
        }

        for (int i = 0; i < 50; i++) {
            assertThat(get(port(), "/hello")).isEqualTo("hello");
        }
        assertThat(get(adminPort(), "/ready")).isEqualTo("LIVE\n");
        String active = get(adminPort(), "/stats?filter=listener.admin.downstream_cx_active");
        assertThat(Integer.parseInt(active.strip().substring(active.indexOf(' ') + 1)))
                .isLessThanOrEqualTo(32);
        for (Socket socket : slow) {
            socket.close();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskUnderTheAccessLogCostsLinesAndNothingElse() throws Exception {
        start("\"/dev/full\"");

        for (int i = 0; i < 50; i++) {
            assertThat(get(port(), "/hello")).isEqualTo("hello");
        }

        Awaitility.await().untilAsserted(() -> assertThat(get(adminPort(), "/metrics"))
                .contains("gateway_access_log_dropped_lines_total 50.0"));
        assertThat(get(adminPort(), "/stats?filter=filesystem.write_failed"))
                .matches("filesystem\\.write_failed: [1-9][0-9]*\n");
    }

    @Test
    void aLogThatWasMovedAwayIsReopenedByTheAdminPage(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("access.log");
        start("\"" + log + "\"");
        get(port(), "/hello");
        Awaitility.await().untilAsserted(() -> assertThat(log).content().contains("\"path\":\"/hello\""));
        Files.move(log, folder.resolve("access.log.1"));

        assertThat(post("/reopen_logs")).isEqualTo("OK\n");

        Awaitility.await().until(() -> Files.exists(log));
        get(port(), "/hello");
        Awaitility.await().untilAsserted(() -> assertThat(log).content().contains("\"path\":\"/hello\""));
    }

    @Test
    void aDrainOfInboundListenersLeavesTheOthersAlone() throws Exception {
        String listener = """
                %s {
                  listen = "127.0.0.1:0"
                  access-log = []
                  routes = [{ path = "/hello", respond { status = 200, body = "hello" } }]
                  %s
                }
                """;
        start("""
                listeners { %s %s }
                clusters.backend.endpoints = ["127.0.0.1:1"]
                admin { listen = "127.0.0.1:0" }
                """.formatted(listener.formatted("outside", ""), listener.formatted("inside", "inbound = true")), 1);
        int outside = port(0);
        int inside = port(1);
        assertThat(get(inside, "/hello")).isEqualTo("hello");

        assertThat(post("/drain_listeners?inboundonly")).isEqualTo("OK\n");

        Awaitility.await().untilAsserted(() -> assertThatThrownBy(
                        () -> new Socket(InetAddress.getLoopbackAddress(), inside).close())
                .isInstanceOf(ConnectException.class));
        assertThat(get(outside, "/hello")).isEqualTo("hello");
    }

    @Test
    void requestsToTheAdminPagesAreWrittenDown(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("admin.log");
        start("""
                listeners.main { listen = "127.0.0.1:0", access-log = [] }
                clusters.backend.endpoints = ["127.0.0.1:1"]
                admin { listen = "127.0.0.1:0", access-log = "%s" }
                """.formatted(log), 1);

        get(adminPort(), "/ready");

        Awaitility.await().untilAsserted(() -> assertThat(log)
                .content()
                .contains("\"path\":\"/ready\"")
                .contains("\"http_status\":200"));
    }
}
