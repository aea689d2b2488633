package io.grpcweb.gateway.net;

import static io.netty.handler.codec.http2.Http2CodecUtil.FRAME_HEADER_LENGTH;

import io.grpcweb.gateway.http.WireBytes;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

/** Counts the frames of those streams of an HTTP/2 connection that somebody wants counted; of no other. */
public final class StreamMeters {
    /** Null until the first stream is counted. */
    private IntObjectMap<WireBytes> counted;

    /** From now on the frames of a stream are added to this. */
    public void count(int streamId, WireBytes bytes) {
        if (counted == null) {
            counted = new IntObjectHashMap<>();
        }
        counted.put(streamId, bytes);
    }

    /** The stream is closed. */
    public void closed(int streamId) {
        if (counted != null) {
            counted.remove(streamId);
        }
    }

    /** A field block was written, in as many frames as it needs. */
    void sentBlock(int streamId, int bytes, int maxFrame) {
        WireBytes to = of(streamId);
        if (to != null) {
            long framed = framed(bytes, maxFrame);
            to.sent += framed;
            to.headersSent += framed;
        }
    }

    /** The payload of another frame was written; where it is too long for one, in several. */
    void sent(int streamId, int bytes, int maxFrame) {
        WireBytes to = of(streamId);
        if (to != null) {
            to.sent += framed(bytes, maxFrame);
        }
    }

    /** The head of a frame has come. */
    void received(int streamId, int type, int payload) {
        WireBytes to = of(streamId);
        if (to != null) {
            to.received += FRAME_HEADER_LENGTH + payload;
            if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
                to.headersReceived += FRAME_HEADER_LENGTH + payload;
            }
        }
    }

    private WireBytes of(int streamId) {
        return counted == null ? null : counted.get(streamId);
    }

    private static long framed(int bytes, int maxFrame) {
        int frames = bytes <= maxFrame ? 1 : (bytes - 1) / maxFrame + 1;
        return bytes + (long) frames * FRAME_HEADER_LENGTH;
    }
}
