package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.api.HttpBody;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** A response with one message: head and body are held until its status is there, which decides on the status of HTTP. */
final class WholeResponse implements ResponseBody {
    private final HttpFilter upper;
    private final ResponseMessages messages;
    private final boolean raw;
    private final StatusJson status;
    private final int most;
    private final Frames frames;
    private final ByteBuf body;
    private Http2Headers head;
    private boolean begun;

    /**
     * Nothing has come.
     *
     * @param raw whether the message holds bytes of any kind
     * @param status makes a body of a failed call; null where its status stays in fields
     */
    WholeResponse(
            HttpFilter upper,
            ResponseMessages messages,
            boolean raw,
            StatusJson status,
            int most,
            ByteBufAllocator allocator) {
        this.upper = upper;
        this.messages = messages;
        this.raw = raw;
        this.status = status;
        this.most = most;
        this.frames = new Frames(most, allocator);
        this.body = allocator.buffer(0);
    }

    @Override
    public void head(Http2Headers fields) {
        head = fields;
        head.set(HttpHeaderNames.CONTENT_TYPE, ResponseHeads.JSON);
    }

    @Override
    public void data(ByteBuf data) throws Refusal {
        // There is one message; what follows it is nobody's business.
        while ((raw || !begun) && frames.next(data)) {
            begun = true;
            if (raw) {
                add(messages.raw(frames.message()));
            } else {
                messages.writeJson(frames.message(), body);
            }
        }
    }

    private void add(HttpBody part) throws Refusal {
        if ((long) body.readableBytes() + part.getData().size() > most) {
            throw new Refusal(Failure.responseTooLarge());
        }
        if (!part.equals(HttpBody.getDefaultInstance())) {
            head.set(HttpHeaderNames.CONTENT_TYPE, part.getContentType());
        }
        body.writeBytes(part.getData().asReadOnlyByteBuffer());
    }

    @Override
    public void end() throws Refusal {
        frames.end();
        upper.responseHead(head, false);
        upper.responseData(body.retain(), true);
    }

    @Override
    public void trailers(Http2Headers trailers) throws Refusal {
        frames.end();
        ByteBuf failed = failed(trailers);
        ByteBuf content = failed == null ? body.retain() : failed;
        if (failed == null) {
            ResponseHeads.outcome(head, trailers);
        } else {
            ResponseHeads.failure(head, trailers);
        }
        ResponseHeads.length(head, content.readableBytes());
        upper.responseHead(head, false);
        if (content.isReadable()) {
            upper.responseData(content, false);
        } else {
            content.release();
        }
        upper.responseTrailers(trailers);
    }

    @Override
    public void trailersOnly(Http2Headers fields) {
        ByteBuf failed = failed(fields);
        if (failed == null) {
            ResponseHeads.outcome(fields, fields);
            ResponseHeads.length(fields, 0);
            upper.responseHead(fields, true);
        } else {
            ResponseHeads.failure(fields, fields);
            ResponseHeads.length(fields, failed.readableBytes());
            upper.responseHead(fields, false);
            upper.responseData(failed, true);
        }
    }

    /** The body of a call that failed without a message; null for any other. */
    private ByteBuf failed(Http2Headers trailers) {
        return status == null || begun || StatusJson.code(trailers) <= 0 ? null : status.write(trailers);
    }

    @Override
    public void release() {
        frames.release();
        body.release();
    }
}
