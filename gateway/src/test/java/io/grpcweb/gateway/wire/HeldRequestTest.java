package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.filter.HoldingFilter;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.UnaryCalls;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.FilteredGateway;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that wait until a service has been asked about them. */
class HeldRequestTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String CHECK = "/wire.Check/Check";
    private static final int BOUND = 64 * 1024;
    private static final int WINDOW = 1 << 20;
    private static final int UPLOAD = 100 << 20;

    /** What may still come, or be credited, when the bound is reached: one read of a connection. */
    private static final int SLACK = 256 * 1024;

    private final ScriptedBackend backend = new ScriptedBackend();
    private final ScriptedBackend service = new ScriptedBackend();
    private final AtomicLong heldBytes = new AtomicLong();
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final FilteredGateway gateway = new FilteredGateway(
            "{ prefix = \"/\", cluster = backend, timeout = 0s }",
            cluster("backend", backend) + cluster("service", service),
            ExchangeObserver.NONE,
            calls -> (exchange, head) -> new AskFirst(exchange, calls));

    private static String cluster(String name, ScriptedBackend of) {
        return "clusters." + name + " { endpoints = [\"127.0.0.1:" + of.port() + "\"] }\n";
    }

    /** How one call can be made. */
    private record Way(int http, String type) {
        boolean isText() {
            return type.contains("text");
        }

        BrowserCall begin(Browser browser, String... more) {
            List<String> fields = new ArrayList<>(List.of("content-type", type, "accept", type));
            fields.addAll(List.of(more));
            return browser.call(PATH, fields.toArray(String[]::new));
        }

        byte[] encode(byte[] frame) {
            return isText() ? Frames.text(frame) : frame;
        }

        /** The body of an answer with this status, as these lines of a trailers frame have it. */
        void expect(Answer answer, byte[] messages, String status, String message) {
            if (type.equals("application/grpc")) {
                assertThat(answer.body()).isEqualTo(messages);
                boolean inHead = answer.header("grpc-status") != null;
                assertThat(inHead ? answer.header("grpc-status") : answer.trailer("grpc-status"))
                        .as(answer.toString())
                        .isEqualTo(status);
                return;
            }
            byte[] trailers = message.isEmpty()
                    ? Frames.trailers("grpc-status:" + status)
                    : Frames.trailers("grpc-status:" + status, "grpc-message:" + message);
            byte[] body = isText() ? Frames.untext(answer.body()) : answer.body();
            assertThat(body).as(answer.toString()).isEqualTo(Frames.concat(messages, trailers));
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way(1, "application/grpc-web+proto"),
                new Way(1, "application/grpc-web-text+proto"),
                new Way(2, "application/grpc-web+proto"),
                new Way(2, "application/grpc-web-text+proto"),
                new Way(2, "application/grpc"));
    }

    /** Asks the service; status 0 lets the request go on. */
    private final class AskFirst extends HoldingFilter implements UnaryCalls.Observer {
        private final UnaryCalls calls;
        private SideCall call;

        AskFirst(Exchange exchange, SideCalls calls) {
            super(exchange, BOUND);
            this.calls = new UnaryCalls(calls);
        }

        @Override
        protected void arrived(Http2Headers head, boolean end) {
            if (head.contains("x-body")) {
                collect(16, false);
            } else {
                ask(Unpooled.wrappedBuffer(new byte[] {10, 1, 'q'}));
            }
        }

        @Override
        protected void collected(ByteBuf lent, boolean all) {
            ask(lent.retainedSlice());
        }

        private void ask(ByteBuf message) {
            call = calls.call(
                    exchange().executor(),
                    new UnaryCalls.Method("service", "check.test", CHECK, Duration.ofSeconds(10), 100),
                    message,
                    this);
        }

        @Override
        public void answered(ByteBuf lent) {
            heldBytes.set(exchange().info().bytesReceived);
            head().set("x-checked", Integer.toString(lent.readableBytes()));
            resume();
        }

        @Override
        public void failed(GrpcStatus status, String message) {
            refuse(new LocalReply(403, status.code(), message, null, Details.of("denied"), List.of()));
        }

        @Override
        public void broken(Throwable fault) {
            exchange().broken(fault);
        }

        @Override
        protected void abandoned() {
            call.cancel();
            abandoned.countDown();
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
        service.close();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aRequestGoesOnWhenTheServiceAgrees(Way way) {
        Gate gate = new Gate();
        service.on(CHECK, seen -> {
            seen.awaitEnd();
            gate.pass();
            seen.head().data(Frames.F3).trailers("grpc-status", "0");
        });
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "0");
        });
        try (Browser browser = Browser.connect(way.http(), gateway.port())) {
            BrowserCall call = way.begin(browser);
            call.send(way.encode(Frames.F3));
            call.send(way.encode(Frames.F4));
            call.end();
            BackendCall asked = service.next();
            assertThat(asked.awaitEnd()).isEqualTo(Frames.hex("00 00000003 0a0171"));
            assertThat(asked.header(":authority")).isEqualTo("check.test");
            assertThat(asked.header("content-type")).isEqualTo("application/grpc");
            assertThat(asked.header("te")).isEqualTo("trailers");
            assertThat(asked.header("grpc-timeout")).isEqualTo("10000m");
            assertThat(backend.others()).isEmpty();
            gate.open();
            way.expect(call.answer(), Frames.F2, "0", "");
            BackendCall seen = backend.next();
            assertThat(seen.awaitEnd()).isEqualTo(Frames.concat(Frames.F3, Frames.F4));
            // The message of the service has three bytes.
            assertThat(seen.header("x-checked")).isEqualTo("3");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aRefusalIsAnAnswerInTheFormOfTheCall(Way way) {
        service.on(CHECK, seen -> seen.trailersOnly("grpc-status", "7", "grpc-message", "not%20you"));
        try (Browser browser = Browser.connect(way.http(), gateway.port())) {
            BrowserCall call = way.begin(browser);
            call.send(way.encode(Frames.F3));
            call.end();
            way.expect(call.answer(), new byte[0], "7", "not you (docs/errors.md#denied)");
        }
        assertThat(backend.others()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aTimeOutIsAnAnswerInTheFormOfTheCallAndEndsTheSideCall(Way way) throws InterruptedException {
        service.on(CHECK, BackendCall::awaitReset);
        try (Browser browser = Browser.connect(way.http(), gateway.port())) {
            BrowserCall call = way.begin(browser, "grpc-timeout", "200m");
            call.send(way.encode(Frames.F3));
            call.end();
            way.expect(
                    call.answer(),
                    new byte[0],
                    "4",
                    "downstream duration timeout (docs/errors.md#max_duration_timeout)");
            assertThat(service.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
        assertThat(abandoned.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(backend.others()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aClientThatGivesUpEndsTheWaitAndTheSideCall(Way way) throws InterruptedException {
        service.on(CHECK, BackendCall::awaitReset);
        try (Browser browser = Browser.connect(way.http(), gateway.port())) {
            BrowserCall call = way.begin(browser);
            call.send(way.encode(Frames.F3));
            BackendCall asked = service.next();
            call.cancel();
            assertThat(asked.awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
        assertThat(abandoned.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(backend.others()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theBodyGoesAlongWhereTheServiceWantsIt(Way way) {
        service.on(CHECK, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F3).trailers("grpc-status", "0");
        });
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "0");
        });
        try (Browser browser = Browser.connect(way.http(), gateway.port())) {
            BrowserCall call = way.begin(browser, "x-body", "1");
            call.send(way.encode(Frames.F3));
            call.end();
            way.expect(call.answer(), Frames.F2, "0", "");
        }
        // A message that is the body of eight bytes.
        assertThat(service.next().awaitEnd()).isEqualTo(Frames.hex("00 00000008 00 00000003 0a0161"));
        assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aBodyAboveTheLimitIsAnAnswerInTheFormOfTheCall(Way way) {
        try (Browser browser = Browser.connect(way.http(), gateway.port())) {
            BrowserCall call = way.begin(browser, "x-body", "1");
            call.send(way.encode(Frames.F4));
            call.send(way.encode(Frames.F4));
            way.expect(call.answer(), new byte[0], "8", "Payload Too Large (docs/errors.md#request_payload_too_large)");
        }
        assertThat(service.others()).isEmpty();
        assertThat(backend.others()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUploadIsHeldAtItsWindow(boolean text) throws InterruptedException {
        Gate gate = new Gate();
        service.on(CHECK, seen -> {
            gate.pass();
            seen.head().data(Frames.F3).trailers("grpc-status", "0");
        });
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "0");
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call =
                    browser.call(PATH, "content-type", text ? "application/grpc-web-text" : "application/grpc-web");
            byte[] message = Frames.message(new byte[(1 << 20) - 5]);
            Thread sender = new Thread(() -> {
                for (int i = 0; i < UPLOAD >> 20; i++) {
                    call.send(text ? Frames.text(message) : message);
                }
                call.end();
            });
            sender.start();
            awaitHeldBack();
            assertThat(call.exchange().awaitStandstill()).isLessThanOrEqualTo(BOUND + WINDOW + SLACK);
            gate.open();
            assertThat(call.answer().status()).isEqualTo(200);
            assertThat(heldBytes.get()).isBetween((long) BOUND, (long) BOUND + WINDOW + SLACK);
            assertThat(backend.next().exchange().received()).isEqualTo(UPLOAD);
            sender.join(Http2Peer.PATIENCE_MILLIS);
        }
    }

    @Test
    void anUploadOverHttp1IsHeldAtItsBound() throws InterruptedException {
        Gate gate = new Gate();
        service.on(CHECK, seen -> {
            gate.pass();
            seen.head().data(Frames.F3).trailers("grpc-status", "0");
        });
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "0");
        });
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web");
            byte[] message = Frames.message(new byte[(1 << 20) - 5]);
            AtomicLong parts = new AtomicLong();
            Thread sender = new Thread(() -> {
                for (int i = 0; i < UPLOAD >> 20; i++) {
                    call.send(message);
                    parts.incrementAndGet();
                }
                call.end();
            });
            sender.start();
            awaitHeldBack();
            standstill(parts);
            // The socket buffers of both ends take a few MiB.
            assertThat(parts.get()).isLessThan(32);
            gate.open();
            assertThat(call.answer().status()).isEqualTo(200);
            assertThat(heldBytes.get()).isBetween((long) BOUND, (long) BOUND + SLACK);
            assertThat(backend.next().exchange().received()).isEqualTo(UPLOAD);
            sender.join(Http2Peer.PATIENCE_MILLIS);
        }
    }

    /** Waits until a request has reached its bound. */
    private void awaitHeldBack() {
        Awaitility.await().until(() -> gateway.timesHeldBack() > 0);
    }

    /** Waits until nothing more can be sent, for a while. */
    private static void standstill(AtomicLong sent) {
        AtomicLong last = new AtomicLong(-1);
        Awaitility.await().during(Duration.ofMillis(500)).until(() -> last.getAndSet(sent.get()) == sent.get());
    }

    @Test
    void aClientThatGivesUpAtItsBoundEndsTheWaitAsWell() throws InterruptedException {
        service.on(CHECK, BackendCall::awaitReset);
        try (Browser browser = new Http2Browser(gateway.port())) {
            BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web");
            call.send(Frames.message(new byte[2 * BOUND]));
            BackendCall asked = service.next();
            awaitHeldBack();
            call.cancel();
            assertThat(asked.awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
        assertThat(abandoned.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
