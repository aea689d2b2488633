package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.filter.HeldAnswer;
import io.grpcweb.gateway.http.ConnectHeaders;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.PercentEncoding;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/** The response half of a stream: trailers become its last message, and its HTTP status is always 200. */
final class StreamAnswer {
    private final Exchange exchange;
    private final Dialect dialect;
    private final String codec;
    private final long mostBytes;
    private final FrameScanner frames = new FrameScanner();
    private HeldAnswer stranger;

    /** What is no answer to a call goes on as it is. */
    private boolean passing;

    private boolean done;

    StreamAnswer(Exchange exchange, Dialect dialect, String codec, long mostBytes) {
        this.exchange = exchange;
        this.dialect = dialect;
        this.codec = codec;
        this.mostBytes = mostBytes;
    }

    void head(HttpFilter upper, Http2Headers head, boolean end) {
        LocalReply reply = exchange.localReply();
        if (reply != null) {
            local(upper, head, end, reply);
        } else if (end && head.contains(GrpcHeaders.STATUS)) {
            ConnectError error = ConnectError.of(head);
            fail(upper, head, error, dialect == Dialect.ENVOY ? Metadata.NONE : Metadata.takenFrom(head));
        } else if (!end && UnaryAnswer.isGrpc(head)) {
            stamp(head, UnaryAnswer.codec(head));
            upper.responseHead(head, false);
        } else if (dialect == Dialect.ENVOY || end && UnaryAnswer.isBodiless(head)) {
            passing = true;
            upper.responseHead(head, end);
        } else {
            stranger = new HeldAnswer(head);
            if (end) {
                finishStranger(upper);
            }
        }
    }

    /** What is refused for its form is told by its HTTP status; redirects and the like are no errors of a call. */
    private void local(HttpFilter upper, Http2Headers head, boolean end, LocalReply reply) {
        release();
        int http = reply.httpStatus();
        if (http < 400 || http == 405 || http == 415) {
            passing = true;
            upper.responseHead(head, end);
        } else {
            head.status("200");
            stamp(head, codec);
            upper.responseHead(head, false);
            if (dialect == Dialect.ENVOY) {
                // Envoy's access log has the status that its client sees.
                exchange.info().responseCode = http;
            }
            last(upper, ConnectError.of(reply), Metadata.NONE);
        }
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
            boolean boundary = frames.atBoundary();
            frames.scan(data);
            exchange.info().responseMessages = frames.messages();
            if (frames.longest() > mostBytes) {
                data.release();
                breakOff(upper, boundary, LocalReply.messageTooLong(frames.longest(), mostBytes));
                return;
            }
            if (data.isReadable()) {
                upper.responseData(data, false);
            } else {
                data.release();
            }
            if (end) {
                abort(upper, LocalReply.brokenAnswer(GrpcStatus.INTERNAL, "missing trailers"));
            }
        }
    }

    /** Ends the response before the backend has; with a status where no message is cut by that. */
    private void breakOff(HttpFilter upper, boolean boundary, LocalReply reply) {
        exchange.giveUpUpstream();
        end(upper, boundary, reply);
    }

    void trailers(HttpFilter upper, Http2Headers trailers) {
        if (passing) {
            upper.responseTrailers(trailers);
        } else if (stranger != null) {
            finishStranger(upper);
        } else if (!done) {
            if (!frames.atBoundary()) {
                abort(
                        upper,
                        LocalReply.brokenAnswer(
                                GrpcStatus.INTERNAL,
                                "the backend ended in the middle of a message, " + frames.remaining()
                                        + " bytes short"));
                return;
            }
            exchange.info().responseTrailers = trailers;
            last(upper, ConnectError.of(trailers), new Metadata(trailers));
        }
    }

    void abort(HttpFilter upper, LocalReply reason) {
        if (passing) {
            upper.responseAbort(reason);
        } else if (!done) {
            exchange.info().ended(reason);
            end(upper, frames.atBoundary(), reason);
        }
    }

    private void end(HttpFilter upper, boolean boundary, LocalReply reason) {
        if (boundary) {
            last(upper, ConnectError.of(exchange.explained(reason)), Metadata.NONE);
        } else {
            done = true;
            exchange.info().grpcStatus = reason.grpcStatus();
            upper.responseAbort(reason);
        }
    }

    private void last(HttpFilter upper, ConnectError error, Metadata metadata) {
        done = true;
        exchange.info().grpcStatus = error == null ? 0 : error.status();
        upper.responseData(ConnectError.endOfStream(error, metadata, exchange.allocator()), true);
    }

    /** A response without messages. */
    private void fail(HttpFilter upper, Http2Headers head, ConnectError error, Metadata metadata) {
        stamp(head, codec);
        upper.responseHead(head, false);
        last(upper, error, metadata);
    }

    private static void stamp(Http2Headers head, String codec) {
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        head.remove(GrpcHeaders.STATUS);
        head.remove(GrpcHeaders.MESSAGE);
        head.remove(GrpcHeaders.STATUS_DETAILS);
        head.set(HttpHeaderNames.CONTENT_TYPE, "application/connect+" + codec);
        rename(head, GrpcHeaders.ENCODING, ConnectHeaders.CONTENT_ENCODING);
        rename(head, GrpcHeaders.ACCEPT_ENCODING, ConnectHeaders.ACCEPT_ENCODING);
    }

    private static void rename(Http2Headers head, AsciiString from, AsciiString to) {
        CharSequence value = head.getAndRemove(from);
        if (value != null) {
            head.set(to, value);
        }
    }

    private void finishStranger(HttpFilter upper) {
        HeldAnswer answer = stranger;
        ConnectError error =
                new ConnectError(Math.max(1, answer.status()), PercentEncoding.decode(answer.message()), List.of());
        release();
        answer.head().status("200");
        fail(upper, answer.head(), error, Metadata.NONE);
    }

    /** Lets go of what is held. */
    void release() {
        if (stranger != null) {
            stranger.release();
            stranger = null;
        }
    }
}
