package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class NativeMessagesTest {
    @Test
    void messagesAreCountedInBothDirectionsHoweverTheyAreCut() {
        StreamInfo info = new StreamInfo(new ConnectionInfo(1, "web", null, null, null, null), 1);
        NativeMessages messages = new NativeMessages(info);
        messages.received(Unpooled.wrappedBuffer(new byte[] {0, 0, 0}));
        assertThat(info.requestMessages).isZero();
        messages.received(Unpooled.wrappedBuffer(new byte[] {0, 2, 8, 7, 0, 0, 0, 0, 0}));
        messages.sent(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 0, 1, 8}));

        assertThat(info.requestMessages).isEqualTo(2);
        assertThat(info.responseMessages).isEqualTo(1);
    }
}
