package io.grpcweb.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.RecentEvents;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages that are asked for and not read: there is an end to what is kept of them, and probes do not notice. */
class UnreadPagesTest {
    /** Two of them are the 32 MiB that may wait. */
    private static final String PAGE = "x".repeat(16 << 20);

    private final Stats stats = new Stats();
    private final FakeGateway gateway = new FakeGateway();
    private final AdminServer server = new AdminServer(
            stats,
            gateway,
            gateway,
            FakeGateway.INFO,
            format -> PAGE,
            new RecentEvents(),
            ExchangeObserver.NONE,
            5,
            AdminTimeouts.DEFAULT);
    private AdminClient client;

    @BeforeEach
    void start() throws IOException {
        client = new AdminClient(server.start(new GatewayConfig.AdminConfig("127.0.0.1", 0, List.of(), Map.of())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Asks for the page and reads its first byte, so that it is known to be on its way. */
    private Socket deaf() throws IOException {
        Socket socket = client.open();
        socket.getOutputStream()
                .write("GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }

    private void assertServed() throws IOException {
        assertThat(client.get("/metrics")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n" + PAGE);
    }

    @Test
    void aThirdLargePageIsRefusedUntilOneHasLeft() throws IOException {
        try (Socket first = deaf();
                Socket second = deaf()) {
            assertThat(client.get("/metrics"))
                    .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                    .endsWith("\r\n\r\ntoo many pages are waiting to be read\n");
            assertThat(client.get("/ready")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nLIVE\n");
            assertThat(client.get("/stats?filter=^http.admin.downstream_rq_5xx$"))
                    .endsWith("\r\n\r\nhttp.admin.downstream_rq_5xx: 1\n");

            // The connection ends behind the page: what was kept of it is gone by then.
            assertThat(first.getInputStream().readAllBytes()).hasSizeGreaterThan(PAGE.length());
            assertServed();
            assertThat(second.getInputStream().readAllBytes()).hasSizeGreaterThan(PAGE.length());
        }
    }

    @Test
    void aPageThatIsBrokenOffWaitsForNobody() throws IOException {
        try (Socket first = deaf();
                Socket second = deaf()) {
            assertThat(client.get("/metrics")).startsWith("HTTP/1.1 503");
            first.close();
            second.close();
            Awaitility.await().untilAsserted(() -> assertThat(
                            stats.adminListener().downstreamCxActive.value())
                    .isZero());
            assertServed();
        }
    }
}
