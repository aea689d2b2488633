package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Exception;
import org.junit.jupiter.api.Test;

class SettingsLengthTest {
    private static final int DATA = 0;
    private static final int SETTINGS = 4;

    private final SettingsLength lengths = new SettingsLength();

    private static void frame(ByteBuf to, int type, int length) {
        to.writeMedium(length).writeByte(type).writeZero(5 + length);
    }

    /** Takes what Netty's reader takes: whole frames, and the head of the next. */
    private static final class Reader {
        private int payloadLeft = -1;

        void take(ByteBuf input) {
            while (true) {
                if (payloadLeft < 0) {
                    if (input.readableBytes() < 9) {
                        return;
                    }
                    payloadLeft = input.readUnsignedMedium();
                    input.skipBytes(6);
                }
                if (input.readableBytes() < payloadLeft) {
                    return;
                }
                input.skipBytes(payloadLeft);
                payloadLeft = -1;
            }
        }
    }

    /** A frame whose content looks like SETTINGS that are too long, then 32 entries, then 33: whatever the pieces are. */
    @Test
    void longSettingsAreSeenHoweverTheBytesAreCutAndNothingElseIs() throws Exception {
        ByteBuf bytes = Unpooled.buffer();
        bytes.writeMedium(18).writeByte(DATA).writeZero(5);
        bytes.writeMedium(600).writeByte(SETTINGS).writeZero(14);
        frame(bytes, SETTINGS, 32 * 6);
        int harmless = bytes.writerIndex();
        frame(bytes, SETTINGS, 33 * 6);
        for (int piece = 1; piece < 40; piece++) {
            SettingsLength cut = new SettingsLength();
            ByteBuf input = bytes.duplicate().writerIndex(0);
            Reader reader = new Reader();
            int refusedAt = -1;
            while (refusedAt < 0 && input.writerIndex() < bytes.writerIndex()) {
                input.writerIndex(Math.min(bytes.writerIndex(), input.writerIndex() + piece));
                try {
                    cut.look(input);
                } catch (Http2Exception e) {
                    refusedAt = input.writerIndex();
                }
                reader.take(input);
            }
            assertThat(refusedAt).as("pieces of %d", piece).isBetween(harmless + 9, harmless + 9 + piece);
        }
    }

    @Test
    void afterAFrameThatStoppedTheReaderTheNextHeadIsLookedAt() throws Exception {
        ByteBuf input = Unpooled.buffer();
        frame(input, DATA, 4);
        frame(input, DATA, 90);
        input.writerIndex(input.writerIndex() - 80);
        lengths.look(input);
        input.skipBytes(13);
        lengths.stopped();
        ByteBuf next = Unpooled.buffer();
        frame(next, SETTINGS, 33 * 6);
        assertThatThrownBy(() -> lengths.look(next)).isInstanceOf(Http2Exception.class);
    }
}
