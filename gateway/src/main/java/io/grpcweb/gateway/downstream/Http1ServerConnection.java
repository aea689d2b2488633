package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeTimers;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.net.ConnectionClock;
import io.grpcweb.gateway.net.ConnectionFault;
import io.grpcweb.gateway.net.Http1Output;
import io.grpcweb.gateway.net.RequestLines;
import io.grpcweb.gateway.stats.HttpStats;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A client's HTTP/1.1 connection: one exchange at a time, pipelined requests wait (RFC 9112 section 9.3.2). It reads
 * what Netty's decoder makes of the bytes, and decides when the connection ends.
 */
final class Http1ServerConnection extends ChannelInboundHandlerAdapter {
    /** Requests that are begun in one turn of the event loop: other connections have theirs. */
    private static final int REQUESTS_A_TURN = 16;

    private static final RequestCheck.Refusal OVERLOADED = new RequestCheck.Refusal(503, "envoy overloaded");

    /** How long a client that keeps the connection open may send one more request, of a chain that is gone. */
    private static final long LAST_REQUEST_SECONDS = 3;

    private final HttpService service;
    private final Http1RequestReader reader;
    private final ResponseStamp stamp;
    private final ConnectionClock clock;
    private ChannelHandlerContext context;
    private Http1Output output;
    private ExchangeTimers timers;
    private Http1Ending ending;

    private ConnectionInfo info;
    private Http1ServerStream current;
    private long served;
    private int servedThisTurn;
    private boolean requestOpen;
    private boolean draining;

    /** The connection speaks another protocol now; its bytes are the body of the last exchange. */
    private boolean tunnel;

    /** What has come waits as bytes in the decoder and in the socket until it is the turn of the next request. */
    private boolean backlog;

    private int backlogBytes;

    Http1ServerConnection(HttpService service) {
        this.service = service;
        this.reader = new Http1RequestReader(service.http());
        this.stamp = new ResponseStamp(service);
        this.clock = service.clock(this::expired);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        output = new Http1Output(ctx);
        timers = service.timers(ctx.channel().eventLoop());
        ending = new Http1Ending(ctx, service);
        clock.start(ctx.channel().eventLoop());
    }

