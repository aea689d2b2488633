package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.api.HttpBody;
import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderConfig.StreamForm;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** A stream of bytes of any kind: the head waits for the first message, which says what they are. */
final class RawResponses implements ResponseBody {
    private final HttpFilter upper;
    private final ResponseMessages messages;
    private final StreamForm form;
    private final StatusJson status;
    private final Frames frames;
    private Http2Headers head;
    private boolean begun;

    /**
     * Nothing has come.
     *
     * @param form of streams of messages: where no message says what its bytes are, that of the stream counts
     * @param status makes a body of a failed call; null where its status stays in fields
     */
    RawResponses(
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
    }

    @Override
    public void head(Http2Headers fields) {
        head = fields;
        head.set(HttpHeaderNames.CONTENT_TYPE, ResponseHeads.contentType(form));
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
    }

    @Override
    public void data(ByteBuf data) throws Refusal {
        while (frames.next(data)) {
            HttpBody body = messages.raw(frames.message());
            if (!begun) {
                begun = true;
                if (!body.equals(HttpBody.getDefaultInstance())) {
                    head.set(HttpHeaderNames.CONTENT_TYPE, body.getContentType());
                }
                upper.responseHead(head, false);
            }
            if (!body.getData().isEmpty()) {
                upper.responseData(Unpooled.wrappedBuffer(body.getData().asReadOnlyByteBuffer()), false);
            }
        }
    }

    @Override
    public void end() throws Refusal {
        frames.end();
        if (!begun) {
            upper.responseHead(head, false);
        }
        upper.responseData(Unpooled.EMPTY_BUFFER, true);
    }

    @Override
    public void trailers(Http2Headers trailers) throws Refusal {
        frames.end();
        ByteBuf failed = failed(trailers);
        if (failed != null) {
            ResponseHeads.failure(head, trailers);
            ResponseHeads.length(head, failed.readableBytes());
            upper.responseHead(head, false);
            upper.responseData(failed, false);
        } else if (!begun) {
            upper.responseHead(head, false);
        }
        upper.responseTrailers(trailers);
    }

    @Override
    public void trailersOnly(Http2Headers fields) {
        ByteBuf failed = failed(fields);
        if (failed == null) {
            fields.set(HttpHeaderNames.CONTENT_TYPE, ResponseHeads.contentType(form));
            ResponseHeads.outcome(fields, fields);
            fields.remove(HttpHeaderNames.CONTENT_LENGTH);
            upper.responseHead(fields, true);
        } else {
            ResponseHeads.failure(fields, fields);
            ResponseHeads.length(fields, failed.readableBytes());
            upper.responseHead(fields, false);
            upper.responseData(failed, true);
        }
    }

    private ByteBuf failed(Http2Headers trailers) {
        return status == null || begun || StatusJson.code(trailers) <= 0 ? null : status.write(trailers);
    }

    @Override
    public void release() {
        frames.release();
    }
}
