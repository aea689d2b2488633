package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A port that speaks both. */
class CleartextOrTlsTest {
    private static final long SECONDS = 15;

    private final List<String> chosen = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    CleartextOrTlsTest() {
        channel.freezeTime();
        channel.pipeline()
                .addLast(new CleartextOrTls(
                        Duration.ofSeconds(SECONDS),
                        pipeline -> chosen.add("cleartext"),
                        pipeline -> chosen.add("TLS")));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void theFirstByteTells() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {22, 3, 1}));
        assertThat(chosen).containsExactly("TLS");
        // It stands in nobody's way, and has eaten nothing.
        ByteBuf first = channel.readInbound();
        assertThat(first.readableBytes()).isEqualTo(3);
        first.release();
        assertThat(channel.pipeline().get(CleartextOrTls.class)).isNull();
    }

    @Test
    void everythingElseIsCleartext() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'G'}));
        assertThat(chosen).containsExactly("cleartext");
        pass(SECONDS + 1);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aClientThatSaysNothingIsNotWaitedForForEver() {
        pass(SECONDS - 1);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(chosen).isEmpty();
    }
}
