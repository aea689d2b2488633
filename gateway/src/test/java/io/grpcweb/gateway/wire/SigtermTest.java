package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.GatewayProcess;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM at a real process in the middle of 300 calls over both versions of HTTP. */
@DisabledOnOs(OS.WINDOWS)
class SigtermTest {
    private static final String UNARY = "/drain.Service/Unary";
    private static final String ENDING = "/drain.Service/Ending";
    private static final String ENDLESS = "/drain.Service/Endless";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};

    /** Calls of one kind over one version of HTTP; both versions carry the same. */
    private static final int UNARY_CALLS = 100;

    private static final int STREAMS = 25;
    private static final int CALLS = 2 * (UNARY_CALLS + 2 * STREAMS);

    private final CountDownLatch begun = new CountDownLatch(CALLS);
    private final CountDownLatch terminated = new CountDownLatch(1);
    private final AtomicInteger number = new AtomicInteger();
    private final List<AutoCloseable> browsers = new ArrayList<>();
    private final List<Http2Browser> witnesses = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void callsInFlightFinishAndTheRestIsTold() throws Exception {
        drain(Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofSeconds(5));
    }

    @Test
    @Tag("long")
    void callsInFlightFinishAndTheRestIsToldWithTheRealTimes() throws Exception {
        drain(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(25));
    }

    /**
     * Sends SIGTERM when all calls have begun.
     *
     * @param unary how long the last of the unary calls takes after it; the others are spread over the time before
     * @param ending how long the streams that end take
     * @param limit how long the gateway waits for what is open
     */
    private void drain(Duration unary, Duration ending, Duration limit) throws Exception {
        try (ScriptedBackend backend = new ScriptedBackend()
                        .on(UNARY, seen -> {
                            begin(seen);
                            Thread.sleep(unary.toMillis() * (number.getAndIncrement() % UNARY_CALLS) / UNARY_CALLS);
                            seen.head().data(Frames.F3).trailers("grpc-status", "0");
                        })
                        .on(ENDING, seen -> {
                            seen.head().data(Frames.F2);
                            begin(seen);
                            Thread.sleep(ending.toMillis());
                            seen.data(Frames.F3).trailers("grpc-status", "0");
                        })
                        .on(ENDLESS, seen -> {
                            seen.head().data(Frames.F2);
                            begin(seen);
                        });
                GatewayProcess gateway = new GatewayProcess(folder, conf(backend.port(), limit))) {
            List<BrowserCall> unaryHttp1 = http1(gateway.port(), UNARY, UNARY_CALLS);
            List<BrowserCall> unaryHttp2 = http2(gateway.port(), UNARY, UNARY_CALLS);
            List<BrowserCall> endingHttp1 = http1(gateway.port(), ENDING, STREAMS);
            List<BrowserCall> endingHttp2 = http2(gateway.port(), ENDING, STREAMS);
            List<BrowserCall> endless = http1(gateway.port(), ENDLESS, STREAMS);
            endless.addAll(http2(gateway.port(), ENDLESS, STREAMS));
            assertThat(begun.await(30, TimeUnit.SECONDS)).as(gateway::log).isTrue();

            int port = gateway.port();
            gateway.terminate();
            for (Http2Browser witness : witnesses) {
                witness.peer().await("GOAWAY", () -> witness.peer().goAwayLast() >= 0);
            }
            terminated.countDown();
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class);
            assertThat(gateway.awaitExit(limit.toSeconds() + 20))
                    .as(gateway::log)
                    .isZero();

            for (BrowserCall call : unaryHttp1) {
                Answer answer = whole(call, Frames.concat(Frames.F3, Frames.T0));
                assertThat(answer.header("connection")).isEqualTo("close");
            }
            unaryHttp2.forEach(call -> whole(call, Frames.concat(Frames.F3, Frames.T0)));
            endingHttp1.forEach(call -> whole(call, Frames.concat(Frames.F2, Frames.F3, Frames.T0)));
            endingHttp2.forEach(call -> whole(call, Frames.concat(Frames.F2, Frames.F3, Frames.T0)));
            byte[] told = Frames.trailers(
                    "grpc-status:14", "grpc-message:the gateway is shutting down (docs/errors.md#gateway_drain)");
            endless.forEach(call -> whole(call, Frames.concat(Frames.F2, told)));
            for (Http2Browser witness : witnesses) {
                assertThat(witness.peer().goAways())
                        .containsExactly(Integer.MAX_VALUE, witness.peer().lastOpened());
            }
            assertThat(gateway.log()).doesNotContain("LEAK").doesNotContain("Exception");
        } finally {
            for (AutoCloseable browser : browsers) {
                browser.close();
            }
        }
    }

    private void begin(BackendCall seen) throws InterruptedException {
        seen.awaitEnd();
        begun.countDown();
        terminated.await();
    }

    private static Answer whole(BrowserCall call, byte[] body) {
        Answer answer = call.answer();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body()).as(answer.toString()).isEqualTo(body);
        assertThat(answer.end()).as(answer.toString()).isEqualTo(Answer.End.CLEAN);
        return answer;
    }

    /** A connection for each call. */
    private List<BrowserCall> http1(int port, String path, int count) {
        List<BrowserCall> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Http1Browser browser = new Http1Browser(port);
            browsers.add(browser);
            calls.add(begun(browser, path));
        }
        return calls;
    }

    /** Twenty-five calls on a connection. */
    private List<BrowserCall> http2(int port, String path, int count) {
        List<BrowserCall> calls = new ArrayList<>();
        for (int i = 0; i < count; i += 25) {
            Http2Browser browser = new Http2Browser(port);
            browsers.add(browser);
            witnesses.add(browser);
            for (int j = 0; j < 25; j++) {
                calls.add(begun(browser, path));
            }
        }
        return calls;
    }

    private static BrowserCall begun(Browser browser, String path) {
        BrowserCall call = browser.call(path, WEB);
        call.send(Frames.F3);
        call.end();
        return call;
    }

    @Test
    void aSecondSignalHurries() throws Exception {
        Gate gate = new Gate();
        try (ScriptedBackend backend = new ScriptedBackend().on(ENDLESS, seen -> {
                    seen.head().data(Frames.F2);
                    gate.open();
                });
                GatewayProcess gateway = new GatewayProcess(folder, conf(backend.port(), Duration.ofMinutes(10)));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            BrowserCall call = begun(browser, ENDLESS);
            gate.pass();
            gateway.terminate();
            browser.peer().await("GOAWAY", () -> browser.peer().goAwayLast() >= 0);

            gateway.terminate();

            assertThat(gateway.awaitExit(20)).isZero();
            whole(
                    call,
                    Frames.concat(
                            Frames.F2,
                            Frames.trailers(
                                    "grpc-status:14",
                                    "grpc-message:the gateway is shutting down (docs/errors.md#gateway_drain)")));
        }
    }

    private static String conf(int backend, Duration limit) {
        return """
                listeners.main { listen = "127.0.0.1:0", access-log = [] }
                clusters.backend.endpoints = ["127.0.0.1:%d"]
                drain.limit = %dms
                """.formatted(backend, limit.toMillis());
    }
}
