package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.filter.HeldBody;
import io.grpcweb.gateway.http.ConnectHeaders;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * The request half of a unary call: the body, or the query of a GET, becomes one message of gRPC. The body is passed on as it
 * comes where its length is known, and is held otherwise: gRPC says the length first. {@link UnaryAnswer} is the other half.
 */
final class UnaryFilter extends AnsweredFilter {
    private final Exchange exchange;
    private final ConnectCall call;
    private final ConnectConfig config;
    private final boolean getAllowed;
    private final int mostBytes;
    private final JsonFilter json;
    private final HeldBody held;
    private boolean compressed;

    /** Of the message; below 0 where it is not known. */
    private long length = -1;

    private long came;
    private boolean closed;

    /**
     * A filter that has not seen its request.
     *
     * @param getAllowed whether the method may be called with GET
     * @param json for what stands under it; null where messages stay as they are
     */
    UnaryFilter(
            Exchange exchange,
            ConnectCall call,
            ConnectConfig config,
            boolean getAllowed,
            int mostBytes,
            JsonFilter json) {
        super(new UnaryAnswer(exchange, config.dialect(), call.kind() == ConnectCall.Kind.GET, mostBytes));
        this.exchange = exchange;
        this.call = call;
        this.config = config;
        this.getAllowed = getAllowed;
        this.mostBytes = mostBytes;
        this.held = new HeldBody(exchange.allocator());
        this.json = json;
        if (json != null) {
            json.under(this);
        }
    }

    @Override
    public HttpFilter lowestPart() {
        return json == null ? this : json;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (call.kind() == ConnectCall.Kind.GET) {
            get(head);
            return;
        }
        LocalReply problem = config.dialect() == Dialect.ENVOY ? null : RequestHead.problem(head, call, config);
        CharSequence announced = head.get(HttpHeaderNames.CONTENT_LENGTH);
        if (announced != null) {
            length = GrpcStatus.parse(announced);
        }
        if (problem == null && length > mostBytes) {
            problem = LocalReply.messageTooLong(length, mostBytes);
        }
        if (problem != null) {
            refuse(problem);
            return;
        }
        compressed = RequestHead.encoding(head, HttpHeaderNames.CONTENT_ENCODING, config.dialect());
        RequestHead.acceptEncoding(head, HttpHeaderNames.ACCEPT_ENCODING, config.dialect());
        RequestHead.translate(head, call, config.dialect());
        lower().requestHead(head, false);
        if (end) {
            message(Unpooled.EMPTY_BUFFER);
        }
    }

    private void get(Http2Headers head) {
        GetQuery query = new GetQuery(head.path());
        CharSequence timeout = head.get(ConnectHeaders.TIMEOUT);
        LocalReply problem = null;
        if (config.dialect() == Dialect.CONNECT) {
            problem = !getAllowed
                    ? Refusals.method("POST")
                    : timeout != null && ConnectHeaders.timeout(timeout) < 0
                            ? Refusals.timeout(timeout)
                            : query.problem(config);
        }
        if (problem != null) {
            refuse(problem);
            return;
        }
        GetQuery.strip(head);
        compressed = !RequestHead.isIdentity(query.coding());
        if (compressed || config.dialect() == Dialect.ENVOY) {
            head.set(GrpcHeaders.ENCODING, compressed ? query.coding() : HttpHeaderValues.IDENTITY);
        }
        RequestHead.acceptEncoding(head, HttpHeaderNames.ACCEPT_ENCODING, config.dialect());
        RequestHead.translate(head, new ConnectCall(call.kind(), query.codec()), config.dialect());
        lower().requestHead(head, false);
        message(query.payload());
    }

    private void refuse(LocalReply reply) {
        closed = true;
        held.release();
        exchange.reply(reply);
    }

    /** Whether nobody below has answered already. */
    private boolean goesOn() {
        return !closed && exchange.localReply() == null && !exchange.isOver();
    }

    /** The whole message; takes it over. */
    private void message(ByteBuf payload) {
        prefix(payload.readableBytes());
        if (goesOn()) {
            closed = true;
            lower().requestData(payload, true);
        } else {
            payload.release();
        }
    }

    private void prefix(long bytes) {
        if (goesOn()) {
            exchange.info().requestMessages = 1;
            ByteBuf prefix = exchange.allocator()
                    .buffer(FrameScanner.PREFIX)
                    .writeByte(compressed ? 1 : 0)
                    .writeInt((int) bytes);
            lower().requestData(prefix, false);
        }
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (!goesOn()) {
            data.release();
            return;
        }
        boolean first = came == 0;
        came += data.readableBytes();
        if (length < 0) {
            hold(data, end);
            return;
        }
        if (came > length || end && came < length) {
            data.release();
            refuse(Refusals.length(length, came));
            return;
        }
        if (first) {
            prefix(length);
        }
        if (goesOn()) {
            closed = end;
            lower().requestData(data, end);
        } else {
            data.release();
        }
    }

    private void hold(ByteBuf data, boolean end) {
        held.add(data);
        if (came > mostBytes) {
            refuse(LocalReply.messageTooLong(came, mostBytes));
        } else if (end) {
            passHeld();
        }
    }

    private void passHeld() {
        prefix(came);
        do {
            ByteBuf part = held.poll();
            boolean last = held.isEmpty();
            if (!goesOn()) {
                held.release();
                if (part != null) {
                    part.release();
                }
                return;
            }
            closed = last;
            lower().requestData(part == null ? Unpooled.EMPTY_BUFFER : part, last);
        } while (!closed);
    }

    /** Trailers mean nothing in a unary call: the message is complete. */
    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (goesOn()) {
            requestData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public void cancel() {
        closed = true;
        held.release();
        super.cancel();
    }
}
