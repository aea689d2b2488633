package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Backends that allow no stream for the moment, acknowledge nothing, or take back what they have just begun. */
class ReluctantBackendTest {
    private static final String PATH = "/wire.Service/Call";
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};

    private static Http2Browser.Call begin(Http2Browser browser) {
        Http2Browser.Call call = browser.call(PATH, WEB);
        call.send(Frames.F3);
        call.end();
        return call;
    }

    private static void answer(BackendCall seen) {
        seen.awaitEnd();
        seen.head().data(Frames.F2).trailers("grpc-status", "0");
    }

    @Test
    void oneThatAllowsNoStreamHasTwoConnectionsAndTheCallsWhenThereIsRoom() {
        try (ScriptedBackend backend =
                        new ScriptedBackend(MAX_CONCURRENT_STREAMS, 0).on(PATH, ReluctantBackendTest::answer);
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call first = begin(browser);
            Http2Browser.Call second = begin(browser);
            await().until(() -> backend.connections().size() == 2);
            for (Http2Peer connection : backend.connections()) {
                // Whatever the gateway made of its SETTINGS has happened when it answers.
                connection.roundTrip();
            }
            assertThat(backend.connections()).hasSize(2);
            assertThat(backend.others()).isEmpty();
            backend.connections().get(0).settings(MAX_CONCURRENT_STREAMS, 100);
            assertThat(first.answer().body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
            assertThat(second.answer().body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
            assertThat(backend.connections()).hasSize(2);
        }
    }

    @Test
    void oneThatAllowsNoStreamAnyMoreKeepsTheCallsThatItHas() {
        Gate gate = new Gate();
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    gate.pass();
                    seen.head().data(Frames.F2).trailers("grpc-status", "0");
                });
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call open = begin(browser);
            Http2Peer connection = backend.next().exchange().peer();
            connection.settings(MAX_CONCURRENT_STREAMS, 0);
            connection.roundTrip();
            Http2Browser.Call other = begin(browser);
            assertThat(backend.next().exchange().peer()).isNotSameAs(connection);
            gate.open();
            assertThat(open.answer().body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
            assertThat(other.answer().body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
        }
    }

    @Test
    void oneThatChangesItsSettingsWithoutEndLosesTheConnection() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, ReluctantBackendTest::answer);
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(begin(browser).answer().status()).isEqualTo(200);
            Http2Peer connection = backend.connections().get(0);
            for (int i = 0; i < 100; i++) {
                connection.settings(INITIAL_WINDOW_SIZE, 65535 + i);
            }
            connection.roundTrip();
            assertThat(connection.isGone()).isFalse();
            for (int i = 0; i < 1000; i++) {
                connection.settings(INITIAL_WINDOW_SIZE, 65535 - i % 2);
            }
            connection.await("end of the connection", connection::isGone);
            assertThat(begin(browser).answer().status()).isEqualTo(200);
            assertThat(backend.connections()).hasSize(2);
        }
    }

    private static Answer interim(int count) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    for (int i = 0; i < count; i++) {
                        seen.head(":status", "103", "link", "</a>");
                    }
                    seen.head().data(Frames.F2).trailers("grpc-status", "0");
                });
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            return begin(browser).answer();
        }
    }

    private static Answer interimOfHttp1(int count) {
        String answer = "HTTP/1.1 100 Continue\r\n\r\n".repeat(count) + Http1Backend.OK;
        try (Http1Backend backend = new Http1Backend(request -> answer);
                Subject.Running gateway = Subject.GATEWAY.start(new EnvoyFile(backend.port()).http1())) {
            return Http1Browser.once(gateway.port(), "GET", "/");
        }
    }

    @Test
    void oneThatSendsInterimAnswersWithoutEndIsNotListenedToForEver() {
        assertThat(interim(100).body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
        assertThat(interim(101).header("grpc-status")).isEqualTo("14");
        assertThat(interimOfHttp1(100).text()).isEqualTo("ok");
        assertThat(interimOfHttp1(101).status()).isEqualTo(502);
    }

    /** SETTINGS with MAX_CONCURRENT_STREAMS 0, and the end: the call is not handed from one connection to the next. */
    @Test
    void oneThatEndsEachConnectionBeforeItTakesACallIsNotAskedForEver() throws Exception {
        List<Socket> connections = new CopyOnWriteArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> turnAway(server, connections), "wire-turns-away");
            thread.setDaemon(true);
            thread.start();
            try (RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, server.getLocalPort()));
                    Http2Browser browser = new Http2Browser(gateway.port())) {
                Answer answer = begin(browser).answer();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.header("grpc-status")).isEqualTo("14");
                assertThat(connections).hasSizeLessThan(8);
            }
        }
    }

    private static void turnAway(ServerSocket server, List<Socket> connections) {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.add(socket);
                socket.getOutputStream().write(Frames.hex("000006 04 00 00000000 0003 00000000"));
                // What the gateway sends is read, or the end would be a reset that takes the SETTINGS with it.
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
                socket.close();
            }
        } catch (IOException e) {
            // The end of the test.
            return;
        }
    }
}
