package io.grpcweb.gateway.filter.grpcjsontranscoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Arrays that come in parts: any bytes, cut anywhere, have the same elements, and none is longer than allowed. */
class ArraySplitterFuzzTest {
    private static final int MOST = 64;

    @FuzzTest(maxDuration = "15m")
    void anyCutOfTheSameBytesGivesTheSameElements(byte[] input) {
        List<String> whole = split(input, Math.max(1, input.length));
        int part = input.length == 0 ? 1 : 1 + (input[0] & 0x7f);

        assertThat(split(input, part)).isEqualTo(whole);
        assertThat(split(input, 1)).isEqualTo(whole);
    }

    /** The elements, and why there are no more. */
    private static List<String> split(byte[] input, int part) {
        ArraySplitter splitter = new ArraySplitter(MOST, UnpooledByteBufAllocator.DEFAULT);
        List<String> found = new ArrayList<>();
        try {
            for (int from = 0; from < input.length; from += part) {
                ByteBuf data = Unpooled.wrappedBuffer(input, from, Math.min(part, input.length - from));
                while (splitter.next(data)) {
                    assertThat(splitter.element().readableBytes()).isLessThanOrEqualTo(MOST);
                    found.add(splitter.element().toString(StandardCharsets.ISO_8859_1));
                }
                assertThat(data.isReadable()).isFalse();
            }
            splitter.end();
            found.add("whole");
        } catch (Refusal e) {
            found.add(e.getMessage());
        } finally {
            splitter.release();
        }
        return found;
    }
}
