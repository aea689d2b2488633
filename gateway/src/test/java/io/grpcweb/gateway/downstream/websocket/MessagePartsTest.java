package io.grpcweb.gateway.downstream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What leaves as one message; the wire tests have calls that take turns. */
class MessagePartsTest {
    private final List<byte[]> sent = new ArrayList<>();
    private final MessageParts parts = new MessageParts(ByteBufAllocator.DEFAULT, new Recorder());

    /** Keeps what would become messages. */
    private final class Recorder implements Dialect {
        @Override
        public void data(WebSocketCall of, ByteBuf part, boolean last) {
            sent.add(ByteBufUtil.getBytes(part));
            part.release();
            assertThat(last).isFalse();
        }

        @Override
        public void message(ByteBuf message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void head(WebSocketCall of, ByteBuf fields, boolean last) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void ended(WebSocketCall of, boolean complete) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void drain() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<WebSocketCall> calls() {
            return List.of();
        }

        @Override
        public int size() {
            return 0;
        }
    }

    private void add(int... bytes) {
        ByteBuf part = Unpooled.buffer();
        for (int one : bytes) {
            part.writeByte(one);
        }
        parts.add(null, part);
    }

    @Test
    void smallPartsAreOneMessage() {
        add(1, 2);
        add(3);
        add(4, 5);
        assertThat(sent).isEmpty();
        parts.send();
        assertThat(sent).containsExactly(new byte[] {1, 2, 3, 4, 5});
        parts.send();
        add(6);
        parts.send();
        assertThat(sent).hasSize(2).last().isEqualTo(new byte[] {6});
    }

    @Test
    void aLargePartPassesBehindTheSmallOnesBeforeIt() {
        add(1);
        add(2);
        parts.add(null, Unpooled.buffer().writeZero(17 << 10));
        assertThat(sent).containsExactly(new byte[] {1, 2}, new byte[17 << 10]);
    }

    @Test
    void noMoreThanSixteenKibibytesWait() {
        for (int i = 0; i < 5; i++) {
            parts.add(null, Unpooled.buffer().writeZero(4000));
        }
        assertThat(sent).containsExactly(new byte[16000]);
        parts.release();
        parts.send();
        assertThat(sent).hasSize(1);
    }
}
