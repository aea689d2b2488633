package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.filter.HeldAnswer;
import io.grpcweb.gateway.filter.HeldBody;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.PercentEncoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/**
 * The response half of a unary call. The HTTP status of Connect tells how the call went, so the message is held until the
 * trailers have come, up to a bound.
 */
final class UnaryAnswer {
    private static final String JSON = "application/json";

    private final Exchange exchange;
    private final Dialect dialect;
    private final boolean cacheable;
    private final int mostBytes;
    private final FrameScanner frames = new FrameScanner();
    private final HeldBody message;

    /** Of a gRPC response whose trailers have not come. */
    private Http2Headers waiting;

    private HeldAnswer stranger;

    /** What is no answer to a call goes on as it is. */
    private boolean passing;

    private boolean done;

    /**
     * No response has come.
     *
     * @param cacheable whether the request was a GET
     * @param mostBytes of a message
     */
    UnaryAnswer(Exchange exchange, Dialect dialect, boolean cacheable, int mostBytes) {
        this.exchange = exchange;
        this.dialect = dialect;
        this.cacheable = cacheable;
        this.mostBytes = mostBytes;
        this.message = new HeldBody(exchange.allocator());
    }

    int mostBytes() {
        return mostBytes;
    }

    void head(HttpFilter upper, Http2Headers head, boolean end) {
        LocalReply reply = exchange.localReply();
        if (reply != null) {
            local(upper, head, end, reply);
        } else if (end && head.contains(GrpcHeaders.STATUS)) {
            Metadata metadata = dialect == Dialect.ENVOY ? Metadata.NONE : null;
            ConnectError error = ConnectError.of(head);
            if (error == null && dialect == Dialect.ENVOY) {
                succeedWithout(upper, head);
                return;
            }
            if (error == null) {
                error = ConnectError.of(Refusals.messages(0));
            }
            fail(upper, head, error, Code.http(error.status(), dialect), metadata);
        } else if (!end && isGrpc(head)) {
            waiting = head;
        } else if (dialect == Dialect.ENVOY || end && isBodiless(head)) {
            passing = true;
            upper.responseHead(head, end);
        } else {
            stranger = new HeldAnswer(head);
            if (end) {
                finishStranger(upper);
            }
        }
    }

    /** Redirects, and what a route answers by its configuration, are no errors of a call. */
    private void local(HttpFilter upper, Http2Headers head, boolean end, LocalReply reply) {
        release();
        if (reply.httpStatus() < 400) {
            passing = true;
            upper.responseHead(head, end);
        } else {
            fail(upper, head, ConnectError.of(reply), reply.httpStatus(), Metadata.NONE);
        }
    }

    static boolean isGrpc(Http2Headers head) {
        return "200".contentEquals(head.status())
                && MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
    }

    /** A response to something else than a call has nothing to tell. */
    static boolean isBodiless(Http2Headers head) {
        return "204".contentEquals(head.status()) || "304".contentEquals(head.status());
    }

    void data(HttpFilter upper, ByteBuf data, boolean end) {
        if (passing) {
            upper.responseData(data, end);
        } else if (done) {
            data.release();
        } else if (stranger != null) {
            stranger.add(data);
            if (end) {
                finishStranger(upper);
            }
        } else {
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
    }

    void trailers(HttpFilter upper, Http2Headers trailers) {
        if (passing) {
            upper.responseTrailers(trailers);
        } else if (stranger != null) {
            finishStranger(upper);
        } else if (!done) {
            ConnectError error = ConnectError.of(trailers);
            if (error == null && !frames.atBoundary()) {
                error = new ConnectError(
                        GrpcStatus.INTERNAL.code(),
                        "the backend ended in the middle of a message, " + frames.remaining() + " bytes short",
                        List.of());
            } else if (error == null && frames.messages() != 1 && !(dialect == Dialect.ENVOY && message.isEmpty())) {
                error = ConnectError.of(Refusals.messages(frames.messages()));
            } else if (error == null && (frames.flags() > 1 || frames.flags() == 1 && !isCompressed(waiting))) {
                error = ConnectError.of(Refusals.flags(frames.flags()));
            }
            Metadata metadata = new Metadata(trailers);
            exchange.info().responseTrailers = trailers;
            if (error == null) {
                succeed(upper, waiting, metadata);
            } else {
                message.release();
                fail(upper, waiting, error, Code.http(error.status(), dialect), metadata);
            }
        }
    }

    void abort(HttpFilter upper, LocalReply reason) {
        if (passing || waiting == null && stranger == null || done) {
            upper.responseAbort(reason);
            return;
        }
        Http2Headers head = waiting == null ? stranger.head() : waiting;
        release();
        exchange.info().ended(reason);
        fail(upper, head, ConnectError.of(reason), reason.httpStatus(), Metadata.NONE);
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

    static String codec(Http2Headers head) {
        String sent = MediaType.subFormat(head.get(HttpHeaderNames.CONTENT_TYPE));
        return sent == null ? "proto" : sent;
    }

    /**
     * Ends the response with an error.
     *
     * @param metadata null for what stands in the head
     */
    private void fail(HttpFilter upper, Http2Headers head, ConnectError error, int http, Metadata metadata) {
        done = true;
        exchange.info().grpcStatus = error.status();
        Metadata told = metadata == null ? Metadata.takenFrom(head) : metadata;
        stamp(head, told);
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

    private void finishStranger(HttpFilter upper) {
        HeldAnswer answer = stranger;
        ConnectError error =
                new ConnectError(Math.max(1, answer.status()), PercentEncoding.decode(answer.message()), List.of());
        release();
        int status = Exchange.status(answer.head());
        fail(upper, answer.head(), error, status < 400 ? 502 : status, Metadata.NONE);
    }

    /** Lets go of what is held. */
    void release() {
        message.release();
        if (stranger != null) {
            stranger.release();
            stranger = null;
        }
    }
}
