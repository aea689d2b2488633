package io.grpcweb.gateway.downstream.websocket;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.downstream.DownstreamStream;
import io.grpcweb.gateway.downstream.RequestCheck;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.ExchangeTimers;
import io.grpcweb.gateway.http.HeaderLines;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * A WebSocket that carries calls: the lowest filter of the exchange of its handshake, whose bodies are its frames. Each call
 * is an exchange of its own. Reading stops while the backend of any call takes no more, because frames cannot overtake one
 * another; and no backend is read while the client does not take what was sent. Confined to the event loop of its connection.
 */
final class CallSocket extends HttpFilter implements WebSocketFrames.Reader, SocketClock.Alarm {
    private final Exchange exchange;
    private final DownstreamStream carrier;
    private final ExchangeHandler handler;
    private final HttpConfig http;
    private final Handshake handshake;
    private final Http2Headers opening;
    private final Dialect dialect;
    private final MessageParts parts;
    private final WebSocketFrames frames;
    private final SocketClock clock;
    private final ExchangeTimers timers;
    private final RequestCheck check;
    private boolean called;

    /** When a call began or ended last. */
    private long lastCall;

    private boolean writable = true;
    private int pauses;

    /** Close was sent: nothing else is, and nothing that comes matters but the client's Close. */
    private boolean closing;

    /** What Close will say, whatever else ends the WebSocket; null for what that says. */
    private WebSocketCloseStatus verdict;

    CallSocket(
            Exchange exchange,
            DownstreamStream carrier,
            ExchangeHandler handler,
            HttpConfig http,
            Handshake handshake) {
        this.exchange = exchange;
        this.carrier = carrier;
        this.handler = handler;
        this.http = http;
        this.handshake = handshake;
        this.opening = exchange.info().requestHeaders;
        this.dialect = handshake.multiplexed() ? new Multiplexed(this) : new OneCall(this);
        this.parts = new MessageParts(exchange.allocator(), dialect);
        this.frames = new WebSocketFrames(
                exchange.allocator(),
                http.webSockets().messageBytes(),
                handshake.extensions() != null,
                this,
                this::write);
        this.clock = new SocketClock(exchange.executor(), http, this);
        this.timers = new ExchangeTimers(exchange.executor());
        this.check = new RequestCheck(http);
    }

    Dialect dialect() {
        return dialect;
    }

