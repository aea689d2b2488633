package io.grpcweb.gateway.console;

import io.grpcweb.gateway.http.FrameReader;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.GrpcTimeout;
import io.grpcweb.gateway.schema.RpcMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * One call that a page makes: its messages go out as bytes and come back as JSON. Its socket owns it, and its deadline, or else an hour,
 * ends it. On the thread of the page.
 */
final class ConsoleCall implements CallStream.Reader {
    /** Of a message, each way; what gRPC's own libraries take where nobody says otherwise. */
    private static final int MOST_OF_A_MESSAGE = 4 << 20;

    private static final Duration LONGEST = Duration.ofHours(1);

    private final long id;
    private final RpcMethod method;
    private final Api api;
    private final Out out;
    private final CallStream stream;
    private final FrameReader frames = new FrameReader(UnpooledByteBufAllocator.DEFAULT, MOST_OF_A_MESSAGE);
    private Http2Headers head;
    private boolean requestEnded;
    private boolean over;

    /** Where events go. */
    interface Out {

        /** Tells the page; {@code written} runs once that has left. */
        void tell(Event event, Runnable written);

        /** The call is over. */
        void ended(long id);
    }

    ConsoleCall(long id, RpcMethod method, Api api, Out out, EventExecutor page, EventExecutor loop) {
        this.id = id;
        this.method = method;
        this.api = api;
        this.out = out;
        this.stream = new CallStream(page, loop, this);
    }

    /**
     * Begins.
     *
     * @param metadata names and values in turn
     * @param deadline from now to the end; zero for none
     */
    void open(Backends backends, String cluster, List<String> metadata, Duration deadline) throws Refusal {
        Http2Headers request = new DefaultHttp2Headers(false).method("POST").path(method.path());
        CallMetadata.add(metadata, request);
        request.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
        request.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        if (!deadline.isZero()) {
            request.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(deadline.toNanos()));
        }
        boolean isShort = !deadline.isZero() && deadline.compareTo(LONGEST) < 0;
        stream.open(backends.calls(), cluster, request, isShort ? deadline : LONGEST);
    }

    void send(byte[] message) throws Refusal {
        if (requestEnded) {
            throw new Refusal("the request has ended: nothing more can be sent");
        }
        if (message.length > MOST_OF_A_MESSAGE) {
            throw new Refusal(
                    "the message is " + message.length + " bytes, at most " + MOST_OF_A_MESSAGE + " are sent");
        }
        stream.send(Unpooled.buffer(FrameScanner.PREFIX + message.length)
                .writeByte(0)
                .writeInt(message.length)
                .writeBytes(message));
        out.tell(Event.of(id, "sent").with("bytes", message.length), () -> {});
    }

    RpcMethod method() {
        return method;
    }

    Api api() {
        return api;
    }

    void end() {
        if (!requestEnded) {
            requestEnded = true;
            stream.end();
        }
    }

    /** The person has had enough of it. */
    void cancel() {
        if (!over) {
            stream.cancel();
            finish(CallEnd.of(GrpcStatus.CANCELLED, "cancelled here"), null);
        }
    }

    /** Nobody is there any more. */
    void abandon() {
        if (!over) {
            over = true;
            frames.release();
            stream.cancel();
        }
    }

    @Override
    public void head(Http2Headers fields) {
        if (!over) {
            head = fields;
            out.tell(Event.of(id, "head").fields(fields), () -> {});
        }
    }

    @Override
    public void data(ByteBuf data) {
        if (over) {
            data.release();
            return;
        }
        frames.add(data);
        try {
            messages();
        } catch (Refusal e) {
            stream.cancel();
            finish(CallEnd.of(GrpcStatus.INTERNAL, e.getMessage()), null);
        }
    }

    private void messages() throws Refusal {
        while (frames.length() >= 0) {
            if (frames.isTooLong()) {
                throw new Refusal("a message of " + frames.length() + " bytes has come, at most " + MOST_OF_A_MESSAGE
                        + " are shown");
            }
            int flags = frames.flags();
            ByteBuf message = frames.next();
            if (message == null) {
                return;
            }
            if (flags != 0) {
                throw new Refusal("a message is compressed, although the call has not allowed that");
            }
            byte[] bytes = ByteBufUtil.getBytes(message);
            out.tell(shown(bytes), () -> stream.shown(FrameScanner.PREFIX + bytes.length));
        }
        frames.isEmpty();
    }

    /** A message that has no JSON form is shown as its bytes; the call goes on. */
    private Event shown(byte[] message) {
        Event event = Event.of(id, "message").with("bytes", message.length);
        try {
            return event.with("json", api.decode(method.output(), message));
        } catch (Refusal e) {
            return event.with("problem", e.getMessage())
                    .with("base64", Base64.getEncoder().encodeToString(message));
        }
    }

    @Override
    public void whole(Http2Headers last) {
        if (!over) {
            boolean isCutOff = frames.bytes() > 0;
            finish(
                    isCutOff
                            ? CallEnd.of(GrpcStatus.INTERNAL, "the last message is cut off")
                            : CallEnd.of(head, last, api),
                    last == head ? null : last);
        }
    }

    @Override
    public void failed(GrpcStatus status, String reason) {
        if (!over) {
            finish(CallEnd.of(status, reason), null);
        }
    }

    private void finish(CallEnd end, Http2Headers trailers) {
        over = true;
        frames.release();
        Event event = Event.of(id, "end")
                .with("code", end.code())
                .with("name", end.name())
                .with("message", end.message())
                .with(json -> {
                    json.writeArrayFieldStart("details");
                    for (String detail : end.details()) {
                        json.writeString(detail);
                    }
                    json.writeEndArray();
                });
        out.tell(trailers == null ? event : event.fields(trailers), () -> {});
        out.ended(id);
    }
}
