package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.grpcweb.gateway.http.HeaderBlock;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Bytes of a connection: nothing is thrown, nothing leaks, and what becomes a request may be written to a backend of HTTP/1.1
 * as it is.
 */
class ConnectionFuzzTest {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<Http2Headers> seen = new ArrayList<>();

    /** Answers each request when it has ended. */
    private final class Backend extends HttpFilter {
        @Override
        public void requestHead(Http2Headers head, boolean end) {
            seen.add(head);
            if (end) {
                answer();
            }
        }

        @Override
        public void requestData(ByteBuf data, boolean end) {
            data.release();
            if (end) {
                answer();
            }
        }

        @Override
        public void requestTrailers(Http2Headers trailers) {
            answer();
        }

        private void answer() {
            upper().responseHead(new DefaultHttp2Headers(false).status("200"), true);
        }

        @Override
        public void cancel() {}
    }

    @FuzzTest(maxDuration = "15m")
    void http1(byte[] input) throws Exception {
        run(input, new byte[0]);
    }

    @FuzzTest(maxDuration = "15m")
    void http2(byte[] input) throws Exception {
        run(input, PREFACE);
    }

    private void run(byte[] input, byte[] before) throws Exception {
        if (input.length == 0) {
            return;
        }
        seen.clear();
        EmbeddedChannel channel = new EmbeddedGateway((exchange, head) -> new Backend()).connect();
        try {
            channel.writeInbound(Unpooled.copiedBuffer(before));
            int step = 1 + (input[0] & 0xff);
            byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
            for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
                channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
                channel.runPendingTasks();
            }
            seen.forEach(ConnectionFuzzTest::check);
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static void check(Http2Headers head) {
        assertThat(HeaderBlock.isToken(head.method())).isTrue();
        assertThat(HeaderBlock.isTarget(head.path())).isTrue();
        assertThat(HeaderBlock.isAuthority(head.authority())).isTrue();
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            assertThat(HeaderBlock.isValue(field.getValue()))
                    .as("%s", field.getKey())
                    .isTrue();
        }
    }
}
