package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.filter.HeldAnswer;
import io.grpcweb.gateway.filter.HttpFields;
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
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;

/**
 * The response half of the translation: HTTP/2 trailers become a frame of the body, errors become something that a script
 * can read, and no answer ends clean without a grpc-status.
 */
final class GrpcWebResponse {
    private static final AsciiString BINARY_PROTO = AsciiString.cached("application/grpc-web+proto");
    private static final AsciiString TEXT_PROTO = AsciiString.cached("application/grpc-web-text+proto");

    private final Exchange exchange;
    private final CallFormat form;
    private String subFormat;
    private final FrameScanner frames = new FrameScanner();
    private final long mostBytes;
    private final TextEncoder text;
    private final CodedMessages messages;

    /** Null unless the response is not gRPC. */
    private HeldAnswer held;

    /** The backend says json, the call was proto: the first byte of the first message tells who is right. */
    private Http2Headers mislabelled;

    /** Null unless the client cannot read messages as the backend compressed them. */
    private MessageUnpacking unpacking;

    /** A status that stood in the head of a response with a body; the trailers have the last word. */
    private CharSequence earlyStatus;

    private CharSequence earlyMessage;
    private boolean done;

    GrpcWebResponse(Exchange exchange, CallFormat form, String subFormat, long mostBytes, CodedMessages messages) {
        this.messages = messages;
        this.mostBytes = mostBytes;
        this.exchange = exchange;
        this.form = form;
        this.subFormat = subFormat;
        this.text = form == CallFormat.GRPC_WEB_TEXT ? new TextEncoder(frames) : null;
    }

    String subFormat() {
        return subFormat;
    }

    /** The request has messages of this form. */
    void subFormat(String now) {
        subFormat = now;
    }

    void head(HttpFilter upper, Http2Headers head, boolean end) {
        LocalReply reply = exchange.localReply();
        if (reply != null && reply.hasNoGrpcStatus(exchange.errorFormat())) {
            release();
            done = true;
            if (!reply.isPreflight()) {
                stamp(head);
                head.set(HttpHeaderNames.CONTENT_LENGTH, "0");
            }
            upper.responseHead(head, true);
        } else if (reply != null) {
            release();
            // A status of its own already where a redirect or the like has none to tell.
            finishWithStatus(upper, head, reply.grpcStatus(), PercentEncoding.encode(reply.message()));
        } else {
            backendHead(upper, head, end);
        }
    }

    private void backendHead(HttpFilter upper, Http2Headers head, boolean end) {
        CharSequence status = head.get(GrpcHeaders.STATUS);
        if (end && status == null && isBodiless(head)) {
            done = true;
            stamp(head);
            upper.responseHead(head, true);
        } else if (end) {
            TrailersFrame.settle(head);
            trailersOnly(upper, head, head.get(GrpcHeaders.STATUS));
        } else if (isGrpc(head)) {
            if (status != null) {
                earlyStatus = status;
                earlyMessage = head.get(GrpcHeaders.MESSAGE);
                head.remove(GrpcHeaders.STATUS);
                head.remove(GrpcHeaders.MESSAGE);
            }
            String sent = MediaType.subFormat(head.get(HttpHeaderNames.CONTENT_TYPE));
            unpacking = messages.unpacking(exchange, head, mostBytes);
            stamp(head);
            if ("json".equals(sent) && subFormat.equals("proto")) {
                mislabelled = head;
            } else {
                upper.responseHead(head, false);
            }
        } else {
            held = new HeldAnswer(head);
        }
    }

    /** A response to something else than a call, such as a preflight that was let through, has nothing to tell. */
    private static boolean isBodiless(Http2Headers head) {
        return "204".contentEquals(head.status()) || "304".contentEquals(head.status());
    }

