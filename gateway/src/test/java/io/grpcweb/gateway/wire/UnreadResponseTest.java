package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that do not read what they asked for, and what becomes of the others meanwhile. */
class UnreadResponseTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String WHOLE = "/wire.Service/Whole";
    private static final String ENDLESS = "/wire.Service/Endless";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final int INITIAL_WINDOW = 4;

    private final ScriptedBackend backend = new ScriptedBackend();
    private Subject.Running gateway;

    UnreadResponseTest() {
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "0");
        });
        byte[] message = Frames.message(new byte[200_000]);
        backend.on(WHOLE, seen -> seen.head().data(message).trailers("grpc-status", "0"));
        byte[] megabyte = Frames.message(new byte[1 << 20]);
        backend.on(ENDLESS, seen -> {
            seen.head();
            for (int i = 0; i < 40; i++) {
                seen.data(megabyte);
            }
        });
    }

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private void start(String manager) {
        gateway = Subject.GATEWAY.start(new EnvoyFile(backend.port()).with("MANAGER", manager));
    }

    private long stat(String name) {
        return gateway.page("/stats?filter=^http.*" + name + "$")
                .lines()
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(": ") + 2)))
                .sum();
    }

    private void neighbourIsServed() {
        try (Http2Browser neighbour = new Http2Browser(gateway.port())) {
            Answer answer = neighbour.post(PATH, Frames.F3, WEB);
            assertThat(answer.body()).as(answer.toString()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
        }
    }

    /** They would use up the window of the backend connection, which is the same for all clients of an event loop. */
    @Test
    void streamsThatAreNotReadLeaveTheBackendConnectionToOthers() {
        start("codec_type: AUTO");
        try (Http2Browser deaf = new Http2Browser(gateway.port(), INITIAL_WINDOW, 0)) {
            for (int i = 0; i < 12; i++) {
                deaf.peer().open(Http2Browser.head(ENDLESS, WEB), true).awaitHead();
            }
            for (int i = 0; i < 12; i++) {
                backend.next().exchange().awaitStandstill();
            }
            neighbourIsServed();
            assertThat(backend.connections()).hasSize(1);
        }
    }

    @Test
    void uploadsThatTheirBackendDoesNotTakeLeaveTheClientsConnectionToOtherCalls() {
        ScriptedBackend other = new ScriptedBackend();
        gateway = Subject.GATEWAY.start(new EnvoyFile(backend.port())
                .cluster("other", other.port(), "http2_protocol_options: {}")
                .with("ROUTES", """
                        - match: { path: "/wire.Service/Deaf" }
                          route: { cluster: other, timeout: 0s }
                        - match: { prefix: "/" }
                          route: { cluster: backend, timeout: 0s }
                        """));
        other.on("/wire.Service/Deaf", seen -> {
            seen.exchange().stopReading();
            seen.head();
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < 10; i++) {
                Http2Exchange upload = browser.peer().open(Http2Browser.head("/wire.Service/Deaf", WEB), false);
                upload.awaitHead();
                Thread sender = new Thread(() -> {
                    browser.peer().data(upload, megabyte, false);
                    browser.peer().data(upload, megabyte, false);
                });
                sender.setDaemon(true);
                sender.start();
                upload.awaitStandstill();
            }
            Answer answer = browser.post(PATH, Frames.F3, WEB);
            assertThat(answer.body()).as(answer.toString()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
        } finally {
            other.close();
        }
    }

    /** stream_flush_timeout */
    @Test
    void aCompleteResponseThatIsNotReadIsResetWhenNothingOfItMoves() {
        start("stream_flush_timeout: 0.3s");
        try (Http2Browser deaf = new Http2Browser(gateway.port(), INITIAL_WINDOW, 0)) {
            Http2Exchange unread = deaf.peer().open(Http2Browser.head(WHOLE, WEB), true);
            Http2Exchange refused = deaf.peer().open(Http2Browser.head("/wire.Service/None", WEB), true);
            unread.awaitHead();
            assertThat(unread.awaitReset()).isEqualTo(Http2Peer.CANCEL);
            assertThat(unread.received()).isZero();
            assertThat(stat("tx_flush_timeout")).isGreaterThan(0);
            refused.reset(Http2Peer.CANCEL);
            neighbourIsServed();
        }
    }

    /** flush_timeout of the route, in place of the listener's */
    @Test
    void aRouteHasAFlushTimeoutOfItsOwn() {
        gateway = Subject.GATEWAY.start(new EnvoyFile(backend.port()).with("ROUTES", """
                - match: { prefix: "/" }
                  route: { cluster: backend, timeout: 0s, flush_timeout: 0.2s }
                """));
        try (Http2Browser deaf = new Http2Browser(gateway.port(), INITIAL_WINDOW, 0)) {
            Http2Exchange unread = deaf.peer().open(Http2Browser.head(WHOLE, WEB), true);
            assertThat(unread.awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    @Test
    void aStreamThatEndsByATimeoutWhileItIsNotReadIsResetAtOnce() {
        start("stream_idle_timeout: 0.5s");
        try (Http2Browser deaf = new Http2Browser(gateway.port(), INITIAL_WINDOW, 0)) {
            Http2Exchange unread = deaf.peer().open(Http2Browser.head(ENDLESS, WEB), true);
            unread.awaitReset();
            neighbourIsServed();
        }
    }

    @Test
    void aRefusedRequestLeavesNoStreamOpen() {
        start("common_http_protocol_options: { idle_timeout: 0.5s }\ndrain_timeout: 0.1s");
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Headers odd = Http2Browser.head("/wire.Service/Call#fragment", WEB);
            Http2Exchange refused = browser.peer().open(odd, false);
            assertThat(refused.awaitHead().status()).hasToString("400");
            assertThat(refused.awaitReset()).isEqualTo(Http2Peer.NO_ERROR);
            browser.peer().await("the end of an idle connection", browser.peer()::isGone);
        }
    }

    /** max_outbound_frames: field blocks that wait for a client which does not read. */
    @Test
    void tooManyFramesThatWaitEndTheConnection() throws IOException {
        start("http2_protocol_options: { max_outbound_frames: 50, max_concurrent_streams: 1000 }");
        backend.on("/wire.Service/Empty", seen -> seen.trailersOnly("grpc-status", "0", "x", "y".repeat(8000)));
        try (Socket socket = Http1Browser.connected(gateway.port(), 4096);
                Http2Browser deaf = new Http2Browser(socket, INITIAL_WINDOW, 0x7fffffff)) {
            for (int i = 0; i < 900 && !deaf.peer().isGone(); i++) {
                deaf.peer().open(Http2Browser.head("/wire.Service/Empty", WEB), true);
            }
        }
        neighbourIsServed();
    }
}
