package io.grpcweb.gateway.filter.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The text form: what is decoded is what a slow and plain reading of the rules gives, however it is cut. */
class TextFuzzTest {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    @FuzzTest(maxDuration = "15m")
    void decodedIsWhatTheRulesSayHoweverItIsCut(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] text = Arrays.copyOfRange(input, 1, input.length);
        byte[] expected = plainly(text);
        int step = 1 + (input[0] & 0x3f);
        assertThat(decode(text, step)).isEqualTo(expected);
        assertThat(decode(text, Math.max(1, text.length))).isEqualTo(expected);
        if (expected != null) {
            assertThat(expected.length).isLessThanOrEqualTo(text.length / 4 * 3);
        }
    }

    private static void take(ByteBuf part, ByteArrayOutputStream to) {
        byte[] bytes = new byte[part.readableBytes()];
        part.readBytes(bytes);
        to.writeBytes(bytes);
        part.release();
    }

    /** Null where it is no text of that form. */
    static byte[] decode(byte[] text, int step) {
        QuartetDecoder decoder = new QuartetDecoder();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < text.length; at += step) {
            ByteBuf part = Unpooled.wrappedBuffer(text, at, Math.min(step, text.length - at));
            ByteBuf decoded = decoder.decode(part, UnpooledByteBufAllocator.DEFAULT);
            if (decoded == null) {
                return null;
            }
            take(decoded, out);
        }
        return decoder.isComplete() ? out.toByteArray() : null;
    }

    /** RFC 4648 section 4, group by group, with padding at the end of any group and unused bits of zero. */
    static byte[] plainly(byte[] text) {
        if (text.length % 4 != 0) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < text.length; at += 4) {
            int padding = text[at + 3] != '=' ? 0 : text[at + 2] != '=' ? 1 : 2;
            int bits = 0;
            for (int i = 0; i < 4; i++) {
                int value = i >= 4 - padding ? 0 : LETTERS.indexOf(text[at + i]);
                if (value < 0 || text[at + i] < 0) {
                    return null;
                }
                bits = bits << 6 | value;
            }
            if ((bits & (1 << 8 * padding) - 1) != 0) {
                return null;
            }
            for (int i = 0; i < 3 - padding; i++) {
                out.write(bits >> 16 - 8 * i);
            }
        }
        return out.toByteArray();
    }
}
