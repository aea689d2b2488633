package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import org.junit.jupiter.api.Test;

class WaitingBytesTest {
    private final Http2Connection connection = new DefaultHttp2Connection(true);
    private final WaitingBytes waiting = new WaitingBytes(connection, new UniformStreamByteDistributor(connection));
    private final Http2Stream first = stream(3);
    private final Http2Stream second = stream(5);

    private Http2Stream stream(int id) {
        try {
            return connection.remote().createStream(id, true);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    private void pending(Http2Stream stream, long bytes) {
        waiting.updateStreamableBytes(new StreamByteDistributor.StreamState() {
            @Override
            public Http2Stream stream() {
                return stream;
            }

            @Override
            public long pendingBytes() {
                return bytes;
            }

            @Override
            public boolean hasFrame() {
                return bytes > 0;
            }

            @Override
            public int windowSize() {
                return 0;
            }
        });
    }

    @Test
    void theSumOfAllStreamsIsKept() {
        pending(first, 100);
        pending(second, 50);
        assertThat(waiting.total()).isEqualTo(150);
        pending(first, 30);
        assertThat(waiting.of(first)).isEqualTo(30);
        pending(second, 0);
        assertThat(waiting.total()).isEqualTo(30);
    }

    @Test
    void aByteThatLeavesIsProgressAndOneThatComesIsNone() {
        pending(first, 100);
        waiting.tick();
        waiting.tick();
        assertThat(waiting.ticksWithoutProgress(first)).isEqualTo(2);
        pending(first, 200);
        assertThat(waiting.ticksWithoutProgress(first)).isEqualTo(2);
        pending(first, 199);
        assertThat(waiting.ticksWithoutProgress(first)).isZero();
    }

    @Test
    void aStreamOfWhichNothingWaitsIsNeverLate() {
        waiting.tick();
        assertThat(waiting.ticksWithoutProgress(second)).isZero();
        pending(second, 10);
        pending(second, 0);
        waiting.tick();
        assertThat(waiting.ticksWithoutProgress(second)).isZero();
        pending(second, 10);
        assertThat(waiting.ticksWithoutProgress(second)).isZero();
    }
}
