package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderConfig.StreamForm;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;

/** A stream of messages as JSON: head and messages leave as they come. */
final class JsonResponses implements ResponseBody {
    private static final byte[] EVENT = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final int EMPTY_ARRAY = '[' << 8 | ']';

    private final HttpFilter upper;
    private final ResponseMessages messages;
    private final StreamForm form;
    private final StatusJson status;
    private final Frames frames;
    private final ByteBufAllocator allocator;
    private boolean begun;

    /**
     * Nothing has come.
     *
     * @param status makes a body of a failed call; null where its status stays in fields
     */
    JsonResponses(
            HttpFilter upper,
            ResponseMessages messages,
            StreamForm form,
            StatusJson status,
            int most,
            ByteBufAllocator allocator) {
        this.upper = upper;
        this.messages = messages;
        this.form = form;
        this.status = status;
        this.frames = new Frames(most, allocator);
        this.allocator = allocator;
    }

    @Override
    public void head(Http2Headers head) {
        head.set(HttpHeaderNames.CONTENT_TYPE, ResponseHeads.contentType(form));
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        upper.responseHead(head, false);
    }

    /** What is whole leaves also where something behind it is wrong. */
    @Override
    public void data(ByteBuf data) throws Refusal {
        ByteBuf out = allocator.buffer();
        int whole = 0;
        try {
            while (frames.next(data)) {
                message(out);
                whole = out.writerIndex();
            }
        } finally {
            out.writerIndex(whole);
            if (whole > 0) {
                upper.responseData(out, false);
            } else {
                out.release();
            }
        }
    }

    private void message(ByteBuf out) throws Refusal {
        switch (form) {
            case ARRAY -> out.writeByte(begun ? ',' : '[');
            case EVENTS -> out.writeBytes(EVENT);
            case LINES -> {}
        }
        begun = true;
        messages.writeJson(frames.message(), out);
        switch (form) {
            case EVENTS -> out.writeByte('\n').writeByte('\n');
            case LINES -> out.writeByte('\n');
            case ARRAY -> {}
        }
    }

    @Override
    public void end() throws Refusal {
        frames.end();
        upper.responseData(last(), true);
    }

    @Override
    public void trailers(Http2Headers trailers) throws Refusal {
        frames.end();
        ByteBuf failed = failed(trailers);
        ByteBuf last = failed == null ? last() : failed;
        if (last.isReadable()) {
            upper.responseData(last, false);
        } else {
            last.release();
        }
        upper.responseTrailers(trailers);
    }

    /** What ends the body. */
    private ByteBuf last() {
        if (form != StreamForm.ARRAY) {
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf last = allocator.buffer(2);
        return begun ? last.writeByte(']') : last.writeShort(EMPTY_ARRAY);
    }

    @Override
    public void trailersOnly(Http2Headers head) {
        ByteBuf failed = failed(head);
        if (failed == null) {
            head.set(HttpHeaderNames.CONTENT_TYPE, ResponseHeads.contentType(form));
            ResponseHeads.outcome(head, head);
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
        } else {
            ResponseHeads.failure(head, head);
            ResponseHeads.length(head, failed.readableBytes());
        }
        upper.responseHead(head, false);
        upper.responseData(failed == null ? last() : failed, true);
    }

    /** The body of a call that failed without a message; null for any other. */
    private ByteBuf failed(Http2Headers trailers) {
        return status == null || begun || StatusJson.code(trailers) <= 0 ? null : status.write(trailers);
    }

    @Override
    public void release() {
        frames.release();
    }
}
