package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderConfig.StreamForm;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** What the status of a call does to the head of its response. */
final class ResponseHeads {
    static final AsciiString JSON = AsciiString.cached("application/json");

    private static final AsciiString EVENTS = AsciiString.cached("text/event-stream");

    private ResponseHeads() {}

    /** The type of a stream of messages. */
    static AsciiString contentType(StreamForm form) {
        return form == StreamForm.EVENTS ? EVENTS : JSON;
    }

    /** Tells the outcome of a call whose status stands in trailers that follow, or in the head itself. */
    static void outcome(Http2Headers head, Http2Headers trailers) {
        int code = StatusJson.code(trailers);
        // Without a status nobody knows how the call went.
        head.status(Integer.toString(code < 0 ? 503 : GrpcStatus.toHttp(code)));
        if (head != trailers) {
            if (code >= 0) {
                head.set(GrpcHeaders.STATUS, Integer.toString(code));
            }
            CharSequence message = trailers.get(GrpcHeaders.MESSAGE);
            if (message != null) {
                head.set(GrpcHeaders.MESSAGE, message);
            }
        }
        head.remove(HttpHeaderNames.TRAILER);
    }

    /** Tells the outcome of a call whose status is the body. */
    static void failure(Http2Headers head, Http2Headers trailers) {
        head.status(Integer.toString(GrpcStatus.toHttp(StatusJson.code(trailers))));
        head.set(HttpHeaderNames.CONTENT_TYPE, JSON);
        if (head == trailers) {
            StatusJson.remove(head);
        }
    }

    static void length(Http2Headers head, int bytes) {
        head.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bytes));
    }
}
