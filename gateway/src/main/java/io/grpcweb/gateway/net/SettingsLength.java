package io.grpcweb.gateway.net;

import static io.netty.handler.codec.http2.Http2CodecUtil.FRAME_HEADER_LENGTH;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Looks at the heads of frames before Netty's reader takes them: a SETTINGS frame of more entries than there are settings
 * has no use (RFC 9113 section 6.5.2 has six). The reader itself keeps the last value of each and forgets how many came.
 */
final class SettingsLength {
    static final int MOST_ENTRIES = 32;

    private static final int ENTRY = 6;
    /** Bytes of a frame whose head the reader has taken. */
    private int payloadLeft;

    /** Looks at all heads that are there, from where the reader has come to; throws where one is too long. */
    void look(ByteBuf input) throws Http2Exception {
        int length = payloadLeft;
        int at = input.readerIndex() + length;
        int end = input.writerIndex();
        while (end - at >= FRAME_HEADER_LENGTH) {
            length = input.getUnsignedMedium(at);
            if (input.getByte(at + 3) == Http2FrameTypes.SETTINGS && length > MOST_ENTRIES * ENTRY) {
                throw Http2Exception.connectionError(
                        Http2Error.ENHANCE_YOUR_CALM, "SETTINGS of more than %d entries", MOST_ENTRIES);
            }
            at += FRAME_HEADER_LENGTH + length;
        }
        // The reader takes every frame that is whole, and the head of one that is not.
        payloadLeft = at > end ? length : 0;
    }

    /** The reader has come to the end of a frame before it came to the end of what is there. */
    void stopped() {
        payloadLeft = 0;
    }
}
