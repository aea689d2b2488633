package io.grpcweb.gateway.filter.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.FrameScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextEncoderTest {
    /** F0, F2, F3, F4. */
    private static final byte[] FRAMES =
            HexFormat.of().parseHex("0000000000" + "00000000020801" + "00000000030a0161" + "00000000040a026162");

    private static final String TEXT = "AAAAAAA=" + "AAAAAAIIAQ==" + "AAAAAAMKAWE=" + "AAAAAAQKAmFi";

    @Test
    void eachFrameIsATextOfItsOwn() {
        assertThat(encode(FRAMES, FRAMES.length)).isEqualTo(TEXT);
    }

    @Test
    void smallFramesAreTheSameTextHoweverTheyAreCut() {
        for (int size = 1; size < FRAMES.length; size++) {
            assertThat(encode(FRAMES, size)).as("parts of %s", size).isEqualTo(TEXT);
        }
    }

    @Test
    void aLargeFrameHoweverItIsCutDecodesToItselfAndEndsWithAWholeGroup() {
        for (int length : new int[] {16_384, 40_000, 40_001, 40_002}) {
            byte[] large = large(length);
            for (int size : new int[] {100, 101, 1000, 16_383, 16_384, 16_385, 50_000}) {
                String text = encode(large, size);
                assertThat(text.length() % 4).isZero();
                assertThat(decodedGroups(text))
                        .as("%s in parts of %s", length, size)
                        .isEqualTo(large);
            }
        }
    }

    @Test
    void aLargeFrameFlowsBeforeItIsComplete() {
        TextEncoder encoder = new TextEncoder(new FrameScanner());
        byte[] large = large(100_000);
        String first = encode(encoder, Arrays.copyOf(large, 50_000));
        assertThat(first).hasSize(50_000 / 3 * 4);
        assertThat(encoder.canBeReplaced()).isFalse();
        String second = encode(encoder, Arrays.copyOfRange(large, 50_000, large.length));
        assertThat(decodedGroups(first + second)).isEqualTo(large);
        assertThat(encoder.canBeReplaced()).isTrue();
    }

    @Test
    void halfAMessageIsHeldBackAndCanBeDropped() {
        TextEncoder encoder = new TextEncoder(new FrameScanner());
        assertThat(encode(encoder, Arrays.copyOf(FRAMES, 9))).isEqualTo("AAAAAAA=");
        assertThat(encoder.canBeReplaced()).isTrue();
        encoder.drop();
    }

    @Test
    void aFrameWithUnknownFlagsIsRefused() {
        TextEncoder encoder = new TextEncoder(new FrameScanner());
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex("0200000000"));
        assertThat(encoder.encode(in, ByteBufAllocator.DEFAULT)).isNull();
    }

    @Test
    void compressedFramesAndTrailersFramesAreEncodedLikeOthers() {
        byte[] frames = HexFormat.of().parseHex("0100000001ff" + "8000000000");
        assertThat(encode(frames, 3)).isEqualTo("AQAAAAH/" + "gAAAAAA=");
    }

    private static byte[] large(int payload) {
        byte[] frame = new byte[5 + payload];
        new Random(payload).nextBytes(frame);
        frame[0] = 0;
        frame[1] = 0;
        frame[2] = (byte) (payload >> 16);
        frame[3] = (byte) (payload >> 8);
        frame[4] = (byte) payload;
        return frame;
    }

    private static String encode(byte[] bytes, int size) {
        TextEncoder encoder = new TextEncoder(new FrameScanner());
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += size) {
            text.append(encode(encoder, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size))));
        }
        return text.toString();
    }

    private static String encode(TextEncoder encoder, byte[] part) {
        ByteBuf out = encoder.encode(Unpooled.wrappedBuffer(part), ByteBufAllocator.DEFAULT);
        String text = out.toString(StandardCharsets.US_ASCII);
        out.release();
        return text;
    }

    /** As a browser reads it: every group of four alone. */
    private static byte[] decodedGroups(String text) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i += 4) {
            all.writeBytes(Base64.getDecoder().decode(text.substring(i, i + 4)));
        }
        return all.toByteArray();
    }
}
