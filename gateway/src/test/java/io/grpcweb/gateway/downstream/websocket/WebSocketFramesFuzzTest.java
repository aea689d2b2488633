package io.grpcweb.gateway.downstream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bytes of a WebSocket: they are frames or a fault that has a name, wherever they are cut, and nothing is held beyond its bound. */
class WebSocketFramesFuzzTest {
    private static final int MOST = 128;

    @FuzzTest(maxDuration = "15m")
    void anyCutOfTheSameBytesGivesTheSameFrames(byte[] input) {
        List<String> whole = read(input, Math.max(1, input.length));
        int part = input.length == 0 ? 1 : 1 + (input[0] & 0x7f);

        assertThat(read(input, part)).isEqualTo(whole);
        assertThat(read(input, 1)).isEqualTo(whole);
    }

    /** The same where messages may be deflated. */
    @FuzzTest(maxDuration = "15m")
    void deflatedFramesOfAClient(byte[] input) {
        byte[] masked = masked(input);

        assertThat(read(masked, 3, true)).isEqualTo(read(masked, Math.max(1, masked.length), true));
    }

    /** The same without the chance of finding the mask: it is 0, and every frame is one of a client. */
    @FuzzTest(maxDuration = "15m")
    void framesOfAClient(byte[] input) {
        byte[] masked = masked(input);

        assertThat(read(masked, 3)).isEqualTo(read(masked, Math.max(1, masked.length)));
    }

    /** Each byte of the input is the first one of a frame, the next its length, and as many follow. */
    private static byte[] masked(byte[] input) {
        ByteBuf frames = Unpooled.buffer();
        for (int at = 0; at + 1 < input.length; ) {
            int length = Math.min(input[at + 1] & 0x7d, input.length - at - 2);
            frames.writeByte(input[at]).writeByte(0x80 | length).writeInt(0).writeBytes(input, at + 2, length);
            at += 2 + length;
        }
        byte[] bytes = new byte[frames.readableBytes()];
        frames.readBytes(bytes);
        return bytes;
    }

    private static final class Seen implements WebSocketFrames.Reader {
        private final List<String> all = new ArrayList<>();
        private boolean over;

        @Override
        public void frame(WebSocketFrame frame) {
            assertThat(frame.content().readableBytes()).isLessThanOrEqualTo(MOST);
            if (!over) {
                all.add(frame.getClass().getSimpleName() + frame.content().toString(StandardCharsets.ISO_8859_1));
            }
            frame.release();
        }

        @Override
        public void fault(WebSocketCloseStatus status, String reason) {
            if (!over) {
                all.add(status.code() + "");
            }
            over = true;
        }

        @Override
        public void broken(Throwable fault) {
            throw new AssertionError("not a fault of the client", fault);
        }
    }

    private static List<String> read(byte[] input, int part) {
        return read(input, part, false);
    }

    private static List<String> read(byte[] input, int part, boolean deflate) {
        Seen seen = new Seen();
        WebSocketFrames frames =
                new WebSocketFrames(UnpooledByteBufAllocator.DEFAULT, MOST, deflate, seen, ByteBuf::release);
        try {
            for (int from = 0; from < input.length && !seen.over; from += part) {
                frames.read(Unpooled.copiedBuffer(input, from, Math.min(part, input.length - from)));
            }
        } finally {
            frames.close();
        }
        return seen.all;
    }
}
