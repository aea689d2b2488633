package io.grpcweb.gateway.downstream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.WebSocketClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages of a WebSocket on which permessage-deflate was agreed; the bytes are those of RFC 7692 section 7.2.3. */
class DeflatedFramesTest {
    private static final int MOST = 200_000;

    private final List<String> seen = new ArrayList<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final WebSocketFrames frames = frames(MOST);

    private WebSocketFrames frames(int most) {
        WebSocketFrames.Reader reader = new WebSocketFrames.Reader() {
            @Override
            public void frame(WebSocketFrame frame) {
                seen.add(frame.content().toString(StandardCharsets.ISO_8859_1));
                frame.release();
            }

            @Override
            public void fault(WebSocketCloseStatus status, String reason) {
                seen.add(status.code() + " " + reason);
            }

            @Override
            public void broken(Throwable fault) {
                throw new AssertionError(fault);
            }
        };
        return new WebSocketFrames(UnpooledByteBufAllocator.DEFAULT, most, true, reader, bytes -> {
            written.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        });
    }

    @AfterEach
    void close() {
        frames.close();
    }

    /** A frame with a mask of zeros, which leaves the bytes as they are. */
    private static byte[] frame(int first, byte[] payload) {
        return Frames.concat(WebSocketClient.prefix(first, 0x80, payload.length), new byte[4], payload);
    }

    private List<String> read(byte[] bytes) {
        frames.read(Unpooled.wrappedBuffer(bytes));
        return seen;
    }

    @ParameterizedTest
    @CsvSource({
        "one block,                  f248cdc9c90700",
        "a block without compression, 000500faff48656c6c6f00",
        "the last block,             f348cdc9c9070000",
        "two blocks,                 f248050000 00ffffcac9c90700"
    })
    void helloIsRead(String what, String hex) {
        assertThat(read(frame(0xc2, Frames.hex(hex)))).containsExactly("Hello");
    }

    @Test
    void aMessageInPiecesIsInflatedAsOne() {
        byte[] first = frame(0x42, Frames.hex("f248cd"));
        assertThat(read(Frames.concat(first, frame(0x80, Frames.hex("c9c90700")))))
                .containsExactly("Hello");
    }

    @Test
    void anEmptyMessageIsOne() {
        assertThat(read(frame(0xc2, Frames.hex("00")))).containsExactly("");
    }

    @Test
    void messagesThatAreNotDeflatedAreReadAsTheyAre() {
        byte[] plain = frame(0x82, "Hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(read(Frames.concat(plain, frame(0xc2, Frames.hex("f248cdc9c90700")), plain)))
                .containsExactly("Hello", "Hello", "Hello");
    }

    @ParameterizedTest
    @CsvSource({
        "RSV2,                        a2",
        "RSV3,                        92",
        "RSV1 and RSV2,               e2",
        "RSV1 of a ping,              c9"
    })
    void otherReservedBitsAreAFault(String what, String first) {
        assertThat(read(frame(Integer.parseInt(first, 16), new byte[] {0})))
                .containsExactly("1002 a reserved bit that was not agreed on");
    }

    @Test
    void aContinuationIsNotDeflatedByItself() {
        byte[] first = frame(0x42, Frames.hex("f248cd"));
        assertThat(read(Frames.concat(first, frame(0xc0, Frames.hex("c9c90700")))))
                .containsExactly("1002 a reserved bit that was not agreed on");
    }

    @Test
    void whatCannotBeInflatedIsAFault() {
        assertThat(read(frame(0xc2, Frames.hex("07")))).containsExactly("1007 a message that cannot be inflated");
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        byte[] out = new byte[content.length + 100];
        int bytes = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, bytes - 4);
    }

    @Test
    void aMessageMayBeAsLongAsOneThatIsNotDeflated() {
        assertThat(read(frame(0xc2, deflated(noise(MOST)))))
                .hasSize(1)
                .first()
                .asString()
                .hasSize(MOST);
        seen.clear();
        assertThat(read(frame(0xc2, deflated(noise(MOST + 1))))).containsExactly("1009 message too long");
    }

    /** Letters, which deflate takes to some three quarters. */
    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        Random random = new Random(1);
        for (int i = 0; i < bytes; i++) {
            noise[i] = (byte) ('a' + random.nextInt(26));
        }
        return noise;
    }

    @Test
    void aMessageMayNotGrowAHundredfold() {
        // 100,000 bytes of zero in 112, which is allowed 65,536 + 100 * 112.
        byte[] bomb = deflated(new byte[100_000]);
        assertThat(bomb).hasSizeBetween(100, 130);
        assertThat(read(frame(0xc2, bomb)))
                .containsExactly("1008 a message that inflates to more than 100 times its bytes");
        seen.clear();
        assertThat(read(frame(0xc2, deflated(new byte[60_000]))))
                .hasSize(1)
                .first()
                .asString()
                .hasSize(60_000);
    }

    private byte[] write(byte[] content) {
        frames.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(content)));
        return written.toByteArray();
    }

    @Test
    void aLongMessageIsDeflated() throws Exception {
        byte[] content = "gateway ".repeat(200).getBytes(StandardCharsets.US_ASCII);
        byte[] frame = write(content);
        assertThat(frame[0]).isEqualTo((byte) 0xc2);
        assertThat(frame).hasSizeLessThan(100);
        Inflater inflater = new Inflater(true);
        inflater.setInput(Frames.concat(Arrays.copyOfRange(frame, 2, frame.length), Frames.hex("0000ffff")));
        byte[] back = new byte[content.length + 1];
        assertThat(inflater.inflate(back)).isEqualTo(content.length);
        assertThat(Arrays.copyOf(back, content.length)).isEqualTo(content);
        inflater.end();
    }

    @Test
    void aShortMessageGoesAsItIs() {
        byte[] content = new byte[1023];
        assertThat(write(content)).isEqualTo(Frames.concat(Frames.hex("827e03ff"), content));
    }

    @Test
    void aMessageThatGetsNoShorterGoesAsItIs() {
        byte[] content = new byte[2000];
        new Random(1).nextBytes(content);
        assertThat(write(content)).isEqualTo(Frames.concat(Frames.hex("827e07d0"), content));
    }

    @Property(tries = 300)
    void whereverTheBytesAreCutTheMessageIsTheSame(
            @ForAll @Size(max = 3000) byte[] content, @ForAll @IntRange(min = 1, max = 700) int part) {
        byte[] bytes = frame(0xc2, deflated(content));
        WebSocketFrames cut = frames(MOST);
        for (int at = 0; at < bytes.length; at += part) {
            ByteBuf piece = Unpooled.copiedBuffer(bytes, at, Math.min(part, bytes.length - at));
            cut.read(piece);
        }
        cut.close();
        assertThat(seen).containsExactly(new String(content, StandardCharsets.ISO_8859_1));
        seen.clear();
    }
}
