package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Subject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that make the gateway answer, and do not read the answers (CVE-2019-9512). */
class FloodTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String HELD = "/wire.Service/Held";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int DATA = 0;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int HEADERS = 1;
    private static final int END_STREAM_AND_HEADERS = 5;
    private static final byte[] LARGEST_WINDOW = {0, 4, 0x7f, -1, -1, -1};
    private static final byte[] SMALLEST_WINDOW = {0, 4, 0, 0, 0, 1};
    private static final byte[] CREDIT = {0x7f, 0, 0, 0};
    private static final byte[] EIGHT_BYTES = {1, 2, 3, 4, 5, 6, 7, 8};

    private final ScriptedBackend backend = new ScriptedBackend();
    private final RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    /** max_outbound_control_frames: acknowledgements that wait behind a response which fills the buffers of both sockets. */
    @Test
    void whoPingsAndDoesNotReadIsCutOff() throws Exception {
        byte[] message = Frames.message(new byte[1 << 20]);
        backend.on(PATH, seen -> {
            seen.head();
            for (int i = 0; i < 16; i++) {
                seen.data(message);
            }
        });
        EnvoyFile file = new EnvoyFile(backend.port())
                .with("MANAGER", "http2_protocol_options: { max_outbound_control_frames: 20 }");
        try (Subject.Running limited = Subject.GATEWAY.start(file);
                Socket socket = Http1Browser.connected(limited.port(), 4096)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(frame(SETTINGS, 0, 0, LARGEST_WINDOW));
            out.write(frame(WINDOW_UPDATE, 0, 0, CREDIT));
            out.write(frame(HEADERS, END_STREAM_AND_HEADERS, 1, call()));
            awaitFullBuffers(limited);
            for (int i = 0; i < 21; i++) {
                out.write(frame(PING, 0, 0, EIGHT_BYTES));
            }
            await().until(() -> limited.page("/stats").contains("http2.outbound_control_flood: 1\n"));
        }
    }

    /** Until the response has come as far as it can: it has begun, and for half a second nothing more was written. */
    private static void awaitFullBuffers(Subject.Running gateway) {
        String[] before = new String[1];
        await().pollInterval(Duration.ofMillis(50))
                .during(Duration.ofMillis(500))
                .until(() -> {
                    String sent = gateway.page("/stats?filter=edge.downstream_cx_tx_bytes_total");
                    boolean still = sent.equals(before[0]) && sent.strip().matches(".*: [0-9]{4,}");
                    before[0] = sent;
                    return still;
                });
    }

    /** CVE-2025-55163: a window that grows by nothing has the gateway reset the stream. */
    @Test
    void whoHasEveryStreamResetIsCutOff() {
        backend.on(PATH, BackendCall::awaitReset);
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Peer peer = browser.peer();
            for (int i = 0; i < 201; i++) {
                Http2Exchange stream = peer.open(Http2Browser.head(PATH, WEB), false);
                peer.frame(WINDOW_UPDATE, 0, stream.id(), new byte[4]);
            }
            peer.await("GOAWAY", () -> !peer.goAways().isEmpty());
            assertThat(peer.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    /** RFC 9113 section 6.9.2: a change of the initial window moves that of every open stream. */
    @Test
    void whoMovesTheWindowsOfManyStreamsAgainAndAgainIsCutOffAndItsNeighbourIsServed() {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "7"));
        backend.on(HELD, BackendCall::awaitReset);
        try (Http2Browser browser = new Http2Browser(gateway.port());
                Http2Browser neighbour = new Http2Browser(gateway.port())) {
            Http2Peer peer = browser.peer();
            for (int i = 0; i < 90; i++) {
                peer.open(Http2Browser.head(HELD, WEB), false);
            }
            for (int i = 0; i < 120; i++) {
                peer.frame(SETTINGS, 0, 0, i % 2 == 0 ? SMALLEST_WINDOW : LARGEST_WINDOW);
            }
            peer.await("GOAWAY", () -> !peer.goAways().isEmpty());
            assertThat(peer.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(neighbour.call(PATH, WEB).answer().header("grpc-status")).isEqualTo("7");
        }
    }

    @Test
    void answersThatComeEarlyAreNoFlood() {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "7"));
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            for (int i = 0; i < 300; i++) {
                Http2Browser.Call call = browser.call(PATH, WEB);
                assertThat(call.answer().header("grpc-status")).isEqualTo("7");
            }
            assertThat(browser.peer().goAways()).isEmpty();
        }
    }

    /** RFC 9113 section 5.1: what was on its way when a stream was reset. */
    @Test
    void anUploadThatGoesOnForAWhileBehindAnEarlyAnswerIsNoFlood() {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "7"));
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Peer peer = browser.peer();
            Http2Exchange upload = peer.open(Http2Browser.head(PATH, WEB), false);
            assertThat(upload.awaitReset()).isZero();
            for (int i = 0; i < 300; i++) {
                peer.frame(DATA, 0, upload.id(), new byte[] {0});
            }
            assertThat(browser.call(PATH, WEB).answer().header("grpc-status")).isEqualTo("7");
            assertThat(peer.goAways()).isEmpty();
        }
    }

    /** RFC 9113 section 4.1. */
    private static byte[] frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        return bytes.toByteArray();
    }

    private static byte[] call() throws Http2Exception {
        ByteBuf block = Unpooled.buffer();
        new DefaultHttp2HeadersEncoder()
                .encodeHeaders(
                        1,
                        new DefaultHttp2Headers()
                                .method("POST")
                                .scheme("http")
                                .path(PATH)
                                .authority("localhost")
                                .add("content-type", "application/grpc-web+proto"),
                        block);
        return ByteBufUtil.getBytes(block);
    }
}
