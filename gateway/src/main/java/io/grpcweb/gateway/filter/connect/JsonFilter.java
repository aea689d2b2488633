package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.FrameReader;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.schema.InvalidJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;

/**
 * The request half of JSON: calls of gRPC or gRPC-Web whose messages are JSON become calls whose messages are protobuf. Each
 * message is held until it is whole, and no longer. {@link JsonAnswer} is the other half.
 */
final class JsonFilter extends HttpFilter implements Methods.Observer {
    private enum State {
        /** The method is being looked up; what comes is held. */
        WAITING,
        /** Messages are translated. */
        TRANSLATING,
        /** Everything goes on as it comes. */
        PASSING,
        /** The request goes no further. */
        CLOSED
    }

    private final Exchange exchange;
    private final Methods methods;
    private final int mostBytes;
    private final FrameReader frames;
    private final JsonAnswer answer;
    private State state = State.PASSING;
    private Methods.Method method;
    private Http2Headers head;
    private boolean headEnds;
    private boolean ended;
    private boolean paused;
    private boolean lowerWritable = true;
    private boolean compressed;

    /**
     * A filter that has not seen its request.
     *
     * @param mostBytes of a message, in either form
     */
    JsonFilter(Exchange exchange, Methods methods, int mostBytes) {
        this.exchange = exchange;
        this.methods = methods;
        this.mostBytes = mostBytes;
        this.frames = new FrameReader(exchange.allocator(), mostBytes);
        this.answer = new JsonAnswer(exchange, mostBytes);
    }

    /** Whether a request may have messages in JSON, by its head as the client sent it. */
    static boolean concerns(CallFormat format, Http2Headers head) {
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE);
        return format == CallFormat.CONNECT
                ? type == null || MediaType.essence(type).endsWith("json")
                : format == CallFormat.GRPC_WEB && "json".equals(MediaType.subFormat(type));
    }

    @Override
    public void requestHead(Http2Headers fields, boolean end) {
        if (!"json".equals(MediaType.subFormat(fields.get(HttpHeaderNames.CONTENT_TYPE)))) {
            lower().requestHead(fields, end);
            return;
        }
        head = fields;
        headEnds = end;
        state = State.WAITING;
        methods.find(exchange, CalledMethod.of(fields.path()), this);
    }

    // What the look-up says.

    @Override
    public void found(Methods.Method one) {
        if (state != State.WAITING) {
            return;
        }
        method = one;
        CharSequence coding = FieldValues.joined(head, GrpcHeaders.ENCODING);
        compressed = coding != null && !RequestHead.isIdentity(coding);
        if (compressed && !"gzip".contentEquals(coding)) {
            refuse(Refusals.encoding(coding));
            return;
        }
        CallFormat form = MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE));
        head.set(
                HttpHeaderNames.CONTENT_TYPE,
                form == CallFormat.GRPC ? "application/grpc" : "application/grpc-web+proto");
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        head.remove(GrpcHeaders.ENCODING);
        // What the backend answers is read here.
        head.set(GrpcHeaders.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        answer.translates(one, form);
        state = State.TRANSLATING;
        guarded(() -> {
            lower().requestHead(head, headEnds);
            translate();
        });
    }

    @Override
    public void unknown() {
        if (state == State.WAITING) {
            refuse(Refusals.unknownMethod(head.path()));
        }
    }

    @Override
    public void untold() {
        if (state != State.WAITING) {
            return;
        }
        state = State.PASSING;
        guarded(() -> {
            lower().requestHead(head, headEnds);
            if (!headEnds && goesOn() && (ended || !frames.isEmpty())) {
                lower().requestData(frames.rest(), ended);
            }
        });
    }

    /** Nobody above is there to catch a fault where the look-up has taken its time. */
    private void guarded(Runnable step) {
        try {
            step.run();
            if (paused) {
                paused = false;
                upper().requestWritable(lowerWritable);
            }
        } catch (RuntimeException | VirtualMachineError e) {
            state = State.CLOSED;
            frames.release();
            exchange.broken(e);
        }
    }

    private void refuse(LocalReply reply) {
        state = State.CLOSED;
        frames.release();
        exchange.reply(reply);
    }

    private boolean goesOn() {
        return state != State.CLOSED && exchange.localReply() == null && !exchange.isOver();
    }

    // The body.

    @Override
    public void requestData(ByteBuf data, boolean end) {
        switch (state) {
            case PASSING -> lower().requestData(data, end);
            case CLOSED -> data.release();
            case WAITING, TRANSLATING -> {
                ended |= end;
                frames.add(data);
                if (state == State.TRANSLATING) {
                    translate();
                } else if (!paused && !ended && frames.bytes() > mostBytes) {
                    paused = true;
                    upper().requestWritable(false);
                }
            }
        }
    }

    private void translate() {
        while (goesOn() && state == State.TRANSLATING) {
            int flags = frames.isEmpty() ? 0 : frames.flags();
            ByteBuf payload = frames.next();
            if (payload == null) {
                rest();
                return;
            }
            message(flags, payload);
        }
    }

    private void rest() {
        if (frames.isTooLong()) {
            refuse(LocalReply.messageTooLong(frames.length(), mostBytes));
        } else if (ended && !frames.isEmpty()) {
            refuse(Refusals.message("the body ends in the middle of a message"));
        } else if (ended && !headEnds) {
            state = State.CLOSED;
            lower().requestData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    private void message(int flags, ByteBuf payload) {
        LocalReply problem = flags > 1 || flags == 1 && !compressed ? Refusals.requestFlags(flags) : null;
        ByteBuf frame = null;
        if (problem == null) {
            try {
                frame = method.codec()
                        .request(method.rpc(), Gzip.content(payload, flags == 1, mostBytes), exchange.allocator());
            } catch (Gzip.TooLong e) {
                problem = LocalReply.messageTooLong(mostBytes + 1L, mostBytes);
            } catch (IOException e) {
                problem = Refusals.message("the message is no gzip: " + e.getMessage());
            } catch (InvalidJson e) {
                problem = Refusals.message(e.getMessage());
            }
        }
        if (problem != null) {
            refuse(problem);
        } else {
            lower().requestData(frame, false);
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (state == State.PASSING) {
            lower().requestTrailers(trailers);
        } else {
            requestData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public void requestWritable(boolean writable) {
        lowerWritable = writable;
        if (!paused) {
            upper().requestWritable(writable);
        }
    }

    @Override
    public void cancel() {
        state = State.CLOSED;
        frames.release();
        answer.release();
        lower().cancel();
    }

    // The response.

    @Override
    public void responseHead(Http2Headers fields, boolean end) {
        if (exchange.localReply() != null) {
            state = State.CLOSED;
            frames.release();
        }
        answer.head(upper(), fields, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        answer.data(upper(), data, end);
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        answer.trailers(upper(), trailers);
    }

    @Override
    public void responseAbort(LocalReply reason) {
        answer.release();
        upper().responseAbort(reason);
    }
}
