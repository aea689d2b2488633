package io.grpcweb.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.filter.recorder.RecordedCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideStreams;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A page that does not read what it is told. */
final class ConsoleSocketTest {
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new ConsoleSocket(new NoBackends(), ImmediateEventExecutor.INSTANCE, change -> {}));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void writable(boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }

    private String told() {
        TextWebSocketFrame frame = channel.readOutbound();
        try {
            return frame.text();
        } finally {
            frame.release();
        }
    }

    @Test
    void nothingMoreIsReadUntilItReads() {
        channel.writeInbound(new TextWebSocketFrame("{\"id\":1,\"do\":\"dance\"}"));
        assertThat(told()).isEqualTo("{\"id\":1,\"is\":\"refused\",\"reason\":\"there is no command 'dance'\"}");
        assertThat(channel.config().isAutoRead()).isTrue();

        writable(false);
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.writeInbound(new TextWebSocketFrame("{\"id\":2,\"do\":\"sing\"}"));
        assertThat(channel.config().isAutoRead()).isFalse();

        writable(true);
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(told()).contains("sing");
    }

    private static final class NoBackends implements Backends {
        @Override
        public List<Reachable> clusters() {
            return List.of();
        }

        @Override
        public List<String> listeners() {
            return List.of();
        }

        @Override
        public List<ProtoSchema> described() {
            return List.of();
        }

        @Override
        public List<RecordedCall> recorded() {
            return List.of();
        }

        @Override
        public boolean records() {
            return false;
        }

        @Override
        public EventExecutor loop() {
            return ImmediateEventExecutor.INSTANCE;
        }

        @Override
        public SideCalls questions() {
            return null;
        }

        @Override
        public SideStreams calls() {
            return null;
        }
    }
}