    /** Answers the handshake. */
    void open() {
        under(carrier);
        exchange.chain(carrier, this);
        exchange.atEnd(this::over);
        Http2Headers head = new DefaultHttp2Headers(false).status("101");
        if (handshake.accept() != null) {
            head.set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, handshake.accept());
        }
        head.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, handshake.subprotocol());
        if (handshake.extensions() != null) {
            head.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, handshake.extensions());
        }
        clock.opened();
        upper().responseHead(head, false);
        upper().responseFlush();
    }

    // From the client.

    @Override
    public void requestData(ByteBuf data, boolean end) {
        clock.heard();
        frames.read(data);
        if (end) {
            lost();
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        lost();
    }

    @Override
    public void frame(WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            closed(close);
        } else if (closing || frame instanceof PongWebSocketFrame) {
            frame.release();
        } else if (frame instanceof PingWebSocketFrame) {
            pong(frame.content());
        } else if (frame instanceof TextWebSocketFrame) {
            frame.release();
            fault(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "calls are binary messages");
        } else {
            dialect.message(frame.content());
        }
    }

    /** A client that does not read gets no answers that would pile up. */
    private void pong(ByteBuf content) {
        if (writable) {
            frames.write(new PongWebSocketFrame(content));
            flush();
        } else {
            content.release();
        }
    }

    private void closed(CloseWebSocketFrame frame) {
        frame.release();
        giveUpCalls();
        if (!closing) {
            closing = true;
            frames.write(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
        }
        finish();
    }

    @Override
    public void fault(WebSocketCloseStatus status, String reason) {
        if (closing) {
            return;
        }
        verdict = status;
        if (status.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
            LocalReply reply = LocalReply.frameTooLong(http.webSockets().messageBytes());
            dialect.calls().forEach(call -> call.exchange().reply(reply));
        } else {
            giveUpCalls();
        }
        close(status, reason);
    }

    @Override
    public void broken(Throwable fault) {
        exchange.broken(fault);
    }

    /**
     * Begins a call.
     *
     * @param block the message that is its head; taken over
     * @param path names the field that has its path; null where it has that of the handshake
     * @param begun is told of the call before anything happens to it
     */
    void begin(ByteBuf block, AsciiString path, int number, Consumer<WebSocketCall> begun) {
        Http2Headers fields = HeaderLines.parse(block.toString(StandardCharsets.ISO_8859_1));
        block.release();
        if (fields == null) {
            fault(WebSocketCloseStatus.PROTOCOL_ERROR, "the head of a call that is none");
            return;
        }
        if (!called) {
            called = true;
            clock.called();
        }
        lastCall = System.nanoTime();
        int before = dialect.size();
        WebSocketCall call = call(CallHead.of(opening, fields, pathOf(path, fields)), number);
        begun.accept(call);
        Http2Headers head = call.exchange().info().requestHeaders;
        RequestCheck.Refusal refusal = check.http2(head);
        int most = http.http2().maxConcurrentStreams();
        if (refusal != null) {
            call.refuse(LocalReply.refused(refusal.status(), refusal.body()));
        } else if (before >= most) {
            call.refuse(LocalReply.tooManyCalls(most));
        } else if (!CallHead.isBinary(head)) {
            call.refuse(LocalReply.unsupportedMediaType("a WebSocket carries application/grpc-web+proto and the like"));
        } else {
            call.begin(handler, head, false);
            if (!writable) {
                call.exchange().responseWritable(false);
            }
        }
    }

    private WebSocketCall call(Http2Headers head, int number) {
        StreamInfo facts = new StreamInfo(exchange.info().connection, System.nanoTime());
        facts.onWebSocket = true;
        facts.protocol = exchange.info().protocol;
        facts.requestHeaders = head;
        facts.originalPath = head.path().toString();
        return new WebSocketCall(exchange.beside(facts, timers), carrier, this, number);
    }

    /** Clients leave out the slash that begins a path. */
    private CharSequence pathOf(AsciiString field, Http2Headers fields) {
        if (field == null) {
            return opening.path();
        }
        CharSequence path = fields.getAndRemove(field);
        String text = path == null ? "" : path.toString();
        return text.startsWith("/") ? text : "/" + text;
    }

    // To the client.

    /** A message; takes it over. */
    void send(ByteBuf message) {
        if (closing) {
            message.release();
        } else {
            frames.write(new BinaryWebSocketFrame(message));
        }
    }

    private void write(ByteBuf bytes) {
        upper().responseData(bytes, false);
    }

    /** A part of a response; takes it over. */
    void data(WebSocketCall call, ByteBuf part, boolean last) {
        if (last) {
            parts.send();
            dialect.data(call, part, true);
        } else {
            parts.add(call, part);
        }
    }

    void flush() {
        parts.send();
        upper().responseFlush();
    }

    /** Close, behind what was sent; the client answers with its own. */
    void close(WebSocketCloseStatus status, String reason) {
        if (closing) {
            return;
        }
        parts.send();
        frames.write(WebSocketFrames.closing(verdict == null ? status : verdict, reason));
        closing = true;
        flush();
        clock.closing();
    }

    /** The last byte of the response; behind it HTTP goes on, or the connection ends. */
    private void finish() {
        upper().responseData(Unpooled.EMPTY_BUFFER, true);
    }

    /** A call is over; its last message was sent, if there is any. */
    void ended(WebSocketCall call, boolean complete) {
        lastCall = System.nanoTime();
        parts.send();
        dialect.ended(call, complete);
        flush();
    }

    // Flow control.

    void pause() {
        if (pauses++ == 0) {
            upper().requestWritable(false);
        }
    }

    void resume() {
        if (--pauses == 0) {
            clock.heard();
            upper().requestWritable(true);
        }
    }

    @Override
    public void responseWritable(boolean now) {
        if (writable == now) {
            return;
        }
        writable = now;
        dialect.calls().forEach(call -> call.exchange().responseWritable(now));
    }

    // Its end.

    @Override
    public void drain() {
        if (!closing) {
            dialect.drain();
        }
    }

    /** The gateway ends the exchange: each call gets its status first. */
    @Override
    public void responseAbort(LocalReply reason) {
        boolean drain = reason.details() == Details.DRAIN;
        verdict = verdict == null && drain ? WebSocketCloseStatus.ENDPOINT_UNAVAILABLE : verdict;
        dialect.calls().forEach(call -> call.exchange().reply(reason));
        close(WebSocketCloseStatus.INTERNAL_SERVER_ERROR, reason.message());
        finish();
    }

    /** There is nothing below; what is under way ends with the exchange. */
    @Override
    public void cancel() {}

    @Override
    public void firstMessageLate() {
        fault(WebSocketCloseStatus.POLICY_VIOLATION, "no call came in time");
    }

    @Override
    public long nanosWithoutCall() {
        return dialect.size() > 0 ? 0 : System.nanoTime() - lastCall;
    }

    @Override
    public void idle() {
        close(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "no call for a long time");
    }

    @Override
    public void silent() {
        if (pauses > 0 || !writable) {
            // Its answer would not be read, or the ping would wait behind what the client does not take.
            clock.heard();
            return;
        }
        frames.write(new PingWebSocketFrame());
        flush();
    }

    @Override
    public void lost() {
        giveUpCalls();
        finish();
    }

    @Override
    public void closingLate() {
        finish();
    }

    private void giveUpCalls() {
        dialect.calls().forEach(call -> call.gone(ResponseFlag.DOWNSTREAM_TERMINATION, Details.CLIENT_DISCONNECTED));
    }

    private void over() {
        closing = true;
        clock.stop();
        giveUpCalls();
        timers.stop();
        parts.release();
        frames.close();
    }
}
