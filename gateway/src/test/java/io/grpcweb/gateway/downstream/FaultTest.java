package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.HttpFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A fault of the gateway itself, in one of the rooms or on a connection: who is told, and who does not suffer. */
class FaultTest {
    private static final byte[] MESSAGE = {0, 0, 0, 0, 1, 'x'};

    /** A room that fails where its path says. */
    private static final class Fragile extends HttpFilter {
        private String path = "";

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            path = head.path().toString();
            failAt("/request-head");
            if (end) {
                answer();
            }
        }

        @Override
        public void requestData(ByteBuf data, boolean end) {
            data.release();
            failAt("/request-data");
            if (end) {
                answer();
            }
        }

        private void answer() {
            responseHead(
                    new DefaultHttp2Headers(false).status("200").set("content-type", "application/grpc+proto"), false);
            failAt("/response-data");
            upper().responseTrailers(new DefaultHttp2Headers(false).set("grpc-status", "0"));
        }

        @Override
        public void responseHead(Http2Headers head, boolean end) {
            failAt("/response-head");
            upper().responseHead(head, end);
        }

        private void failAt(String place) {
            if (path.equals(place)) {
                throw new IllegalStateException("a fault at " + place);
            }
        }

        @Override
        public void cancel() {}
    }

    private final EmbeddedChannel browser;

    FaultTest() throws Exception {
        browser = new EmbeddedGateway((exchange, head) -> new Fragile()).connect();
    }

    private String call(String path) {
        ByteBuf request = Unpooled.buffer();
        request.writeCharSequence(
                "POST " + path + " HTTP/1.1\r\nhost: a\r\ncontent-type: application/grpc-web+proto\r\n"
                        + "content-length: " + MESSAGE.length + "\r\n\r\n",
                StandardCharsets.US_ASCII);
        browser.writeInbound(request.writeBytes(MESSAGE));
        return new String(sent(), StandardCharsets.ISO_8859_1);
    }

    private byte[] sent() {
        browser.runPendingTasks();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf part = browser.readOutbound(); part != null; part = browser.readOutbound()) {
            byte[] bytes = new byte[part.readableBytes()];
            part.readBytes(bytes).release();
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    @Test
    void aFaultOnTheWayDownIsAStatusAndTheConnectionGoesOn() {
        for (String path : List.of("/request-data", "/request-head")) {
            assertThat(call(path))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains(
                            "grpc-status:13\r\ngrpc-message:internal error of the gateway (docs/errors.md#gateway_fault)\r\n");
        }
        // The answer to a head comes before the body was looked at, so that the connection ends with it (RFC 9112 9.6).
        assertThat(call("/a.B/C")).isEmpty();
    }

    @Test
    void theNextCallOfTheConnectionIsServed() {
        assertThat(call("/request-data")).contains("grpc-status:13\r\n").doesNotContain("connection: close");
        assertThat(call("/a.B/C")).contains("grpc-status:0\r\n");
    }

    @Test
    void aFaultOnTheWayUpPassesTheRoomsThereBy() {
        assertThat(call("/response-head"))
                .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
                .contains("content-length: 0\r\n");
    }

    @Test
    void aFaultBehindTheHeadIsTrailersWhereNoMessageIsCut() {
        assertThat(call("/response-data"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("grpc-status:13\r\n")
                .endsWith("\r\n0\r\n\r\n");
    }

    @Test
    void aFaultOfOneStreamLeavesTheOthersAlone() {
        ByteBuf request = Unpooled.buffer();
        request.writeCharSequence("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII);
        request.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        get(request, 1, "/request-head");
        get(request, 3, "/a");
        browser.writeInbound(request);
        // :status 500 and 200 of the static table (RFC 7541 appendix A); no GOAWAY, which is 7.
        assertThat(frames(sent())).contains("1 on 1: 8e", "1 on 3: 88").noneMatch(frame -> frame.startsWith("7 "));
    }

    /** HEADERS that end the stream: GET, http, a literal path, authority a. */
    private static void get(ByteBuf to, int stream, String path) {
        to.writeMedium(3 + path.length() + 4).writeByte(1).writeByte(5).writeInt(stream);
        to.writeByte(0x82).writeByte(0x86).writeByte(4).writeByte(path.length());
        to.writeCharSequence(path, StandardCharsets.US_ASCII);
        to.writeByte(1).writeByte(1).writeByte('a');
    }

    /** Type, stream, and the first byte of the payload of each frame. */
    private static List<String> frames(byte[] sent) {
        ByteBuf bytes = Unpooled.wrappedBuffer(sent);
        List<String> frames = new ArrayList<>();
        while (bytes.isReadable()) {
            int length = bytes.readMedium();
            int type = bytes.readByte();
            bytes.readByte();
            int stream = bytes.readInt();
            String first = length == 0 ? "" : Integer.toHexString(bytes.getUnsignedByte(bytes.readerIndex()));
            frames.add(type + " on " + stream + ": " + first);
            bytes.skipBytes(length);
        }
        return frames;
    }

    @Test
    void aPeerThatVanishesBeforeItsFirstWordIsNoNews() {
        browser.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        // What reaches the end of the pipeline would be thrown here, and logged with its stack by Netty.
        browser.checkException();
        assertThat(browser.isOpen()).isFalse();
    }

    @Test
    void aConnectionThatMeetsAFaultIsClosed() {
        call("/a.B/C");
        browser.pipeline().fireExceptionCaught(new DecoderException(new IllegalStateException("a fault")));
        browser.checkException();
        assertThat(browser.isOpen()).isFalse();
    }
}