    // Reading.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ending.hasBegun()) {
            boolean open = requestOpen;
            drop(message);
            if (open && !requestOpen) {
                ending.requestEnded();
            }
        } else if (tunnel) {
            passOn(message);
        } else {
            read((HttpObject) message);
        }
    }

    /**
     * Whether the decoder may take a step. One request is served at a time; the next one begins when the response before it
     * is on its way, and only while the socket takes what is written.
     *
     * @param bytes at hand; they wait in the decoder, up to what is buffered for a connection, so that the end of a client
     *     behind them is seen, and then in the socket
     */
    boolean mayDecode(int bytes) {
        if (ending.hasBegun()
                || tunnel
                || (requestOpen ? !isPaused() : isNextsTurn() && servedThisTurn < REQUESTS_A_TURN)) {
            return true;
        }
        boolean fresh = !backlog;
        backlog = true;
        backlogBytes = bytes;
        autoRead();
        if (fresh && !requestOpen && isNextsTurn()) {
            context.channel().eventLoop().execute(this::nextTurn);
        }
        return false;
    }

    private boolean isNextsTurn() {
        return current == null && isWritable();
    }

    private boolean isPaused() {
        return requestOpen && current != null && current.isRequestPaused();
    }

    private void nextTurn() {
        servedThisTurn = 0;
        goOn();
    }

    /** Has the decoder go on with what was held, if it may. */
    private void goOn() {
        if (!backlog || ending.hasBegun() || !(requestOpen ? !isPaused() : isNextsTurn())) {
            return;
        }
        backlog = false;
        ChannelHandlerContext decoder = context.pipeline().context(StrictRequestDecoder.class);
        if (decoder != null) {
            try {
                ((StrictRequestDecoder) decoder.handler()).goOn(decoder);
            } catch (Exception e) {
                context.pipeline().fireExceptionCaught(e);
            }
        }
        autoRead();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        servedThisTurn = 0;
        ctx.fireChannelReadComplete();
    }

    /** What nobody reads any more; that a request ends with it still counts. */
    private void drop(Object message) {
        if (message instanceof LastHttpContent) {
            requestOpen = false;
        }
        ReferenceCountUtil.release(message);
    }

    private void passOn(Object message) {
        Http1ServerStream stream = current;
        if (message instanceof ByteBuf bytes && stream != null) {
            stream.receive(bytes, false);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(HttpObject message) {
        if (message.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            malformed(message.decoderResult().cause(), Http1RequestReader.understood(message));
        } else if (message instanceof HttpRequest request) {
            begin(request);
        } else if (message instanceof HttpContent content) {
            body(content);
        }
    }

    private void begin(HttpRequest request) {
        clock.busy();
        requestOpen = true;
        Http1RequestReader.Outcome outcome = reader.read(request);
        RequestCheck.Refusal refusal = outcome.refusal();
        if (refusal == null && service.load().sheds(Place.HTTP1_READ)) {
            refusal = OVERLOADED;
        }
        if (refusal != null) {
            refuse(refusal, outcome.head());
            return;
        }
        if (outcome.expectsContinue()) {
            output.raw(Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));
            output.flush();
        }
        if (info == null) {
            info = ConnectionFacts.of(context.channel());
        }
        Http2Headers head = outcome.head();
        StreamInfo facts = new StreamInfo(info, System.nanoTime());
        facts.protocol = Protocol.of(request.protocolVersion());
        facts.requestHeaders = head;
        facts.preflightFree = outcome.preflightFree();
        facts.originalPath = head.path().toString();
        served++;
        servedThisTurn++;
        Exchange exchange = service.begin(context.channel(), timers, facts);
        Http1ServerStream stream = new Http1ServerStream(
                exchange, stamp, this, output, "HEAD".contentEquals(head.method()), outcome.close());
        current = stream;
        if (outcome.upgrade() != null) {
            facts.upgrade = outcome.upgrade();
            stream.begin(service, head, false);
            if (!exchange.isOver()) {
                // Whatever follows the head is no HTTP any more, or the connection ends with the response.
                tunnel = true;
                context.pipeline().remove(StrictRequestDecoder.class);
            }
            return;
        }
        if (!outcome.hasBody()) {
            exchange.requestEnded();
        }
        stream.begin(service, head, !outcome.hasBody());
    }

    private void body(HttpContent content) {
        boolean end = content instanceof LastHttpContent;
        if (end) {
            requestOpen = false;
        }
        Http1ServerStream stream = current;
        if (stream == null || (end && stream.exchange().isRequestEnded())) {
            content.release();
        } else if (end && service.http().http1Trailers() && hasTrailers(content)) {
            if (content.content().isReadable()) {
                stream.receive(content.content().retain(), false);
            }
            Http2Headers trailers = Http1RequestReader.trailers(((LastHttpContent) content).trailingHeaders());
            content.release();
            if (!reader.takes(trailers)) {
                malformed(null, new DefaultHttp2Headers(false));
                return;
            }
            stream.receiveTrailers(trailers);
        } else {
            stream.receive(content.content(), end);
        }
        if (end) {
            next();
        }
    }

    private static boolean hasTrailers(HttpContent content) {
        return !((LastHttpContent) content).trailingHeaders().isEmpty();
    }

    // Answering.

    /** The response of a stream is complete. */
    void answered(Http1ServerStream stream) {
        if (stream != current) {
            return;
        }
        ending.responded(service.flush(stream.exchange().timer().flushPatience()));
        if (stream.closes()) {
            current = null;
            closeGracefully();
        } else {
            next();
        }
    }

    /** Goes on with the next request when both halves of the current one are done. */
    private void next() {
        if (ending.hasBegun() || requestOpen || (current != null && !current.isAnswered())) {
            return;
        }
        current = null;
        clock.idle();
        if (draining) {
            closeGracefully();
            return;
        }
        goOn();
        autoRead();
    }

    /** Whether this answer should be the last one. */
    boolean shouldClose() {
        if (served >= service.http().limits().requestsPerConnection().orElse(Integer.MAX_VALUE)) {
            service.stats().downstreamCxMaxRequestsReached.increment();
            return true;
        }
        if (service.drain().shouldClose()) {
            service.stats().downstreamCxDrainClose.increment();
            return true;
        }
        return draining || service.isKeepaliveDisabled();
    }

    HttpStats stats() {
        return service.stats();
    }

    /** Whether a request is under way. */
    boolean isActive() {
        return current != null && !current.exchange().isOver();
    }

    boolean isWritable() {
        return context.channel().isWritable();
    }

    /** Reading stops while the backend cannot take more, and while what was read waits for its turn. */
    private void autoRead() {
        context.channel().config().setAutoRead(ending.hasBegun() || !(isPaused() || isBacklogFull()));
    }

    private boolean isBacklogFull() {
        return backlog && backlogBytes >= context.channel().config().getWriteBufferHighWaterMark();
    }

    /** Whether the backend takes more of the request has changed. */
    void requestPausedOrResumed() {
        goOn();
        autoRead();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Http1ServerStream stream = current;
        if (stream != null && !stream.isAnswered() && !stream.exchange().isOver()) {
            stream.exchange().responseWritable(isWritable());
        }
        goOn();
        ctx.fireChannelWritabilityChanged();
    }

    // Ends.

    private void malformed(Throwable cause, Http2Headers request) {
        service.stats().downstreamCxProtocolError.increment();
        if (cause instanceof RequestLines.NotHttp && served == 0) {
            // Another protocol: a response would be none to its peer (RFC 9113 section 3.4).
            abort();
            return;
        }
        Http1ServerStream stream = current;
        requestOpen = false;
        if (stream != null && !stream.isAnswered() && !stream.exchange().isRequestEnded()) {
            // In the middle of a call the error passes the filters, so that the script can read it.
            stream.exchange().reply(LocalReply.badRequestBody());
            closeGracefully();
        } else {
            refuse(Http1RequestReader.refusal(cause), request);
        }
    }

    private void refuse(RequestCheck.Refusal refusal, Http2Headers request) {
        if (info == null) {
            info = ConnectionFacts.of(context.channel());
        }
        HttpService.Refused refused = service.refuse(refusal, request, info, Protocol.HTTP_1_1, stamp);
        output.head(Exchange.status(refused.head()), refused.head());
        output.field("connection", "close");
        output.endHead();
        output.raw(context.alloc().buffer(refused.body().length).writeBytes(refused.body()));
        output.flush();
        closeGracefully();
    }

    /** Breaks off: the last chunk is missing, so the client knows that the response is not complete. */
    void abort() {
        ending.now();
    }

    /** Ends when the client has read what was written, or has had its time. */
    private void closeGracefully() {
        if (ending.hasBegun()) {
            return;
        }
        backlog = false;
        output.flush();
        ending.begin(requestOpen && !tunnel);
        autoRead();
    }

    /** Slow heads hold a connection for nothing. */
    private void headTimedOut() {
        if (current == null && !ending.hasBegun()) {
            service.stats().downstreamRqHeaderTimeout.increment();
            refuse(new RequestCheck.Refusal(408, "request header timeout"), new DefaultHttp2Headers(false));
            // What has come of the head is let go now, and what still comes is not parsed.
            ending.stopDecoding();
        }
    }

    /** Ends the connection where so much waits for the client. */
    private void giveUp(DrainState.Heavy heavy) {
        ChannelOutboundBuffer queue = context.channel().unsafe().outboundBuffer();
        if (queue == null || queue.totalPendingWriteBytes() < heavy.bytes() || !heavy.take()) {
            return;
        }
        service.load().streamsReset(1);
        if (current != null && !current.exchange().isOver()) {
            current.gone(ResponseFlag.OVERLOAD_MANAGER, Details.OVERLOAD);
        }
        ending.now();
    }

    /** Who keeps it open sends a request on it at any moment: it ends behind the next one, or when none comes. */
    private void endSoon() {
        long before = served;
        context.executor()
                .schedule(
                        () -> {
                            if (current == null && served == before && !ending.hasBegun()) {
                                expired();
                            }
                        },
                        LAST_REQUEST_SECONDS,
                        TimeUnit.SECONDS);
    }

    private void expired() {
        draining = true;
        if (current == null) {
            closeGracefully();
        } else {
            current.exchange().drain();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == DrainState.Event.TIMERS) {
            clock.recheck();
            timers.recheck();
        } else if (event instanceof DrainState.Heavy heavy) {
            giveUp(heavy);
        } else if (event instanceof DrainState.Event && ending.hasBegun()) {
            ctx.close();
        } else if (event == DrainState.Event.DRAIN_IDLE && current == null) {
            endSoon();
        } else if (event == DrainState.Event.DRAIN || event == DrainState.Event.DRAIN_IDLE) {
            expired();
        } else if (event == DrainState.Event.FINISH) {
            draining = true;
            if (current != null && !current.isAnswered()) {
                current.exchange().reply(LocalReply.shuttingDown());
            }
            closeGracefully();
        } else if (event == StrictRequestDecoder.Event.HEAD_TIMEOUT) {
            headTimedOut();
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        clock.stop();
        ending.stop();
        Http1ServerStream stream = current;
        current = null;
        if (stream != null && !stream.exchange().isOver()) {
            stream.gone(ResponseFlag.DOWNSTREAM_TERMINATION, Details.CLIENT_DISCONNECTED);
        }
        timers.stop();
        output.release();
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ConnectionFault.close(ctx, cause);
    }
}
