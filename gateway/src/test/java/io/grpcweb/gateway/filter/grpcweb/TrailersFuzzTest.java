package io.grpcweb.gateway.filter.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The frame of trailers: whatever a backend sends, a script reads fields of it and nothing that the backend made up. */
class TrailersFuzzTest {

    @FuzzTest(maxDuration = "15m")
    void theFrameParsesBackToFieldsOfTheTrailersAndOneStatus(byte[] input) {
        Http2Headers trailers = new DefaultHttp2Headers(false);
        for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\0", -1)) {
            int colon = line.indexOf(':', 1);
            if (colon > 0) {
                trailers.add(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        List<String> sent = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            sent.add(field.getKey() + ":" + field.getValue());
        }
        ByteBuf frame = TrailersFrame.of(trailers, UnpooledByteBufAllocator.DEFAULT);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        frame.release();
        check(bytes, sent);
    }

    static void check(byte[] frame, List<String> sent) {
        assertThat(frame[0] & 0xff).isEqualTo(0x80);
        int length = (frame[1] & 0xff) << 24 | (frame[2] & 0xff) << 16 | (frame[3] & 0xff) << 8 | frame[4] & 0xff;
        assertThat(length).isEqualTo(frame.length - 5);
        String block = new String(frame, 5, length, StandardCharsets.ISO_8859_1);
        assertThat(block).endsWith("\r\n");
        int statuses = 0;
        for (String line : block.substring(0, block.length() - 2).split("\r\n", -1)) {
            assertThat(line).doesNotContain("\r").doesNotContain("\n");
            assertThat(line.chars()).allMatch(c -> c >= 0x20 && c <= 0x7e || c == '\t');
            String name = line.substring(0, line.indexOf(':', 1));
            if (name.equals("grpc-status")) {
                statuses++;
                // One that the backend sent, as Envoy passes on any number, or that of an unknown error.
                assertThat(Integer.parseInt(line.substring(line.indexOf(':') + 1)))
                        .isNotNegative();
                assertThat(line.equals("grpc-status:2") || sent.contains(line)).isTrue();
            } else if (!name.equals("grpc-message")) {
                assertThat(sent).contains(line);
            }
        }
        assertThat(statuses).isEqualTo(1);
    }
}
