package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.filter.HeldBody;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/**
 * The response half of a unary call. The HTTP status of Connect tells how the call went, so the message is held until the
 * trailers have come, up to a bound.
 */
final class UnaryAnswer extends Answer {
    private static final String JSON = "application/json";

    private final boolean cacheable;
    private final int mostBytes;
    private final HeldBody message;

    /** Of a gRPC response whose trailers have not come. */
    private Http2Headers waiting;

    /**
     * No response has come.
     *
     * @param cacheable whether the request was a GET
     * @param mostBytes of a message
     */
    UnaryAnswer(Exchange exchange, Dialect dialect, boolean cacheable, int mostBytes) {
        super(exchange, dialect);
        this.cacheable = cacheable;
        this.mostBytes = mostBytes;
        this.message = new HeldBody(exchange.allocator());
    }

    @Override
    void statusAlone(HttpFilter upper, Http2Headers head) {
        ConnectError error = ConnectError.of(head);
        if (error == null && dialect == Dialect.ENVOY) {
            succeedWithout(upper, head);
            return;
        }
        ConnectError told = error == null ? ConnectError.of(Refusals.messages(0)) : error;
        Metadata metadata = dialect == Dialect.ENVOY ? Metadata.NONE : Metadata.takenFrom(head);
        fail(upper, head, told, Code.http(told.status(), dialect), metadata);
    }

    @Override
    void begins(HttpFilter upper, Http2Headers head) {
        waiting = head;
    }

    @Override
    void refused(HttpFilter upper, Http2Headers head, LocalReply reply) {
        fail(upper, head, ConnectError.of(reply), reply.httpStatus(), Metadata.NONE);
    }

    @Override
    void strange(HttpFilter upper, Http2Headers head, ConnectError error) {
        int status = Exchange.status(head);
        fail(upper, head, error, status < 400 ? 502 : status, Metadata.NONE);
    }

    @Override
    void message(HttpFilter upper, ByteBuf data, boolean end) {
        frames.scan(data);
        exchange.info().responseMessages = frames.messages();
        message.add(data);
        if (frames.longest() > mostBytes) {
            exchange.reply(LocalReply.messageTooLong(frames.longest(), mostBytes));
        } else if (message.bytes() > mostBytes + FrameScanner.PREFIX) {
            exchange.reply(Refusals.messages(frames.messages() + 1));
        } else if (end) {
            exchange.reply(LocalReply.brokenAnswer(GrpcStatus.INTERNAL, "missing trailers"));
        }
    }

    @Override
    void ends(HttpFilter upper, Http2Headers trailers) {
        ConnectError error = ConnectError.of(trailers);
        Metadata metadata = new Metadata(trailers);
        exchange.info().responseTrailers = trailers;
        ConnectError told = error == null ? problem() : error;
        if (told == null) {
            succeed(upper, waiting, metadata);
        } else {
            message.release();
            fail(upper, waiting, told, Code.http(told.status(), dialect), metadata);
        }
    }

    /** Why what came is not the one message that a call that went well has; null where it is. */
    private ConnectError problem() {
        if (!frames.atBoundary()) {
            return new ConnectError(
                    GrpcStatus.INTERNAL.code(),
                    "the backend ended in the middle of a message, " + frames.remaining() + " bytes short",
                    List.of());
        }
        if (frames.messages() != 1 && !(dialect == Dialect.ENVOY && message.isEmpty())) {
            return ConnectError.of(Refusals.messages(frames.messages()));
        }
        boolean known = frames.flags() == 0 || frames.flags() == 1 && isCompressed(waiting);
        return known ? null : ConnectError.of(Refusals.flags(frames.flags()));
    }

    @Override
    void breaks(HttpFilter upper, LocalReply reason) {
        if (waiting == null) {
            upper.responseAbort(reason);
            return;
        }
        release();
        exchange.info().ended(reason);
        refused(upper, waiting, reason);
    }

    private void succeed(HttpFilter upper, Http2Headers head, Metadata metadata) {
        done = true;
        exchange.info().grpcStatus = 0;
        long length = frames.length();
        message.skip(FrameScanner.PREFIX);
        CharSequence coding = head.get(GrpcHeaders.ENCODING);
        stamp(head, metadata);
        if (frames.flags() == 1) {
            head.set(HttpHeaderNames.CONTENT_ENCODING, coding);
        }
        head.set(HttpHeaderNames.CONTENT_TYPE, "application/" + codec(head));
        if (dialect == Dialect.CONNECT) {
            head.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
            if (cacheable) {
                head.add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
            }
        }
        upper.responseHead(head, false);
        if (message.isEmpty()) {
            upper.responseData(Unpooled.EMPTY_BUFFER, true);
        }
        while (!message.isEmpty()) {
            ByteBuf part = message.poll();
            upper.responseData(part, message.isEmpty());
        }
    }

    private static boolean isCompressed(Http2Headers head) {
        CharSequence coding = head.get(GrpcHeaders.ENCODING);
        return coding != null && !RequestHead.isIdentity(coding);
    }

    /** Envoy takes a call that ends well without a message for one with an empty message. */
    private void succeedWithout(HttpFilter upper, Http2Headers head) {
        done = true;
        exchange.info().grpcStatus = 0;
        head.set(HttpHeaderNames.CONTENT_TYPE, "application/" + codec(head));
        stamp(head, Metadata.NONE);
        upper.responseHead(head, true);
    }

    /** Ends the response with an error. */
    private void fail(HttpFilter upper, Http2Headers head, ConnectError error, int http, Metadata metadata) {
        done = true;
        exchange.info().grpcStatus = error.status();
        stamp(head, metadata);
        head.status(Integer.toString(http));
        head.set(HttpHeaderNames.CONTENT_TYPE, JSON);
        ByteBuf body = error.body(exchange.allocator());
        if (dialect == Dialect.CONNECT) {
            head.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.readableBytes()));
        }
        upper.responseHead(head, false);
        upper.responseData(body, true);
    }

    private void stamp(Http2Headers head, Metadata metadata) {
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        head.remove(GrpcHeaders.STATUS);
        head.remove(GrpcHeaders.MESSAGE);
        head.remove(GrpcHeaders.STATUS_DETAILS);
        head.remove(GrpcHeaders.ENCODING);
        CharSequence accepted = head.get(GrpcHeaders.ACCEPT_ENCODING);
        if (accepted != null && dialect == Dialect.CONNECT) {
            head.remove(GrpcHeaders.ACCEPT_ENCODING);
            head.set(HttpHeaderNames.ACCEPT_ENCODING, accepted);
        }
        metadata.addTo(head);
    }

    @Override
    void release() {
        super.release();
        message.release();
    }
}
