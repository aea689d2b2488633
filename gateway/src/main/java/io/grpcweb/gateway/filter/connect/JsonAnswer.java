package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameReader;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.schema.BadMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;

/** The response half of JSON: messages become JSON, one by one; trailers, also those that are a frame, stay what they are. */
final class JsonAnswer {
    private static final int TRAILERS = 0x80;

    private final Exchange exchange;
    private final int mostBytes;
    private final FrameReader frames;

    /** Null while messages pass as they are. */
    private Methods.Method method;

    private CallFormat form;
    private boolean compressed;

    JsonAnswer(Exchange exchange, int mostBytes) {
        this.exchange = exchange;
        this.mostBytes = mostBytes;
        this.frames = new FrameReader(exchange.allocator(), mostBytes);
    }

    /** The messages of the response are those of a method, in the form of the request. */
    void translates(Methods.Method one, CallFormat request) {
        method = one;
        form = request;
    }

    void head(HttpFilter upper, Http2Headers head, boolean end) {
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE);
        if (method == null || MediaType.formatOf(type) != form || "json".equals(MediaType.subFormat(type))) {
            // Such as an error page, or the answer of a backend that speaks JSON.
            method = null;
        } else {
            head.set(
                    HttpHeaderNames.CONTENT_TYPE,
                    form == CallFormat.GRPC ? "application/grpc+json" : "application/grpc-web+json");
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
            CharSequence coding = head.getAndRemove(GrpcHeaders.ENCODING);
            compressed = coding != null && "gzip".contentEquals(coding);
        }
        upper.responseHead(head, end);
    }

    void data(HttpFilter upper, ByteBuf data, boolean end) {
        if (method == null) {
            upper.responseData(data, end);
            return;
        }
        frames.add(data);
        while (method != null && !exchange.isOver()) {
            int flags = frames.isEmpty() ? 0 : frames.flags();
            ByteBuf payload = frames.next();
            if (payload == null) {
                break;
            }
            if ((flags & TRAILERS) == 0) {
                message(upper, flags, payload);
            } else {
                ByteBuf prefix =
                        exchange.allocator().buffer(FrameScanner.PREFIX).writeByte(flags);
                prefix.writeInt(payload.readableBytes());
                upper.responseData(Unpooled.wrappedBuffer(prefix, payload.retain()), false);
            }
        }
        if (method != null && frames.isTooLong()) {
            fail(LocalReply.messageTooLong(frames.length(), mostBytes));
        } else if (method != null && end) {
            if (frames.isEmpty()) {
                upper.responseData(Unpooled.EMPTY_BUFFER, true);
            } else {
                fail(cut());
            }
        }
    }

    private static LocalReply cut() {
        return LocalReply.brokenAnswer(GrpcStatus.INTERNAL, "the backend ended in the middle of a message");
    }

    private void message(HttpFilter upper, int flags, ByteBuf payload) {
        if (flags > 1 || flags == 1 && !compressed) {
            fail(Refusals.flags(flags));
            return;
        }
        try {
            upper.responseData(
                    method.codec()
                            .response(method.rpc(), Gzip.content(payload, flags == 1, mostBytes), exchange.allocator()),
                    false);
        } catch (Gzip.TooLong e) {
            fail(LocalReply.messageTooLong(mostBytes + 1L, mostBytes));
        } catch (IOException | BadMessage e) {
            fail(LocalReply.brokenAnswer(
                    GrpcStatus.INTERNAL,
                    "the backend sent no " + method.rpc().output().getFullName() + ": " + e.getMessage()));
        }
    }

    /** Nothing more of the backend's answer is looked at; the rest is the status of the call. */
    private void fail(LocalReply reply) {
        method = null;
        frames.release();
        exchange.reply(reply);
    }

    void trailers(HttpFilter upper, Http2Headers trailers) {
        if (method != null && !frames.isEmpty()) {
            fail(cut());
        } else {
            upper.responseTrailers(trailers);
        }
    }

    /** Lets go of what is held. */
    void release() {
        frames.release();
    }
}
