package io.grpcweb.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.MetricsFormat;
import io.grpcweb.gateway.telemetry.RecentEvents;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
    private static final int LIMIT = 5;

    private final Stats stats = new Stats();
    private final FakeGateway gateway = new FakeGateway();
    private final RecentEvents recent = new RecentEvents();
    private final BlockingQueue<StreamInfo> logged = new LinkedBlockingQueue<>();
    private final ExchangeObserver log = new ExchangeObserver() {
        @Override
        public void started(StreamInfo info) {}

        @Override
        public void ended(StreamInfo info) {
            logged.add(info);
        }
    };
    private static final String BIG = "x".repeat(16 << 20);
    private final Semaphore asked = new Semaphore(0);
    private final Semaphore held = new Semaphore(0);
    private volatile boolean big;
    private AdminServer server;
    private AdminClient client = start(AdminTimeouts.DEFAULT);

    private AdminClient start(AdminTimeouts timeouts) {
        if (server != null) {
            server.close();
        }
        server =
                new AdminServer(stats, gateway, gateway, FakeGateway.INFO, this::metrics, recent, log, LIMIT, timeouts);
        try {
            client = new AdminClient(server.start(new GatewayConfig.AdminConfig("127.0.0.1", 0, List.of(), Map.of())));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return client;
    }

    private String metrics(MetricsFormat format) {
        asked.release();
        held.acquireUninterruptibly();
        return big ? BIG : format == MetricsFormat.PROMETHEUS ? "calls_total 1\n" : "# EOF\n";
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void readyFollowsTheEndpointsThatAreWanted() throws IOException {
        gateway.notReady = "cluster orders: 0 of 2 endpoints take calls, 50 % are wanted";
        assertThat(client.get("/ready"))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .endsWith("NOT READY: cluster orders: 0 of 2 endpoints take calls, 50 % are wanted\n");

        client.post("/healthcheck/fail", "host: 127.0.0.1");
        assertThat(client.get("/ready")).endsWith("DRAINING\n");
    }

    @Test
    void readyFollowsTheHealthcheckLevers() throws IOException {
        assertThat(client.get("/ready")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nLIVE\n");

        assertThat(client.post("/healthcheck/fail", "host: 127.0.0.1")).endsWith("\r\n\r\nOK\n");
        assertThat(client.get("/ready"))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .endsWith("DRAINING\n");

        client.post("/healthcheck/ok", "host: 127.0.0.1");
        assertThat(client.get("/ready")).endsWith("LIVE\n");
    }

    @Test
    void leversWantPost() throws IOException {
        assertThat(client.get("/quitquitquit"))
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                .endsWith("\r\n\r\nMethod GET not allowed, POST required.");
        assertThat(gateway.pulled).isEmpty();
    }

    @Test
    void drainListenersHandsItsParametersOver() throws IOException {
        client.post("/drain_listeners?graceful&skip_exit", "host: 127.0.0.1");

        assertThat(gateway.pulled).containsExactly("drain true true false");
    }

    @Test
    void quitAnswersFirst() throws IOException {
        assertThat(client.post("/quitquitquit", "host: 127.0.0.1")).endsWith("OK\n");

        Awaitility.await().untilAsserted(() -> assertThat(gateway.pulled).containsExactly("quit"));
    }

    @Test
    void aHeadRequestGetsTheFieldsAlone() throws IOException {
        assertThat(client.ask("HEAD /ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
                .contains("content-length: 5\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void anUnknownPathListsThePages() throws IOException {
        assertThat(client.get("/nonsense"))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .contains("invalid path. admin commands are:\n")
                .contains("\n  /drain_listeners (POST): drain listeners\n      graceful: ");
    }

    @Test
    void twoRequestsInOnePacketAreAnsweredInOrder() throws IOException {
        String first = "GET /ready HTTP/1.1\r\nhost: x\r\n\r\n";
        String second = "GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

        String both = client.ask(first + second);

        assertThat(both).startsWith("HTTP/1.1 200").contains("LIVE\nHTTP/1.1 404");
    }

    @Test
    void aConnectionServesOneRequestAfterAnother() throws IOException {
        try (Socket socket = client.open()) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream()
                        .write("GET /ready HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                StringBuilder answer = new StringBuilder();
                while (!answer.toString().endsWith("LIVE\n")) {
                    answer.append((char) socket.getInputStream().read());
                }
                assertThat(answer).startsWith("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void brokenHttpGetsA400() throws IOException {
        assertThat(client.ask("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400");
    }

    @Test
    void theNameOfAWebSiteIsNotAnswered() throws IOException {
        assertThat(client.ask("GET /config_dump HTTP/1.1\r\nhost: evil.example:9901\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .endsWith("'evil.example:9901' may be the name of somebody's web site: use the IP address\n");
    }

    @Test
    void aPageOfAnotherOriginPullsNoLever() throws IOException {
        assertThat(client.post("/quitquitquit", "host: 127.0.0.1:9901", "origin: https://evil.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(gateway.pulled).isEmpty();

        assertThat(client.post("/reopen_logs", "host: 127.0.0.1:9901", "origin: http://127.0.0.1:9901"))
                .startsWith("HTTP/1.1 200");
        assertThat(gateway.pulled).containsExactly("reopen");
    }

    @Test
    void forgottenConnectionsMakeRoomForAProbe() throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 4 * LIMIT; i++) {
            silent.add(client.open());
        }

        assertThat(client.get("/ready")).endsWith("LIVE\n");
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void aClientThatNeverEndsItsRequestIsSentAway() throws IOException {
        start(new AdminTimeouts(50, 50, 50));

        assertThat(client.ask("GET /ready HTTP/1.1\r\nhost:")).isEmpty();
    }

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        start(new AdminTimeouts(5000, 5000, 50));

        assertThat(client.ask("GET /ready HTTP/1.1\r\nhost: x\r\n\r\n")).endsWith("LIVE\n");
    }

    @Test
    void itsOwnRequestsAreCounted() throws IOException {
        client.get("/ready");

        assertThat(stats.http("admin").downstreamRqTotal.sum()).isEqualTo(1);
        Awaitility.await().untilAsserted(() -> assertThat(
                        stats.adminListener().downstreamCxActive.value())
                .isZero());
    }

    @Test
    void itsRequestsAreToldToTheAccessLog() throws Exception {
        client.ask("GET /ready?x HTTP/1.1\r\nhost: a\r\nUser-Agent: curl\r\nconnection: close\r\n\r\n");

        StreamInfo info = logged.poll(10, TimeUnit.SECONDS);
        assertThat(info.protocol).isSameAs(Protocol.HTTP_1_1);
        assertThat(info.requestHeaders.method()).hasToString("GET");
        assertThat(info.requestHeaders.path()).hasToString("/ready?x");
        assertThat(info.requestHeaders.authority()).hasToString("a");
        assertThat(info.requestHeaders.get("user-agent")).hasToString("curl");
        assertThat(info.responseCode).isEqualTo(200);
        assertThat(info.bytesSent).isEqualTo("LIVE\n".length());
        assertThat(info.endNanos).isGreaterThanOrEqualTo(info.startNanos);
    }

    @Test
    void metricsAreThoseOfTheRegistry() throws IOException {
        held.release();
        assertThat(client.get("/metrics"))
                .contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n")
                .endsWith("\r\n\r\ncalls_total 1\n");
    }

    @Test
    void metricsAreOpenMetricsForThoseWhoAcceptThat() throws IOException {
        held.release();
        String accept = "accept: text/plain;q=0.5\r\naccept: application/openmetrics-text\r\n";
        assertThat(client.ask("GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n" + accept + "\r\n"))
                .contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n")
                .endsWith("\r\n\r\n# EOF\n");
    }

    @Test
    void recentRefusalsAreEscaped() throws IOException {
        recent.refused("https://<script>\n", "origin", "exact https://app.example", "cors.origins in a.yaml:3");

        String page = client.get("/recent");

        assertThat(page).contains("https://&lt;script&gt;\\x0a").doesNotContain("<script>");
        assertThat(AdminClient.body(client.get("/recent?format=json")))
                .contains("\"origin\": \"https://<script>\\\\x0a\"");
    }

    @Test
    void eightBitTextInARequestLineDoesNoHarm() throws IOException {
        String answer = client.ask("GET /\u00e4?filter=%ff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");

        assertThat(answer.getBytes(StandardCharsets.UTF_8)).isNotEmpty();
        assertThat(answer).startsWith("HTTP/1.1 404");
    }

    @Test
    void aPageOfAnotherSiteIsShownNothing() throws IOException {
        assertThat(
                        client.ask(
                                "GET /stats HTTP/1.1\r\nhost: 127.0.0.1\r\nsec-fetch-site: cross-site\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void aPatternThatWouldFillTheMemoryIsRefused() throws IOException {
        String nested = "(?:".repeat(30) + "a" + "{2})".repeat(30) + "{2}";
        for (String page : List.of(
                "/stats?filter=", "/stats/prometheus?filter=", "/clusters?filter=", "/config_dump?name_regex=")) {
            for (String pattern : List.of("((a{1000}){1000}){1000}", nested, "a".repeat(2000))) {
                assertThat(client.get(page + pattern)).as(page).startsWith("HTTP/1.1 400");
            }
        }
        assertThat(client.get("/stats?filter=(a%2B)%2B$")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aProbeDoesNotWaitForAPageThatTakesLong() throws Exception {
        try (Socket slow = client.open()) {
            slow.getOutputStream()
                    .write("GET /metrics?slow HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(asked.tryAcquire(10, TimeUnit.SECONDS)).isTrue();

            assertThat(client.get("/ready")).endsWith("LIVE\n");

            held.release(1);
            assertThat(slow.getInputStream().read()).isEqualTo('H');
        }
    }

    @Test
    void answersThatAreNotReadAreMadeOneAtATime() throws Exception {
        held.release(1000);
        big = true;
        int requests = 4;
        try (Socket deaf = client.open()) {
            deaf.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n"
                            .repeat(requests)
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(asked.tryAcquire(1, 10, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/ready")).endsWith("LIVE\n");
            }
            // One is on its way; the socket holds less than a second one.
            assertThat(asked.availablePermits()).isZero();

            deaf.setSoTimeout(10_000);
            long size = 0;
            byte[] into = new byte[1 << 20];
            while (size < (long) requests * BIG.length()) {
                int read = deaf.getInputStream().read(into);
                assertThat(read).isPositive();
                size += read;
            }
            assertThat(asked.tryAcquire(requests - 1, 10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aClientThatDoesNotReadItsAnswerIsSentAway() throws Exception {
        held.release(1000);
        big = true;
        start(new AdminTimeouts(5000, 100, 5000));
        try (Socket deaf = client.open()) {
            deaf.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().untilAsserted(() -> assertThat(
                            stats.adminListener().downstreamCxDestroy.sum())
                    .isEqualTo(1));
        }
    }
}
