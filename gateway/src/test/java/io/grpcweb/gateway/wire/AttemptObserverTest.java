package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.AttemptObserver;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.FilteredGateway;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who observes attempts is told of each, and adds a field to what its backend sees. */
class AttemptObserverTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};

    private final ScriptedBackend backend = new ScriptedBackend();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private final class Observing implements ExchangeObserver, AttemptObserver {
        @Override
        public void started(StreamInfo info) {}

        @Override
        public void ended(StreamInfo info) {
            events.add("exchange ended");
        }

        @Override
        public AttemptObserver attempts() {
            return this;
        }

        @Override
        public Ending began(StreamInfo info, Http2Headers head) {
            int number = info.attempts;
            head.set("x-span", Integer.toString(number));
            events.add(number + " began at " + info.cluster);
            return (status, grpcStatus, message, failure, gaveUp) ->
                    events.add(number + " ended: " + status + " " + grpcStatus + " " + failure);
        }
    }

    private final FilteredGateway gateway = new FilteredGateway(
            "{ prefix = \"/\", cluster = backend, retry { on = [\"reset\"], retries = 1 } }",
            "clusters.backend { endpoints = [\"127.0.0.1:" + backend.port() + "\"] }\n",
            new Observing(),
            calls -> (exchange, head) -> null);

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private String event() throws InterruptedException {
        return events.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void eachAttemptHasABeginningAndAnEnd() throws InterruptedException {
        backend.on(PATH, seen -> {
            if (seen.header("x-span").equals("1")) {
                seen.reset(2);
            } else {
                seen.awaitEnd();
                seen.head().data(Frames.F2).trailers("grpc-status", "5");
            }
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(browser.post(PATH, Frames.F3, WEB).grpcStatus()).isEqualTo("5");
        }
        assertThat(backend.next().header("x-span")).isEqualTo("1");
        assertThat(backend.next().header("x-span")).isEqualTo("2");
        assertThat(event()).isEqualTo("1 began at backend");
        assertThat(event()).isEqualTo("1 ended: 0 -1 REMOTE_RESET");
        assertThat(event()).isEqualTo("2 began at backend");
        assertThat(event()).isEqualTo("2 ended: 200 5 null");
        assertThat(event()).isEqualTo("exchange ended");
    }

    @Test
    void aStatusInTheHeadIsTold() throws InterruptedException {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "7"));
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.post(PATH, Frames.F3, WEB);
        }
        assertThat(event()).isEqualTo("1 began at backend");
        assertThat(event()).isEqualTo("1 ended: 200 7 null");
    }

    @Test
    void anAttemptThatItsClientGaveUpHasEnded() throws InterruptedException {
        backend.on(PATH, BackendCall::awaitReset);
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            call.send(Frames.F3);
            backend.next();
            call.cancel();
            assertThat(event()).isEqualTo("1 began at backend");
            // The exchange is over before its filters are told.
            assertThat(event()).isEqualTo("exchange ended");
            assertThat(event()).isEqualTo("1 ended: 0 -1 null");
        }
    }
}
