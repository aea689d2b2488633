package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers under Envoy's names that follow from what happens on the wire. */
class SeriesTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private final ScriptedBackend backend = new ScriptedBackend();
    private final RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private void awaitStat(String name, long value) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(gateway.stat(name)).as(name).isEqualTo(value));
    }

    @Test
    void resetsAreCountedOnTheSideWhereTheyPass() {
        backend.on(PATH, seen -> {
            seen.head().data(Frames.F2);
            seen.awaitReset();
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            call.send(Frames.F3);
            call.end();
            call.body(Frames.F2.length);
            assertThat(gateway.stat("http2.streams_active")).isEqualTo(1);
            assertThat(gateway.stat("cluster.backend.http2.streams_active")).isEqualTo(1);

            call.cancel();

            awaitStat("http2.rx_reset", 1);
            awaitStat("cluster.backend.http2.tx_reset", 1);
            awaitStat("http2.streams_active", 0);
            awaitStat("cluster.backend.http2.streams_active", 0);
            assertThat(gateway.stat("http2.tx_reset")).isZero();
            assertThat(gateway.stat("cluster.backend.http2.rx_reset")).isZero();
        }
    }

    @Test
    void aResetOfTheBackendIsReceivedThere() {
        backend.on(PATH, seen -> seen.reset(2));
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.post(PATH, Frames.F3, WEB);

            assertThat(gateway.stat("cluster.backend.http2.rx_reset")).isEqualTo(1);
        }
    }

    @Test
    void trailersOfTheBackendAreCounted() {
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "0");
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.post(PATH, Frames.F3, WEB);

            assertThat(gateway.stat("cluster.backend.http2.trailers")).isEqualTo(1);
            assertThat(gateway.stat("http2.trailers")).isZero();
        }
    }

    @Test
    void aFloodOfEmptyFramesIsAProtocolErrorWithAName() {
        backend.on(PATH, seen -> seen.awaitReset());
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            for (int i = 0; i < 20; i++) {
                call.send(new byte[0]);
            }

            awaitStat("http2.inbound_empty_frames_flood", 1);
            awaitStat("http.main.downstream_cx_protocol_error", 1);
            awaitStat("http2.goaway_sent", 1);
        }
    }

    @Test
    void tooManyHeaderFieldsAndMissingOnesAreToldApart() {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Headers many = Http2Browser.head(PATH, WEB);
            for (int i = 0; i < 120; i++) {
                many.add("x-" + i, "y");
            }
            browser.peer().open(many, true).awaitEnd();
            assertThat(gateway.stat("http2.header_overflow")).isEqualTo(1);

            Http2Headers without = Http2Browser.head(PATH, WEB);
            without.remove(":path");
            browser.peer().open(without, true).awaitReset();
            assertThat(gateway.stat("http2.rx_messaging_error")).isEqualTo(1);
            assertThat(gateway.stat("http2.tx_reset")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aConnectionThatEndsInTheMiddleOfACallIsCounted(int http) {
        backend.on(PATH, seen -> {
            seen.head().data(Frames.F2);
            seen.awaitReset();
        });
        try (Browser browser = Browser.connect(http, gateway.port())) {
            BrowserCall call = browser.call(PATH, WEB);
            call.send(Frames.F3);
            call.end();
            call.body(Frames.F2.length);
        }

        awaitStat("http.main.downstream_cx_destroy_remote_active_rq", 1);
        awaitStat("http.main.downstream_cx_destroy_active_rq", 1);
        assertThat(gateway.stat("http.main.downstream_cx_destroy_local_active_rq"))
                .isZero();
    }

    @Test
    void brokenHttpIsAProtocolError() {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw("NONSENSE\r\n\r\n");
            browser.next().readAll();

            assertThat(gateway.stat("http.main.downstream_cx_protocol_error")).isEqualTo(1);
        }
    }

    @Test
    void aReaderThatStopsPausesTheBackend() {
        byte[] message = Frames.message(new byte[1 << 20]);
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(message, message, message, message);
            seen.trailers("grpc-status", "0");
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            call.exchange().stopReading();
            call.send(Frames.F3);
            call.end();
            awaitStat("cluster.backend.upstream_flow_control_paused_reading_total", 1);

            call.exchange().goOnReading();
            assertThat(call.answer().end()).isEqualTo(Answer.End.CLEAN);
            assertThat(gateway.stat("cluster.backend.upstream_flow_control_resumed_reading_total"))
                    .isPositive();
        }
    }

    @Test
    void aCallThatIsReadAtOnceHoldsNobodyBack() {
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2);
            seen.trailers("grpc-status", "0");
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            call.send(Frames.F3);
            call.end();
            assertThat(call.answer().end()).isEqualTo(Answer.End.CLEAN);

            assertThat(gateway.stat("cluster.backend.upstream_flow_control_backed_up_total"))
                    .isZero();
            assertThat(gateway.stat("http.main.downstream_flow_control_paused_reading_total"))
                    .isZero();
        }
    }

    @Test
    void partsAreCounted() {
        String listener = "listener.127.0.0.1_0.worker_0.downstream_cx_";
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            browser.peer().roundTrip();
            assertThat(gateway.stat(listener + "active")).isEqualTo(1);
            assertThat(gateway.stat("server.total_connections")).isEqualTo(1);
        }
        awaitStat(listener + "active", 0);
        assertThat(gateway.stat(listener + "total")).isEqualTo(1);
        for (String one : List.of(
                "listener_manager.listener_added",
                "listener_manager.listener_create_success",
                "listener_manager.total_listeners_active",
                "listener_manager.workers_started",
                "cluster_manager.cluster_added",
                "cluster_manager.active_clusters")) {
            assertThat(gateway.stat(one)).as(one).isEqualTo(1);
        }
    }
}
