package io.grpcweb.gateway.downstream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FrameFloodTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);
    private final EmbeddedChannel channel = new EmbeddedChannel(new FrameFlood(now::get));

    private void pings(int count) {
        for (int i = 0; i < count; i++) {
            channel.writeInbound(new PingWebSocketFrame());
        }
    }

    @Test
    void aBucketOfThemPassesAndItFillsByTwentyASecond() {
        pings(200);
        now.addAndGet(2 * SECOND);
        pings(40);
        assertThatThrownBy(() -> pings(1)).isInstanceOf(CorruptedWebSocketFrameException.class);
        now.addAndGet(3600 * SECOND);
        pings(200);
        assertThatThrownBy(() -> pings(1)).isInstanceOf(CorruptedWebSocketFrameException.class);
    }

    @Test
    void wholeMessagesAndLargePiecesCostNothing() {
        for (int i = 0; i < 1000; i++) {
            channel.writeInbound(new BinaryWebSocketFrame());
            channel.writeInbound(new BinaryWebSocketFrame(false, 0, Unpooled.wrappedBuffer(new byte[128])));
        }
        assertThat(channel.inboundMessages()).hasSize(2000);
        channel.finishAndReleaseAll();
    }
}
