package io.grpcweb.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(50);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> seen = new ArrayList<>();
    private int allowed;
    private final Throttle throttle = new Throttle(channel.eventLoop(), this::take, SLICE, 10, new Ends());

    private int take(int most) {
        int granted = Math.min(most, allowed);
        allowed -= granted;
        return granted;
    }

    private final class Ends implements Way.Ends {
        @Override
        public void data(ByteBuf data, boolean end) {
            seen.add(data.readableBytes() + (end ? " end" : ""));
            data.release();
        }

        @Override
        public void trailers(Http2Headers trailers) {
            seen.add("trailers");
        }

        @Override
        public void flush() {
            seen.add("flush");
        }

        @Override
        public void writable(boolean writable) {
            seen.add(writable ? "go" : "stop");
        }
    }

    @AfterEach
    void nothingIsScheduledAnyMore() {
        throttle.close();
        channel.finish();
    }

    private static ByteBuf bytes(int count) {
        return Unpooled.buffer().writeZero(count);
    }

    /** A slice of time passes in which this many bytes are allowed. */
    private void slice(int bytes) {
        allowed = bytes;
        channel.advanceTimeBy(SLICE, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void dataPassInSlicesAndTrailersKeepTheirPlace() {
        channel.freezeTime();
        allowed = 4;
        throttle.data(bytes(8), false);
        throttle.trailers(new DefaultHttp2Headers());
        assertThat(seen).containsExactly("4");
        slice(3);
        assertThat(seen).containsExactly("4", "3", "flush");
        slice(9);
        assertThat(seen).containsExactly("4", "3", "flush", "1", "trailers");
    }

    @Test
    void theEndGoesWithTheLastByte() {
        channel.freezeTime();
        allowed = 2;
        throttle.data(bytes(3), true);
        slice(1);
        assertThat(seen).containsExactly("2", "1 end");
        throttle.data(bytes(1), true);
        assertThat(seen).hasSize(2);
    }

    @Test
    void anEmptyEndPassesAtOnceWhereNothingIsHeld() {
        throttle.data(bytes(0), true);
        assertThat(seen).containsExactly("0 end");
    }

    @Test
    void theSenderStopsWhileTooMuchIsHeldOrTheReceiverIsNotReady() {
        channel.freezeTime();
        throttle.data(bytes(11), false);
        assertThat(seen).containsExactly("stop");
        slice(5);
        assertThat(seen).containsExactly("stop", "5", "go", "flush");
        throttle.receiverReady(false);
        slice(6);
        assertThat(seen).containsExactly("stop", "5", "go", "flush", "stop", "flush");
        throttle.receiverReady(true);
        assertThat(seen).endsWith("6", "go");
    }

    @Test
    void whatIsHeldIsLetGoAtTheEnd() {
        ByteBuf held = bytes(5);
        throttle.data(held, false);
        throttle.close();
        assertThat(held.refCnt()).isZero();
    }
}
