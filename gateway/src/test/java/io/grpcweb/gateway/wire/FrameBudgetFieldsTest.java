package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** How many frames that carry nothing a client may send: what an Envoy file says, and what holds without it. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
class FrameBudgetFieldsTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String HELD = "/wire.Service/Held";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final int DATA = 0;
    private static final int PRIORITY = 2;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int UNKNOWN = 99;
    private static final int ACK = 1;
    private static final int PROTOCOL_ERROR = 1;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final byte[] ONE = {0, 0, 0, 1};
    private static final byte[] OF_ROOT = {0, 0, 0, 0, 16};

    @Parameter
    Subject subject;

    private final ScriptedBackend backend = new ScriptedBackend()
            .on(PATH, seen -> seen.trailersOnly("grpc-status", "7"))
            .on(HELD, BackendCall::awaitReset);

    @AfterEach
    void stop() {
        backend.close();
    }

    private Subject.Running start(String http2) {
        return subject.start(
                new EnvoyFile(backend.port()).with("MANAGER", "http2_protocol_options: { " + http2 + " }\n"));
    }

    private static Http2Exchange held(Http2Peer peer) {
        return peer.open(Http2Browser.head(HELD, WEB), false);
    }

    private static void send(Http2Peer peer, int count, int type, int flags, int id, byte[] payload) {
        for (int i = 0; i < count; i++) {
            peer.frame(type, flags, id, payload);
        }
    }

    private static void endsCalmly(Http2Peer peer) {
        peer.await("the end", peer::isGone);
        // Envoy closes without a word.
        assertThat(peer.goAways().isEmpty() || peer.goAwayCode() == ENHANCE_YOUR_CALM)
                .isTrue();
    }

    /** max_inbound_priority_frames_per_stream: with one stream twice as many. */
    @Test
    void prioritiesAreCounted() {
        try (Subject.Running gateway = start("max_inbound_priority_frames_per_stream: 4");
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Exchange stream = held(browser.peer());
            send(browser.peer(), 8, PRIORITY, 0, stream.id(), OF_ROOT);
            browser.peer().roundTrip();
            assertThat(browser.peer().isGone()).isFalse();
            send(browser.peer(), 1, PRIORITY, 0, stream.id(), OF_ROOT);
            endsCalmly(browser.peer());
            assertThat(gateway.page("/stats")).contains("http2.inbound_priority_frames_flood: 1");
        }
    }

    /** max_inbound_window_update_frames_per_data_frame_sent: 5, and two for each stream while nothing was sent. */
    @Test
    void windowUpdatesAreCounted() {
        try (Subject.Running gateway = start("max_inbound_window_update_frames_per_data_frame_sent: 1");
                Http2Browser browser = new Http2Browser(gateway.port())) {
            held(browser.peer());
            send(browser.peer(), 7, WINDOW_UPDATE, 0, 0, ONE);
            browser.peer().roundTrip();
            assertThat(browser.peer().isGone()).isFalse();
            send(browser.peer(), 1, WINDOW_UPDATE, 0, 0, ONE);
            endsCalmly(browser.peer());
            assertThat(gateway.page("/stats")).contains("http2.inbound_window_update_frames_flood: 1");
        }
    }

    /** max_consecutive_inbound_frames_with_empty_payload */
    @Test
    void emptyDataInARowIsCounted() {
        try (Subject.Running gateway = start("max_consecutive_inbound_frames_with_empty_payload: 4");
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Exchange stream = held(browser.peer());
            for (int i = 0; i < 3; i++) {
                send(browser.peer(), 4, DATA, 0, stream.id(), new byte[0]);
                send(browser.peer(), 1, DATA, 0, stream.id(), new byte[9]);
            }
            browser.peer().roundTrip();
            assertThat(browser.peer().isGone()).isFalse();
            send(browser.peer(), 5, DATA, 0, stream.id(), new byte[0]);
            endsCalmly(browser.peer());
        }
    }

    private void isCutOff(int code, int count, int type, int flags, byte[] payload) {
        if (subject == Subject.ENVOY) {
            // It answers all of them.
            return;
        }
        try (Subject.Running gateway = start("");
                Http2Browser browser = new Http2Browser(gateway.port());
                Http2Browser neighbour = new Http2Browser(gateway.port())) {
            Http2Peer peer = browser.peer();
            Thread sender = new Thread(() -> {
                for (int i = 0; i < count && !peer.isGone(); i++) {
                    peer.frame(type, flags, 0, payload);
                }
            });
            sender.setDaemon(true);
            sender.start();
            peer.await("GOAWAY", () -> !peer.goAways().isEmpty());
            assertThat(peer.goAwayCode()).isEqualTo(code);
            assertThat(neighbour.call(PATH, WEB).answer().header("grpc-status")).isEqualTo("7");
        }
    }

    @Test
    void pingsAreCounted() {
        isCutOff(ENHANCE_YOUR_CALM, 10_000, PING, 0, new byte[8]);
    }

    @Test
    void acknowledgementsOfPingsAreCounted() {
        isCutOff(ENHANCE_YOUR_CALM, 10_000, PING, ACK, new byte[8]);
    }

    @Test
    void framesOfUnknownTypesAreCounted() {
        isCutOff(ENHANCE_YOUR_CALM, 10_000, UNKNOWN, 0, new byte[0]);
    }

    @Test
    void settingsOfMoreEntriesThanThereAreSettingsAreRefused() {
        isCutOff(ENHANCE_YOUR_CALM, 1, SETTINGS, 0, new byte[33 * 6]);
    }

    @Test
    void acknowledgementsOfSettingsThatWereNotSentAreRefused() {
        isCutOff(PROTOCOL_ERROR, 5, SETTINGS, ACK, new byte[0]);
    }
}
