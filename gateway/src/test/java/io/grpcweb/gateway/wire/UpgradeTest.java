package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http1Answer;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller sends behind a request for another protocol is for that protocol, and reaches nobody before it is spoken. */
class UpgradeTest {
    private static final String WEBSOCKETS = """
            http2_protocol_options: { allow_connect: true }
            upgrade_configs: [ { upgrade_type: websocket } ]""";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n";
    private static final String SECRET = "GET /secret HTTP/1.1\r\nhost: internal\r\n\r\n";
    private static final String REFUSED = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno";
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";

    /** A backend of one connection: what it was sent behind the head of a request, before its answer and after. */
    private static final class Bytes implements AutoCloseable {
        private final ServerSocket server;
        private final Gate gate = new Gate();
        private final CompletableFuture<String> asked = new CompletableFuture<>();
        private final CompletableFuture<String> behind;
        private volatile int early;

        Bytes(String answer) throws IOException {
            server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            behind = CompletableFuture.supplyAsync(() -> talk(answer));
        }

        private String talk(String answer) {
            try (Socket socket = server.accept()) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) socket.getInputStream().read());
                }
                asked.complete(head.toString());
                gate.pass();
                early = socket.getInputStream().available();
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        Subject.Running gateway() {
            return Subject.GATEWAY.start(
                    new EnvoyFile(server.getLocalPort()).http1().with("MANAGER", WEBSOCKETS));
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    @Test
    void aBackendThatStaysWithHttpNeverSeesThem() throws Exception {
        try (Bytes backend = new Bytes(REFUSED);
                Subject.Running gateway = backend.gateway();
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(UPGRADE + "\r\n" + SECRET);
            backend.asked.join();
            browser.raw(SECRET);
            backend.gate.open();
            Answer answer = browser.next().readAll();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(answer.text()).isEqualTo("no");
            assertThat(browser.isEnded()).isTrue();
            assertThat(backend.behind.join()).isEmpty();
        }
    }

    @Test
    void aBackendThatChangesGetsThemBehindItsAnswer() throws Exception {
        try (Bytes backend = new Bytes(SWITCHED);
                Subject.Running gateway = backend.gateway();
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(UPGRADE + "\r\none");
            backend.asked.join();
            backend.gate.open();
            Http1Answer answer = browser.next();
            answer.readHead();
            assertThat(answer.status()).isEqualTo(101);
            browser.raw("two");
            browser.close();
            assertThat(backend.behind.join()).isEqualTo("onetwo");
            assertThat(backend.early).isZero();
        }
    }

    @Test
    void theSameHoldsForExtendedConnect() throws Exception {
        for (String answer : new String[] {REFUSED, SWITCHED}) {
            try (Bytes backend = new Bytes(answer);
                    Subject.Running gateway = backend.gateway();
                    Http2Browser browser = new Http2Browser(gateway.port())) {
                Http2Browser.Call call =
                        browser.call("/ws", ":method", "CONNECT", ":protocol", "websocket", "content-length", "3");
                call.send("one".getBytes(StandardCharsets.US_ASCII));
                String head = backend.asked.join();
                browser.peer().roundTrip();
                backend.gate.open();
                assertThat(head).contains("upgrade: websocket\r\n").doesNotContain("content-length");
                assertThat(call.status()).isEqualTo(answer.equals(REFUSED) ? 401 : 200);
                browser.close();
                assertThat(backend.behind.join()).isEqualTo(answer.equals(REFUSED) ? "" : "one");
                assertThat(backend.early).isZero();
            }
        }
    }

    @Test
    void anHttp2BackendThatRefusesSeesNothingButTheRequest() {
        try (ScriptedBackend backend = new ScriptedBackend(8, 1).on("/ws", seen -> {
                    seen.head(":status", "403", "content-type", "text/plain");
                    seen.lastData("no".getBytes(StandardCharsets.US_ASCII));
                });
                Subject.Running gateway =
                        Subject.GATEWAY.start(new EnvoyFile(backend.port()).with("MANAGER", WEBSOCKETS));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(UPGRADE + "\r\n" + SECRET);
            assertThat(browser.next().readAll().status()).isEqualTo(403);
            BackendCall seen = backend.next();
            seen.exchange().peer().roundTrip();
            assertThat(seen.exchange().received()).isZero();
        }
    }

    @Test
    void whoDoesNotWaitForTheBackendIsNotReadAnyFurther() throws Exception {
        try (Bytes backend = new Bytes(REFUSED);
                Subject.Running gateway = backend.gateway();
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call("/ws", ":method", "CONNECT", ":protocol", "websocket");
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> call.send(new byte[64 << 20]));
            assertThat(call.exchange().awaitStandstill()).isLessThan(32 << 20);
            backend.gate.open();
            assertThat(call.status()).isEqualTo(401);
            browser.close();
            sending.join();
            assertThat(backend.behind.join()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"content-length: 5\r\n\r\nhello", "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"})
    void aRequestForAnotherProtocolHasNoBody(String body) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = Subject.GATEWAY.start(
                        new EnvoyFile(backend.port()).http1().with("MANAGER", WEBSOCKETS));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(UPGRADE + body + SECRET);
            assertThat(browser.next().readAll().status()).isEqualTo(400);
            assertThat(browser.isEnded()).isTrue();
            assertThat(backend.wasAsked()).isFalse();
        }
    }

    @Test
    void anOfferOfHttp2IsNotPassedOnWhateverConnectionNames() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = Subject.GATEWAY.start(new EnvoyFile(backend.port()).http1());
                Http1Browser browser = new Http1Browser(gateway.port())) {
            for (String connection : new String[] {"upgrade", "upgrade, http2-settings", "keep-alive"}) {
                Answer answer = browser.ask(
                        "GET", "/", "connection", connection, "upgrade", "h2c", "http2-settings", "AAMAAABkAAQAAP__");
                assertThat(answer.text()).isEqualTo("ok");
                assertThat(backend.next().head().toLowerCase(Locale.ROOT))
                        .doesNotContain("http2-settings", "upgrade", "connection");
            }
        }
    }
}
