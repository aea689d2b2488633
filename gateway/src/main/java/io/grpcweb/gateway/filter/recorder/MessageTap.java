package io.grpcweb.gateway.filter.recorder;

import com.google.protobuf.UnsafeByteOperations;
import io.grpcweb.gateway.http.ForeignText;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;

/** Copies the first messages of one direction while they pass. */
final class MessageTap {
    private final int most;
    private final int mostBytes;
    private final FrameScanner frames = new FrameScanner();
    private final List<RecordedMessage> messages = new ArrayList<>(1);
    private CharSequence coding = "";

    /** Of the current message; null where it is not kept. */
    private byte[] bytes;

    private int filled;

    MessageTap(RecorderConfig config) {
        this.most = config.messages();
        this.mostBytes = config.messageBytes();
    }

    /** The head says how messages are compressed. */
    void head(Http2Headers head) {
        CharSequence said = head.get(GrpcHeaders.ENCODING);
        coding = said == null ? "" : said;
    }

    /** Bytes of the body, which stay the caller's. */
    void data(ByteBuf data) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        while (at < end) {
            long before = frames.remaining();
            long complete = frames.messages();
            at = frames.step(data, at, end);
            boolean ended = frames.messages() > complete;
            if (before == 0 && (ended || frames.remaining() > 0)) {
                begin();
                before = frames.length();
            }
            part(data, at, (int) (before - frames.remaining()));
            if (ended) {
                end();
            }
        }
    }

    private void begin() {
        boolean keeps = messages.size() < most && frames.length() <= mostBytes;
        bytes = keeps ? new byte[(int) frames.length()] : null;
        filled = 0;
    }

    private void part(ByteBuf data, int end, int length) {
        if (bytes != null) {
            data.getBytes(end - length, bytes, filled, length);
            filled += length;
        }
    }

    private void end() {
        if (messages.size() < most) {
            messages.add(new RecordedMessage(
                    frames.length(),
                    (frames.flags() & 1) != 0,
                    bytes == null ? null : UnsafeByteOperations.unsafeWrap(bytes)));
        }
        bytes = null;
    }

    /** What has come; a message that did not come whole is there without its bytes. */
    RecordedCall.Direction seen() {
        boolean inside = frames.remaining() > 0;
        if (inside && messages.size() < most) {
            messages.add(new RecordedMessage(frames.length(), (frames.flags() & 1) != 0, null));
        }
        return new RecordedCall.Direction(messages, frames.messages() + (inside ? 1 : 0), ForeignText.of(coding));
    }
}