    private static boolean isGrpc(Http2Headers head) {
        return "200".contentEquals(head.status())
                && MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) != CallFormat.HTTP;
    }

    private void trailersOnly(HttpFilter upper, Http2Headers head, CharSequence status) {
        int number = status == null ? -1 : GrpcStatus.parse(status);
        CharSequence message = head.get(GrpcHeaders.MESSAGE);
        if (number < 0) {
            number = GrpcStatus.fromHttp(Exchange.status(head)).code();
            if (message == null) {
                message = status == null
                        ? "the backend sent no grpc-status, HTTP status " + head.status()
                        : PercentEncoding.encode("the backend sent grpc-status \"" + status + "\"");
            }
        }
        finishWithStatus(upper, head, number, message == null ? "" : PercentEncoding.clean(message));
    }

    /** Ends a response without messages: in its head, or in a trailers frame, as the error format says. */
    private void finishWithStatus(HttpFilter upper, Http2Headers head, int status, CharSequence encodedMessage) {
        done = true;
        exchange.info().grpcStatus = status;
        head.remove(GrpcHeaders.STATUS);
        head.remove(GrpcHeaders.MESSAGE);
        stamp(head);
        if (exchange.errorFormat() == ErrorFormat.ENVOY) {
            if (encodedMessage.length() > 0) {
                head.set(GrpcHeaders.MESSAGE, encodedMessage);
            }
            head.set(GrpcHeaders.STATUS, Integer.toString(status));
            head.set(HttpHeaderNames.CONTENT_LENGTH, "0");
            upper.responseHead(head, true);
            return;
        }
        Http2Headers trailers = new DefaultHttp2Headers(false);
        trailers.set(GrpcHeaders.STATUS, Integer.toString(status));
        if (encodedMessage.length() > 0) {
            trailers.set(GrpcHeaders.MESSAGE, encodedMessage);
        }
        if (exchange.localReply() == null) {
            moveMetadata(head, trailers);
        }
        exchange.info().responseTrailers = trailers;
        head.status("200");
        upper.responseHead(head, false);
        end(upper, TrailersFrame.of(trailers, exchange.allocator()));
    }

    /** The fields of a Trailers-Only answer are trailers; what HTTP itself reads stays in the head. */
    private static void moveMetadata(Http2Headers head, Http2Headers trailers) {
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            String name = field.getKey().toString();
            if (!name.startsWith(":") && !HttpFields.contains(name)) {
                trailers.add(name, field.getValue());
            }
        }
        for (CharSequence name : trailers.names()) {
            head.remove(name);
        }
    }

    private void stamp(Http2Headers head) {
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        head.set(HttpHeaderNames.CONTENT_TYPE, contentType());
    }

    private CharSequence contentType() {
        boolean isText = form == CallFormat.GRPC_WEB_TEXT;
        if (subFormat.equals("proto")) {
            return isText ? TEXT_PROTO : BINARY_PROTO;
        }
        return (isText ? "application/grpc-web-text+" : "application/grpc-web+") + subFormat;
    }

    void data(HttpFilter upper, ByteBuf data, boolean end) {
        if (unpacking == null || done) {
            frames(upper, data, end);
            return;
        }
        ByteBuf unpacked = unpacking.unpack(data);
        if (unpacked != null) {
            frames(upper, unpacked, end);
        } else {
            breakOff(upper, text == null ? frames.atBoundary() : text.canBeReplaced(), unpacking.failure());
        }
    }

    private void frames(HttpFilter upper, ByteBuf data, boolean end) {
        if (mislabelled != null) {
            settleLabel(upper, data);
        }
        if (done) {
            data.release();
        } else if (held != null) {
            held.add(data);
            if (end) {
                finishHeld(upper);
            }
        } else if (text != null) {
            encode(upper, data, end);
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
                endWithoutTrailers(upper);
            }
        }
    }

    /** 0x7b begins every JSON object and no message of proto3, where it would be the tag of a group. */
    private void settleLabel(HttpFilter upper, ByteBuf data) {
        Http2Headers head = mislabelled;
        mislabelled = null;
        int first = data.readerIndex() + FrameScanner.PREFIX;
        if (first < data.writerIndex() && data.getByte(first) == '{') {
            head.set(
                    HttpHeaderNames.CONTENT_TYPE,
                    head.get(HttpHeaderNames.CONTENT_TYPE).toString().replace("+proto", "+json"));
        }
        upper.responseHead(head, false);
    }

    /** Ends the response before the backend has; with a status where no message is cut by that. */
    private void breakOff(HttpFilter upper, boolean boundary, LocalReply reply) {
        done = true;
        exchange.info().grpcStatus = reply.grpcStatus();
        exchange.giveUpUpstream();
        if (boundary) {
            end(upper, status(reply));
        } else {
            upper.responseAbort(reply);
        }
    }

    private void encode(HttpFilter upper, ByteBuf data, boolean end) {
        boolean wasBoundary = text.canBeReplaced();
        ByteBuf encoded = text.encode(data, data.alloc());
        data.release();
        exchange.info().responseMessages = frames.messages();
        if (encoded == null) {
            boolean boundary = text.canBeReplaced();
            text.drop();
            breakOff(
                    upper,
                    boundary,
                    LocalReply.brokenAnswer(
                            GrpcStatus.INTERNAL, "the backend sent a frame with unknown flags " + frames.flags()));
            return;
        }
        if (frames.longest() > mostBytes) {
            text.drop();
            encoded.release();
            breakOff(upper, wasBoundary, LocalReply.messageTooLong(frames.longest(), mostBytes));
            return;
        }
        if (encoded.isReadable()) {
            upper.responseData(encoded, false);
        } else {
            encoded.release();
        }
        if (end) {
            endWithoutTrailers(upper);
        }
    }

    private void endWithoutTrailers(HttpFilter upper) {
        if (frames.atBoundary() && (frames.flags() & 0x80) != 0) {
            // A backend that speaks gRPC-Web itself has sent its trailers frame.
            done = true;
            upper.responseData(Unpooled.EMPTY_BUFFER, true);
        } else if (earlyStatus != null && frames.messages() == 0 && frames.atBoundary()) {
            trailers(upper, new DefaultHttp2Headers(false));
        } else {
            fail(upper, LocalReply.brokenAnswer(GrpcStatus.INTERNAL, "missing trailers"));
        }
    }

    void trailers(HttpFilter upper, Http2Headers trailers) {
        if (mislabelled != null) {
            settleLabel(upper, Unpooled.EMPTY_BUFFER);
        }
        if (done) {
            return;
        }
        if (held != null) {
            finishHeld(upper);
            return;
        }
        if (earlyStatus != null && !trailers.contains(GrpcHeaders.STATUS)) {
            trailers.set(GrpcHeaders.STATUS, earlyStatus);
            if (earlyMessage != null && !trailers.contains(GrpcHeaders.MESSAGE)) {
                trailers.set(GrpcHeaders.MESSAGE, earlyMessage);
            }
        }
        if (!frames.atBoundary() || unpacking != null && unpacking.isInMessage()) {
            fail(
                    upper,
                    LocalReply.brokenAnswer(
                            GrpcStatus.INTERNAL,
                            "the backend ended in the middle of a message, " + frames.remaining() + " bytes short"));
            return;
        }
        long size = TrailersFrame.sizeOf(trailers);
        if (size > TrailersFrame.LARGEST) {
            fail(
                    upper,
                    LocalReply.brokenAnswer(
                            GrpcStatus.RESOURCE_EXHAUSTED,
                            "trailers are " + size + " bytes, limit is " + TrailersFrame.LARGEST));
            return;
        }
        ByteBuf frame = TrailersFrame.of(trailers, exchange.allocator());
        CharSequence status = trailers.get(GrpcHeaders.STATUS);
        int number = status == null ? -1 : GrpcStatus.parse(status);
        exchange.info().grpcStatus = number < 0 ? GrpcStatus.UNKNOWN.code() : number;
        exchange.info().responseTrailers = trailers;
        done = true;
        end(upper, frame);
    }

    void abort(HttpFilter upper, LocalReply reason) {
        if (done) {
            return;
        }
        fail(upper, reason);
    }

    /** MidErr of the protocol: the status goes in a trailers frame on a boundary, else the transport breaks off. */
    private void fail(HttpFilter upper, LocalReply reason) {
        done = true;
        exchange.info().grpcStatus = reason.grpcStatus();
        exchange.info().ended(reason);
        if (text == null ? frames.atBoundary() : text.canBeReplaced()) {
            if (text != null) {
                text.drop();
            }
            end(upper, status(reason));
        } else {
            release();
            upper.responseAbort(reason);
        }
    }

    private ByteBuf status(LocalReply reply) {
        String message = exchange.explained(reply).message();
        return TrailersFrame.of(reply.grpcStatus(), message, exchange.allocator());
    }

    private void end(HttpFilter upper, ByteBuf frame) {
        if (text != null) {
            ByteBuf encoded = TextEncoder.encodeFrame(frame, exchange.allocator());
            frame.release();
            upper.responseData(encoded, true);
        } else {
            upper.responseData(frame, true);
        }
    }

    private void finishHeld(HttpFilter upper) {
        HeldAnswer answer = held;
        int status = answer.status();
        CharSequence message = answer.message();
        release();
        finishWithStatus(upper, answer.head(), status, message);
    }

    /** Lets go of what is held back. */
    void release() {
        mislabelled = null;
        if (held != null) {
            held.release();
            held = null;
        }
        if (text != null) {
            text.drop();
        }
    }
}
