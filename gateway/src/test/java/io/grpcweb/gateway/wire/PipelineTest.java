package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http1Answer;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that come behind one another on an HTTP/1.1 connection (RFC 9112 section 9.3.2). */
class PipelineTest {
    private static final String LARGE = "HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\n" + "x".repeat(900_000);

    private final AtomicInteger asked = new AtomicInteger();
    private final Gate gate = new Gate();
    private final Http1Backend backend = new Http1Backend(this::answer);
    private Subject.Running gateway;

    private String answer(Http1Backend.Request request) {
        asked.incrementAndGet();
        try {
            if (request.line().contains("/slow")) {
                gate.pass();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return request.line().contains("/large") ? LARGE : Http1Backend.OK;
    }

    @AfterEach
    void stop() {
        gate.open();
        gateway.close();
        backend.close();
    }

    private void start(String manager) {
        gateway = Subject.GATEWAY.start(
                new EnvoyFile(backend.port()).http1().with("MANAGER", manager).with("ROUTES", """
                        - match: { prefix: "/direct" }
                          direct_response: { status: 200, body: { inline_string: "here" } }
                        - match: { prefix: "/" }
                          route: { cluster: backend, timeout: 0s }
                        """));
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private void nobodyIsConnected() {
        await().untilAsserted(() -> assertThat(gateway.page("/stats?filter=^http.edge.downstream_(cx|rq)_active$"))
                .isEqualTo("http.edge.downstream_cx_active: 0\nhttp.edge.downstream_rq_active: 0\n"));
    }

    /** stream_flush_timeout and delayed_close_timeout: the connection does not stay, either. */
    @Test
    void responsesThatAreNotReadAreNotFetchedAhead() throws IOException {
        start("stream_flush_timeout: 1s\ndelayed_close_timeout: 0.2s");
        try (Socket socket = Http1Browser.connected(gateway.port(), 4096)) {
            socket.getOutputStream().write(get("/large").repeat(60).getBytes(StandardCharsets.US_ASCII));
            await().until(() -> asked.get() > 0);
            nobodyIsConnected();
        }
        assertThat(asked.get()).isLessThanOrEqualTo(16);
        assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("ok");
    }

    @Test
    void aConnectionThatIsToCloseDoesNotWaitForAClientThatReadsNothing() throws IOException {
        start("delayed_close_timeout: 0.2s");
        try (Socket socket = Http1Browser.connected(gateway.port(), 4096)) {
            String closing = "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write((get("/large").repeat(8) + closing).getBytes(StandardCharsets.US_ASCII));
            await().until(() -> asked.get() > 0);
            // Its own clock is five minutes; what ends it is that it asked for the end, or the reader below.
            Http1Browser reader = new Http1Browser(socket);
            for (int i = 0; i < 8; i++) {
                Http1Answer answer = reader.next();
                answer.readHead();
                assertThat(answer.readBody(900_000)).hasSize(900_000);
            }
            await().until(() -> asked.get() == 9);
            nobodyIsConnected();
        }
    }

    /** As many as one read of the socket brings when reads have grown with an upload. */
    @Test
    void thousandsOfRequestsInOneReadAreAnsweredInOrder() {
        start("codec_type: AUTO");
        int count = 8000;
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n" + "x".repeat(2_000_000));
            assertThat(status(browser, 2)).isEqualTo("200 ok");
            browser.raw(get("/slow") + get("/direct").repeat(count) + get("/nowhere"));
            gate.open();
            assertThat(status(browser, 2)).isEqualTo("200 ok");
            for (int i = 0; i < count; i++) {
                assertThat(status(browser, 4)).isEqualTo("200 here");
            }
            assertThat(status(browser, 2)).isEqualTo("200 ok");
        }
        nobodyIsConnected();
    }

    private static String status(Http1Browser browser, int bytes) {
        Http1Answer answer = browser.next();
        answer.readHead();
        return answer.status() + " " + new String(answer.readBody(bytes), StandardCharsets.US_ASCII);
    }

    @Test
    void aClientThatHasGoneIsNoticedBehindRequestsThatWait() throws IOException {
        start("codec_type: AUTO");
        try (Socket socket = Http1Browser.connected(gateway.port(), 0)) {
            socket.getOutputStream()
                    .write((get("/slow") + get("/direct").repeat(8000)).getBytes(StandardCharsets.US_ASCII));
            await().until(() -> asked.get() == 1);
        }
        nobodyIsConnected();
    }

    /** request_headers_timeout counts from its turn. */
    @Test
    void aSecondHeadThatNeverEndsTimesOutWhenItsTurnHasCome() {
        start("request_headers_timeout: 0.2s");
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(get("/slow") + "GET /second HTTP/1.1\r\nHost");
            await().until(() -> asked.get() == 1);
            assertThat(browser.isStillFor(500)).isTrue();
            gate.open();
            assertThat(status(browser, 2)).isEqualTo("200 ok");
            Http1Answer late = browser.next();
            late.readHead();
            assertThat(late.status()).isEqualTo(408);
        }
    }
}
