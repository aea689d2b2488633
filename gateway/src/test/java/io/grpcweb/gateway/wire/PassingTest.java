package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes untouched, and how much of it is in memory at a time. */
class PassingTest {
    private static final String PATH = "/wire.Service/Call";
    private static final byte[] COMPRESSED = Frames.hex("01 00000003 1f8b08");
    private final ScriptedBackend backend = new ScriptedBackend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private int port(ErrorFormat format) {
        gateway = RunningGateway.of(Setup.of(format, backend.port()));
        return gateway.port();
    }

    @ParameterizedTest
    @EnumSource(ErrorFormat.class)
    void nativeCallsPassUntouchedTrailersAsTrailers(ErrorFormat format) {
        backend.on(PATH, seen -> {
            byte[] body = seen.awaitEnd();
            seen.head("content-type", "application/grpc+proto", "x-initial", "1")
                    .data(body)
                    .trailers("grpc-status", "5", "grpc-message", "%zz", "x-bin", "AAEC");
        });
        try (Http2Browser browser = new Http2Browser(port(format))) {
            Http2Browser.Call call = browser.call(
                    PATH, "content-type", "application/grpc+proto", "te", "trailers", "grpc-timeout", "9S");
            call.send(Frames.F3);
            call.end();
            Answer answer = call.answer();
            assertThat(answer.header("content-type")).isEqualTo("application/grpc+proto");
            assertThat(answer.header("x-initial")).isEqualTo("1");
            assertThat(answer.body()).isEqualTo(Frames.F3);
            assertThat(answer.trailer("grpc-status")).isEqualTo("5");
            assertThat(answer.trailer("grpc-message")).isEqualTo("%zz");
            assertThat(answer.trailer("x-bin")).isEqualTo("AAEC");
            BackendCall seen = backend.next();
            assertThat(seen.header("content-type")).isEqualTo("application/grpc+proto");
            // The same time, in the unit that Envoy writes.
            assertThat(seen.header("grpc-timeout")).isEqualTo("9000m");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void compressedMessagesPassUntouchedBothWays(int http) {
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head("grpc-encoding", "gzip").data(COMPRESSED).trailers("grpc-status", "0");
        });
        try (Browser browser = Browser.connect(http, port(ErrorFormat.BROWSER))) {
            Answer answer = browser.post(
                    PATH,
                    COMPRESSED,
                    "content-type",
                    "application/grpc-web+proto",
                    "grpc-encoding",
                    "gzip",
                    "grpc-accept-encoding",
                    "gzip");
            assertThat(answer.header("grpc-encoding")).isEqualTo("gzip");
            assertThat(answer.body()).isEqualTo(Frames.concat(COMPRESSED, Frames.T0));
            BackendCall seen = backend.next();
            assertThat(seen.awaitEnd()).isEqualTo(COMPRESSED);
            assertThat(seen.header("grpc-encoding")).isEqualTo("gzip");
            assertThat(seen.header("grpc-accept-encoding")).isEqualTo("gzip");
        }
    }

    @Test
    void requestTrailersReachTheBackendAsTrailersWithoutWhatAHeadAloneMaySay() {
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "0");
        });
        try (Http2Browser browser = new Http2Browser(port(ErrorFormat.ENVOY))) {
            Http2Browser.Call call = browser.call(PATH, "content-type", "application/grpc-web+proto");
            call.send(Frames.F3);
            browser.peer()
                    .headers(
                            call.exchange().id(),
                            new DefaultHttp2Headers()
                                    .add("x-last", "1")
                                    .add("x-forwarded-client-cert", "By=evil")
                                    .add("x-envoy-internal", "true")
                                    .add("content-length", "7"),
                            true);
            assertThat(call.answer().header("grpc-status")).isEqualTo("0");
            BackendCall seen = backend.next();
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            assertThat(seen.exchange().trailers()).hasSize(1);
            assertThat(seen.exchange().trailers().get("x-last")).hasToString("1");
        }
    }

    @Test
    void aLargeMessagePassesWithoutBeingHeld() {
        byte[] part = new byte[1 << 20];
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.hex("00 04000000"));
            for (int i = 0; i < 64; i++) {
                seen.data(part);
            }
            seen.trailers("grpc-status", "0");
        });
        try (Http2Browser browser = new Http2Browser(port(ErrorFormat.ENVOY))) {
            long before = directMemory();
            Http2Browser.Call call = browser.call(PATH, "content-type", "application/grpc-web+proto");
            call.send(Frames.F3);
            call.end();
            call.exchange().awaitEnd();
            assertThat(call.exchange().received()).isEqualTo(5 + (64 << 20) + Frames.T0.length);
            assertThat(directMemory() - before).isLessThan(32 << 20);
        }
    }

    @Test
    void aServerStreamToAClientThatDoesNotReadStaysWithTheBackend() throws Exception {
        byte[] part = new byte[1 << 20];
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.hex("00 40000000"));
            for (int i = 0; i < 1024 && seen.exchange().resetCode() < 0; i++) {
                seen.data(part);
            }
        });
        int port = port(ErrorFormat.ENVOY);
        try (Socket socket = Http1Browser.connected(port, 32 * 1024);
                Http1Browser browser = new Http1Browser(socket)) {
            long before = directMemory() + heap();
            BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web+proto");
            call.send(Frames.F3);
            call.end();
            BackendCall seen = backend.next();
            long first = seen.exchange().awaitStandstill();
            // The gateway's window, and what the sockets of the kernel hold.
            assertThat(first).isLessThan(12 << 20);
            assertThat(directMemory() + heap() - before).isLessThan(8 << 20);
            // It is the client's pace that counts: what it reads is what the backend may send more.
            assertThat(call.body(4 << 20)).hasSizeGreaterThanOrEqualTo(4 << 20);
            seen.exchange()
                    .peer()
                    .await("more from the backend", () -> seen.exchange().sent() > first);
            browser.close();
            assertThat(seen.awaitReset()).isEqualTo(Http2Peer.CANCEL);
            // What was on its way meanwhile is no reason for more.
            seen.exchange().peer().roundTrip();
            assertThat(seen.exchange().frames().stream().filter(frame -> frame.startsWith("RST")))
                    .hasSize(1);
        }
    }

    private static long directMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
