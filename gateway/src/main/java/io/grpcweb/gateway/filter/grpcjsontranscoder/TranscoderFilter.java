package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.schema.InvalidJson;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** Turns one request into a call of gRPC and the response into JSON, or lets both pass as they are. */
final class TranscoderFilter extends HttpFilter {
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString ORIGINAL_PATH = AsciiString.cached("x-envoy-original-path");
    private static final AsciiString ORIGINAL_METHOD = AsciiString.cached("x-envoy-original-method");

    private final Exchange exchange;
    private final TranscoderFactory factory;

    /** Whether the request is a call; else both directions pass as they are. */
    private boolean call;

    /** Null when the request is over. */
    private RequestBody request;

    /** Null for a response that passes as it is, and when it is over. */
    private ResponseBody response;

    /** Whether the response is being dealt with, so that it is let go only afterwards. */
    private boolean busy;

    private boolean dropped;

    TranscoderFilter(Exchange exchange, TranscoderFactory factory) {
        this.exchange = exchange;
        this.factory = factory;
    }

    // The request.

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE);
        if (TranscoderFactory.isNative(head)) {
            // A filter above this one has made it so.
            lower().requestHead(head, end);
            return;
        }
        try {
            Call found = factory.resolver()
                    .resolve(head.method().toString(), head.path().toString());
            if (found == null) {
                lower().requestHead(head, end);
                return;
            }
            call = true;
            request = factory.request(found, exchange, type == null ? "" : type.toString());
            response = factory.response(found.rule(), exchange, upper());
            ByteBuf only = end ? request.end() : null;
            forward(head, found.rule(), only);
        } catch (InvalidJson e) {
            refuse(Failure.badRequest(e.getMessage(), true));
        } catch (Refusal e) {
            refuse(e.reply().httpStatus() == 400 ? Failure.badRequest(e.getMessage(), true) : e.reply());
        }
    }

    /**
     * Sends the head of the call.
     *
     * @param only the whole body, where the request has none; null where it may follow
     */
    private void forward(Http2Headers head, Rule rule, ByteBuf only) {
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        head.set(HttpHeaderNames.CONTENT_TYPE, GRPC);
        head.set(ORIGINAL_PATH, head.path());
        head.set(ORIGINAL_METHOD, head.method());
        head.path(rule.method().path());
        head.method("POST");
        // gRPC backends refuse a call without it (PROTOCOL-HTTP2.md, Request-Headers).
        head.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        boolean passed = false;
        try {
            if (!factory.config().keepsRoute()) {
                exchange.reroute();
            }
            lower().requestHead(head, false);
            if (only != null && request != null) {
                releaseRequest();
                passed = true;
                lower().requestData(only, true);
            }
        } finally {
            if (only != null && !passed) {
                only.release();
            }
        }
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (!call) {
            lower().requestData(data, end);
            return;
        }
        ByteBuf out = null;
        try {
            if (request != null) {
                out = request.data(data);
                out = end ? joined(out, request.end()) : out;
            }
        } catch (InvalidJson e) {
            refuse(Failure.badRequest(e.getMessage(), false));
        } catch (Refusal e) {
            refuse(e.reply());
        } finally {
            data.release();
        }
        send(out, end);
    }

    /** Nothing goes on where the request was refused or is answered. */
    private void send(ByteBuf out, boolean end) {
        if (out == null) {
            return;
        }
        if (request == null || !out.isReadable() && !end) {
            out.release();
            return;
        }
        if (end) {
            releaseRequest();
        }
        lower().requestData(out, end);
    }

    private static ByteBuf joined(ByteBuf first, ByteBuf second) {
        if (!first.isReadable()) {
            return second;
        }
        first.writeBytes(second);
        second.release();
        return first;
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (!call) {
            lower().requestTrailers(trailers);
            return;
        }
        if (request == null) {
            return;
        }
        try {
            send(request.end(), false);
            if (request != null) {
                releaseRequest();
                lower().requestTrailers(trailers);
            }
        } catch (InvalidJson e) {
            refuse(Failure.badRequest(e.getMessage(), false));
        } catch (Refusal e) {
            refuse(e.reply());
        }
    }

    private void refuse(LocalReply reply) {
        release();
        exchange.reply(reply);
    }

    @Override
    public void cancel() {
        release();
        lower().cancel();
    }

    private void release() {
        releaseRequest();
        releaseResponse();
    }

    private void releaseRequest() {
        if (request != null) {
            request.release();
            request = null;
        }
    }

    private void releaseResponse() {
        dropped = busy;
        if (response != null && !busy) {
            response.release();
            response = null;
        }
    }

    // The response.

    private interface Step {
        void take(ResponseBody response) throws Refusal;
    }

    private void respond(Step step, boolean last) {
        LocalReply failure = null;
        busy = true;
        try {
            step.take(response);
        } catch (Refusal e) {
            failure = e.reply();
        } finally {
            busy = false;
            if (last || dropped || failure != null) {
                release();
            }
        }
        if (failure != null) {
            exchange.reply(failure);
        }
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (response == null || exchange.localReply() != null) {
            release();
            upper().responseHead(head, end);
        } else if (end) {
            respond(to -> to.trailersOnly(head), true);
        } else if (isGrpc(head)) {
            respond(to -> to.head(head), false);
        } else {
            releaseResponse();
            upper().responseHead(head, false);
        }
    }

    private static boolean isGrpc(Http2Headers head) {
        return "200".contentEquals(head.status()) && TranscoderFactory.isNative(head);
    }

    @Override
    public void responseAbort(LocalReply reason) {
        release();
        upper().responseAbort(reason);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (response == null || exchange.localReply() != null) {
            if (end) {
                release();
            }
            upper().responseData(data, end);
            return;
        }
        try {
            respond(
                    to -> {
                        to.data(data);
                        if (end) {
                            to.end();
                        }
                    },
                    end);
        } finally {
            data.release();
        }
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        if (response == null || exchange.localReply() != null) {
            release();
            upper().responseTrailers(trailers);
        } else {
            respond(to -> to.trailers(trailers), true);
        }
    }
}
