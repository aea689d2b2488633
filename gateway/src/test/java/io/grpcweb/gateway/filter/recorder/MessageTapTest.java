package io.grpcweb.gateway.filter.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpcweb.gateway.testing.Frames;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTapTest {
    private static RecordedMessage plain(String hex) {
        byte[] bytes = Frames.hex(hex);
        return new RecordedMessage(bytes.length, false, ByteString.copyFrom(bytes));
    }

    private static MessageTap tap(int messages, int bytes) {
        return new MessageTap(new RecorderConfig("recorder", 1, messages, bytes, List.of()));
    }

    /** Three messages, the second of which is empty, in parts of so many bytes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 100})
    void messagesAreTheSameHoweverTheyAreCut(int part) {
        byte[] body = Frames.hex("00 00000003 0a0161  00 00000000  01 00000002 1f8b");
        MessageTap tap = tap(10, 100);
        tap.head(new DefaultHttp2Headers().set("grpc-encoding", "gzip"));
        for (int at = 0; at < body.length; at += part) {
            tap.data(Unpooled.wrappedBuffer(Arrays.copyOfRange(body, at, Math.min(body.length, at + part))));
        }
        assertThat(tap.seen())
                .isEqualTo(new RecordedCall.Direction(
                        List.of(
                                plain("0a0161"),
                                plain(""),
                                new RecordedMessage(2, true, ByteString.copyFrom(Frames.hex("1f8b")))),
                        3,
                        "gzip"));
    }

    @Test
    void theFirstOnesAreKeptAndAllAreCounted() {
        MessageTap tap = tap(1, 100);
        tap.data(Unpooled.wrappedBuffer(Frames.concat(Frames.F3, Frames.F4, Frames.F3)));
        assertThat(tap.seen()).isEqualTo(new RecordedCall.Direction(List.of(plain("0a0161")), 3, ""));
    }

    @Test
    void ofALongMessageItsLengthIsKept() {
        MessageTap tap = tap(2, 3);
        tap.data(Unpooled.wrappedBuffer(Frames.concat(Frames.F4, Frames.F3)));
        assertThat(tap.seen().messages()).containsExactly(new RecordedMessage(4, false, null), plain("0a0161"));
    }

    @Test
    void aMessageThatDidNotComeWholeHasNoBytes() {
        MessageTap tap = tap(2, 100);
        tap.data(Unpooled.wrappedBuffer(Frames.hex("00 00000003 0a01")));
        assertThat(tap.seen())
                .isEqualTo(new RecordedCall.Direction(List.of(new RecordedMessage(3, false, null)), 1, ""));
    }
}
