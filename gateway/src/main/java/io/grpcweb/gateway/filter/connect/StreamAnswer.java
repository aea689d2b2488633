package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.ConnectHeaders;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** The response half of a stream: trailers become its last message, and its HTTP status is always 200. */
final class StreamAnswer extends Answer {
    private final String codec;
    private final long mostBytes;

    StreamAnswer(Exchange exchange, Dialect dialect, String codec, long mostBytes) {
        super(exchange, dialect);
        this.codec = codec;
        this.mostBytes = mostBytes;
    }

    @Override
    void statusAlone(HttpFilter upper, Http2Headers head) {
        ConnectError error = ConnectError.of(head);
        fail(upper, head, error, dialect == Dialect.ENVOY ? Metadata.NONE : Metadata.takenFrom(head));
    }

    @Override
    void begins(HttpFilter upper, Http2Headers head) {
        stamp(head, codec(head));
        upper.responseHead(head, false);
    }

    /** What is refused for its form is told by its HTTP status. */
    @Override
    boolean isError(LocalReply reply) {
        return super.isError(reply) && reply.httpStatus() != 405 && reply.httpStatus() != 415;
    }

    @Override
    void refused(HttpFilter upper, Http2Headers head, LocalReply reply) {
        head.status("200");
        stamp(head, codec);
        upper.responseHead(head, false);
        if (dialect == Dialect.ENVOY) {
            // Envoy's access log has the status that its client sees.
            exchange.info().responseCode = reply.httpStatus();
        }
        last(upper, ConnectError.of(reply), Metadata.NONE);
    }

    @Override
    void strange(HttpFilter upper, Http2Headers head, ConnectError error) {
        head.status("200");
        fail(upper, head, error, Metadata.NONE);
    }

    @Override
    void message(HttpFilter upper, ByteBuf data, boolean end) {
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
            breaks(upper, LocalReply.brokenAnswer(GrpcStatus.INTERNAL, "missing trailers"));
        }
    }

    /** Ends the response before the backend has; with a status where no message is cut by that. */
    private void breakOff(HttpFilter upper, boolean boundary, LocalReply reply) {
        exchange.giveUpUpstream();
        end(upper, boundary, reply);
    }

    @Override
    void ends(HttpFilter upper, Http2Headers trailers) {
        if (frames.atBoundary()) {
            exchange.info().responseTrailers = trailers;
            last(upper, ConnectError.of(trailers), new Metadata(trailers));
        } else {
            String cut = "the backend ended in the middle of a message, " + frames.remaining() + " bytes short";
            breaks(upper, LocalReply.brokenAnswer(GrpcStatus.INTERNAL, cut));
        }
    }

    @Override
    void breaks(HttpFilter upper, LocalReply reason) {
        exchange.info().ended(reason);
        end(upper, frames.atBoundary(), reason);
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
}
