package io.grpcweb.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideStream;
import io.grpcweb.gateway.http.SideStreamObserver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What lies between a page and its call: both threads are one here, whose tasks run when they are told to. */
class CallStreamTest {
    private static final int MIB = 1 << 20;

    private final EmbeddedChannel thread = new EmbeddedChannel();
    private final List<String> events = new ArrayList<>();
    private final CallStream stream = new CallStream(thread.eventLoop(), thread.eventLoop(), new CallStream.Reader() {
        @Override
        public void head(Http2Headers head) {
            events.add("head");
        }

        @Override
        public void data(ByteBuf data) {
            events.add("data " + data.readableBytes());
            data.release();
        }

        @Override
        public void whole(Http2Headers last) {
            events.add("whole");
        }

        @Override
        public void failed(GrpcStatus status, String reason) {
            events.add(status + " " + reason);
        }
    });
    private SideStreamObserver backend;

    private final SideStream call = new SideStream() {
        @Override
        public void send(ByteBuf data) {
            events.add("send " + data.readableBytes());
            data.release();
        }

        @Override
        public void end() {
            events.add("end");
        }

        @Override
        public void cancel() {
            events.add("cancel");
        }

        @Override
        public void wanted(boolean more) {
            events.add("wanted " + more);
        }
    };

    private void open() {
        stream.open(
                (loop, cluster, head, observer) -> {
                    backend = observer;
                    return call;
                },
                "backend",
                new DefaultHttp2Headers(),
                Duration.ofSeconds(30));
        thread.runPendingTasks();
    }

    private static ByteBuf bytes(int count) {
        return Unpooled.buffer(count).writerIndex(count);
    }

    private List<String> told() {
        thread.runPendingTasks();
        List<String> all = List.copyOf(events);
        events.clear();
        return all;
    }

    @Test
    void theBackendWaitsWhileThePageDoesNotShow() {
        open();
        backend.data(bytes(6 * MIB), false);
        assertThat(told()).containsExactly("data " + 6 * MIB);
        backend.data(bytes(1), false);
        backend.data(bytes(1), false);
        assertThat(told()).containsExactly("wanted false", "data 1", "data 1");

        stream.shown(MIB);
        assertThat(told()).isEmpty();
        stream.shown(3);
        assertThat(told()).containsExactly("wanted true");
        stream.shown(MIB);
        assertThat(told()).isEmpty();
    }

    @Test
    void thePageWaitsWhileTheBackendDoesNotRead() throws Refusal {
        open();
        stream.send(bytes(8 * MIB));
        stream.send(bytes(1));
        ByteBuf more = bytes(1);
        assertThatThrownBy(() -> stream.send(more))
                .isInstanceOf(Refusal.class)
                .hasMessage("the backend does not read what was sent already: 8388609 bytes wait");
        more.release();
        assertThat(told()).containsExactly("send " + 8 * MIB, "send 1");

        backend.writable(true);
        stream.send(bytes(2));
        stream.end();
        assertThat(told()).containsExactly("send 2", "end");
    }

    @Test
    void theTimeIsOver() {
        open();
        thread.advanceTimeBy(30, TimeUnit.SECONDS);
        thread.runScheduledPendingTasks();

        assertThat(told()).containsExactly("cancel", "DEADLINE_EXCEEDED the call has not ended within 30000 ms");
        backend.data(bytes(1), true);
        backend.failed(SideFailure.RESET, "late");
        assertThat(told()).isEmpty();
    }

    @Test
    void nothingIsToldOnceItIsCancelled() {
        open();
        stream.cancel();
        assertThat(told()).containsExactly("cancel");
        backend.head(new DefaultHttp2Headers(), true);
        backend.data(bytes(1), false);
        stream.cancel();
        assertThat(told()).isEmpty();
    }

    @Test
    void anAnswerWithoutABody() {
        open();
        backend.head(new DefaultHttp2Headers(), true);

        assertThat(told()).containsExactly("head", "whole");
    }
}
