package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection that must begin with a PROXY header. */
class ProxyHeaderTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private void begin(String bytes) {
        channel.freezeTime();
        channel.attr(ConnectionFacts.ACCEPTED).set(new ConnectionFacts.Accepted(1, "main", null, null, null));
        channel.pipeline().addLast(new HAProxyMessageDecoder(), new ProxyHeader(behind -> {}));
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void endsWhereTheHeaderIsNotFinished() {
        begin("PROXY TCP4 192.0.2.1");
        pass(OpeningClock.SECONDS - 1);
        assertThat(channel.isOpen()).isTrue();

        pass(1);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void goesOnBehindTheHeader() {
        begin("PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n");
        pass(OpeningClock.SECONDS + 1);

        assertThat(channel.isOpen()).isTrue();
        channel.finishAndReleaseAll();
    }
}
