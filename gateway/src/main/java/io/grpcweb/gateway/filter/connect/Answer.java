package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.filter.HeldAnswer;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.PercentEncoding;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/**
 * The response half of a call: it tells responses to calls from what a stranger to gRPC has answered, which becomes an error of
 * the call, and from what is none of its business. Subclasses translate the responses to calls.
 */
abstract class Answer {
    final Exchange exchange;
    final Dialect dialect;
    final FrameScanner frames = new FrameScanner();

    /** The response has its last part. */
    boolean done;

    private HeldAnswer stranger;

    /** What is no answer to a call goes on as it is. */
    private boolean passing;

    Answer(Exchange exchange, Dialect dialect) {
        this.exchange = exchange;
        this.dialect = dialect;
    }

    /** A gRPC response begins. */
    abstract void begins(HttpFilter upper, Http2Headers head);

    /** A part of its body; it is the callee's. */
    abstract void message(HttpFilter upper, ByteBuf data, boolean end);

    /** A gRPC response ends. */
    abstract void ends(HttpFilter upper, Http2Headers trailers);

    /** A gRPC response that has a status and nothing else. */
    abstract void statusAlone(HttpFilter upper, Http2Headers head);

    /** The gateway answers by itself, with an error. */
    abstract void refused(HttpFilter upper, Http2Headers head, LocalReply reply);

    /** A backend that speaks something else has answered this. */
    abstract void strange(HttpFilter upper, Http2Headers head, ConnectError error);

    /** A gRPC response, or none, breaks off. */
    abstract void breaks(HttpFilter upper, LocalReply reason);

    /** Whether a response of the gateway's own is an error that the form of the call tells. */
    boolean isError(LocalReply reply) {
        return reply.httpStatus() >= 400;
    }

    final void head(HttpFilter upper, Http2Headers head, boolean end) {
        LocalReply reply = exchange.localReply();
        if (reply != null) {
            release();
            if (isError(reply)) {
                refused(upper, head, reply);
            } else {
                pass(upper, head, end);
            }
        } else if (end && head.contains(GrpcHeaders.STATUS)) {
            statusAlone(upper, head);
        } else if (!end && isGrpc(head)) {
            begins(upper, head);
        } else if (dialect == Dialect.ENVOY || end && isBodiless(head)) {
            pass(upper, head, end);
        } else {
            stranger = new HeldAnswer(head);
            if (end) {
                finishStranger(upper);
            }
        }
    }

    /** Redirects, and what a route answers by its configuration, are no errors of a call. */
    private void pass(HttpFilter upper, Http2Headers head, boolean end) {
        passing = true;
        upper.responseHead(head, end);
    }

    private static boolean isGrpc(Http2Headers head) {
        return "200".contentEquals(head.status())
                && MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
    }

    /** A response to something else than a call has nothing to tell. */
    private static boolean isBodiless(Http2Headers head) {
        return "204".contentEquals(head.status()) || "304".contentEquals(head.status());
    }

    /** What messages are written in, by the head of a gRPC response. */
    static String codec(Http2Headers head) {
        String sent = MediaType.subFormat(head.get(HttpHeaderNames.CONTENT_TYPE));
        return sent == null ? "proto" : sent;
    }

    final void data(HttpFilter upper, ByteBuf data, boolean end) {
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
            message(upper, data, end);
        }
    }

    final void trailers(HttpFilter upper, Http2Headers trailers) {
        if (passing) {
            upper.responseTrailers(trailers);
        } else if (stranger != null) {
            finishStranger(upper);
        } else if (!done) {
            ends(upper, trailers);
        }
    }

    final void abort(HttpFilter upper, LocalReply reason) {
        if (passing) {
            upper.responseAbort(reason);
        } else if (!done && stranger != null) {
            Http2Headers head = stranger.head();
            release();
            exchange.info().ended(reason);
            refused(upper, head, reason);
        } else if (!done) {
            breaks(upper, reason);
        }
    }

    private void finishStranger(HttpFilter upper) {
        HeldAnswer answer = stranger;
        ConnectError error =
                new ConnectError(Math.max(1, answer.status()), PercentEncoding.decode(answer.message()), List.of());
        release();
        strange(upper, answer.head(), error);
    }

    /** Lets go of what is held. */
    void release() {
        if (stranger != null) {
            stranger.release();
            stranger = null;
        }
    }
}
