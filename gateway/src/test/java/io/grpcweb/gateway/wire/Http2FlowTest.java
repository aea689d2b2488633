package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows, limits and ends of HTTP/2 connections on both sides. */
class Http2FlowTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW = 4;
    private ScriptedBackend backend = new ScriptedBackend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private Http2Browser browser(int... settings) {
        if (gateway == null) {
            gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
        }
        return new Http2Browser(gateway.port(), settings);
    }

    private void backendWith(int... settings) {
        backend.close();
        backend = new ScriptedBackend(settings);
    }

    @Test
    void nothingIsLostWhenTheBackendResetsBehindItsTrailersAndTheBrowsersWindowIsClosed() {
        byte[] message = Frames.message(new byte[200_000]);
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(message).trailers("grpc-status", "0");
            seen.reset(Http2Peer.NO_ERROR);
        });
        try (Http2Browser browser = browser()) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            call.exchange().stopReading();
            call.send(Frames.F3);
            call.end();
            call.exchange().awaitBody(65535);
            assertThat(call.exchange().isEnded()).isFalse();
            call.exchange().goOnReading();
            Answer answer = call.answer();
            assertThat(answer.body()).isEqualTo(Frames.concat(message, Frames.T0));
            assertThat(answer.end()).isEqualTo(Answer.End.CLEAN);
        }
    }

    @Test
    void callsWaitForARoomOrAnotherConnectionWhereTheBackendTakesOneAtATime() {
        backendWith(MAX_CONCURRENT_STREAMS, 1);
        Gate gate = new Gate();
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            gate.pass();
            seen.head().data(Frames.F2).trailers("grpc-status", "0");
        });
        try (Http2Browser browser = browser()) {
            Http2Browser.Call[] calls = new Http2Browser.Call[5];
            for (int i = 0; i < calls.length; i++) {
                calls[i] = browser.call(PATH, WEB);
                calls[i].send(Frames.F3);
                calls[i].end();
            }
            gate.open();
            for (Http2Browser.Call call : calls) {
                assertThat(call.answer().body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
            }
        }
    }

    @Test
    void aCallInFlightSurvivesGoAwayAndTheNextOneTakesAnotherConnection() {
        Gate gate = new Gate();
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().goAway(seen.exchange().id());
            // Behind GOAWAY on the wire: a browser that has this byte knows that the gateway has read both.
            seen.data(Frames.F2);
            gate.pass();
            seen.data(Frames.F3).trailers("grpc-status", "0");
        });
        backend.on("/wire.Service/Next", seen -> seen.trailersOnly("grpc-status", "0"));
        try (Http2Browser browser = browser()) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            call.send(Frames.F3);
            call.end();
            call.body(Frames.F2.length);
            BackendCall first = backend.next();
            Answer next = browser.post("/wire.Service/Next", Frames.F3, WEB);
            assertThat(next.header("grpc-status")).as(next.toString()).isEqualTo("0");
            assertThat(backend.next().exchange().peer())
                    .isNotSameAs(first.exchange().peer());
            gate.open();
            assertThat(call.answer().body()).isEqualTo(Frames.concat(Frames.F2, Frames.F3, Frames.T0));
        }
    }

    @Test
    void aCallThatTheBackendDidNotLookAtGoesAgain() {
        AtomicReference<Http2Peer> first = new AtomicReference<>();
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            first.compareAndSet(null, seen.exchange().peer());
            if (seen.exchange().peer() == first.get()) {
                seen.goAway(0);
            } else {
                seen.head().data(Frames.F2).trailers("grpc-status", "0");
            }
        });
        try (Http2Browser browser = browser()) {
            Answer answer = browser.post(PATH, Frames.F3, WEB);
            assertThat(answer.body()).as(answer.toString()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
        }
    }

    @Test
    void aWindowThatShrinksWithASettingIsRespected() {
        byte[] body = Frames.message(new byte[100_000]);
        backend.on(PATH, seen -> {
            seen.exchange().stopReading();
            seen.awaitBytes(1);
            seen.exchange().peer().settings(INITIAL_WINDOW, 100);
            seen.exchange().peer().roundTrip();
            seen.exchange().goOnReading();
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "0");
        });
        try (Http2Browser browser = browser()) {
            Answer answer = browser.post(PATH, body, WEB);
            assertThat(answer.header("grpc-status")).as(answer.toString()).isEqualTo("0");
            assertThat(backend.next().awaitEnd()).isEqualTo(body);
        }
    }

    @Test
    void aBrowserThatStopsReadingStopsTheBackend() {
        byte[] part = new byte[1 << 20];
        Gate full = new Gate();
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.hex("00 40000000"));
            for (int i = 0; i < 1024 && seen.exchange().resetCode() < 0; i++) {
                seen.data(part);
            }
            full.open();
        });
        try (Http2Browser browser = browser()) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            call.exchange().stopReading();
            call.send(Frames.F3);
            call.end();
            call.exchange().awaitBody(65535);
            BackendCall seen = backend.next();
            long sent = seen.exchange().awaitStandstill();
            // The browser's window, the gateway's window of one MiB, and what was on the way.
            assertThat(sent).isLessThan(3 << 20);
            call.cancel();
            assertThat(seen.awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    @Test
    void aBackendThatStopsReadingStopsTheBrowser() throws InterruptedException {
        backend.on(PATH, seen -> seen.exchange().stopReading());
        try (Http2Browser browser = browser()) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            Thread sender = new Thread(() -> {
                byte[] part = new byte[1 << 20];
                while (call.exchange().resetCode() < 0 && browser.peer().data(call.exchange(), part, false)) {
                    Thread.onSpinWait();
                }
            });
            sender.start();
            backend.next().awaitBytes(65535);
            assertThat(call.exchange().awaitStandstill()).isLessThan(3 << 20);
            browser.close();
            sender.join(Http2Peer.PATIENCE_MILLIS);
        }
    }

    @Test
    void manySmallMessagesAllArrive() {
        byte[] ten = Frames.message(new byte[5]);
        byte[] batch = new byte[ten.length * 100];
        for (int i = 0; i < 100; i++) {
            System.arraycopy(ten, 0, batch, i * ten.length, ten.length);
        }
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head();
            for (int i = 0; i < 100; i++) {
                seen.data(batch);
            }
            seen.trailers("grpc-status", "0");
        });
        try (Http2Browser browser = browser()) {
            Answer answer = browser.post(
                    PATH,
                    Frames.text(Frames.F3),
                    "content-type",
                    "application/grpc-web-text",
                    "accept",
                    "application/grpc-web-text");
            byte[] decoded = Frames.untext(answer.body());
            assertThat(decoded)
                    .as(answer.toString())
                    .hasSize(100_000 + Frames.T0.length)
                    .endsWith(Frames.T0);
            assertThat(Arrays.copyOf(decoded, 1000)).isEqualTo(batch);
        }
    }
}
