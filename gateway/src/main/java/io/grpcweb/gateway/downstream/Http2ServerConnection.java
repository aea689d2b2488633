package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.ExchangeTimers;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.net.ConnectionClock;
import io.grpcweb.gateway.net.Http2Endpoint;
import io.grpcweb.gateway.net.PingKeepalive;
import io.grpcweb.gateway.net.WaitingBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client's HTTP/2 connection: writes for its streams, and its own end. {@link Http2ServerFrames} reads. */
final class Http2ServerConnection extends Http2Endpoint {
    private static final int REST_OF_REQUEST_MILLIS = 100;

    /** A client that is answered early more often than this at once is no script that uploads. */
    private static final int MOST_RESTS = 16;

    private final Http2Connection.PropertyKey streamKey;
    private final HttpService service;
    private final WaitingBytes waiting;
    private final ResetFlood resets = new ResetFlood();
    private final ConnectionClock clock;
    private final PingKeepalive keepalive;
    private ExchangeTimers timers;
    private UnreadResponses unread;
    private int restsAwaited;
    private boolean draining;
    private boolean ending;
    private long finishedStreams;

    Http2ServerConnection(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            HttpService service,
            WaitingBytes waiting,
            Http2Connection.PropertyKey streamKey) {
        super(decoder, encoder, settings, service.http().http2().connectionWindow(), service.http2Stats());
        this.service = service;
        this.waiting = waiting;
        this.streamKey = streamKey;
        this.clock = service.clock(this::drain);
        this.keepalive = new PingKeepalive(
                this, service.http().http2().keepalive(), () -> context().close());
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                closed(stream);
            }
        });
        encoder.flowController().listener(stream -> {
            Http2ServerStream open = stream.getProperty(streamKey);
            if (open != null) {
                open.writabilityChanged();
            }
        });
    }

    HttpService service() {
        return service;
    }

    ConnectionClock clock() {
        return clock;
    }

    ExchangeTimers timers() {
        return timers;
    }

    PingKeepalive keepalive() {
        return keepalive;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        timers = service.timers(ctx.channel().eventLoop());
        unread = new UnreadResponses(this, waiting, ctx.channel());
        super.handlerAdded(ctx);
        clock.start(ctx.channel().eventLoop());
        keepalive.start();
    }

    // For streams.

    void writeHead(Http2Stream stream, Http2Headers head, boolean end, ChannelPromise promise) {
        encoder().writeHeaders(context(), stream.id(), head, 0, end, promise);
    }

    void writeData(Http2Stream stream, ByteBuf data, boolean end, ChannelPromise promise) {
        encoder().writeData(context(), stream.id(), data, 0, end, promise);
    }

    /** RST_STREAM in a turn of its own: what has come of the request with its head is not for a stream that is closed. */
    void callOff(Http2Stream stream, Http2Error code) {
        context().channel().eventLoop().execute(() -> resetIfOpen(stream, code));
    }

    /**
     * The response is complete, the request is not. Its rest is often on its way: it may still end the stream, or show that the
     * request was malformed. Who sends on is asked not to (RFC 9113 section 8.1), and so is, at once, who has many such streams.
     */
    void answeredEarly(Http2Stream stream) {
        if (restsAwaited == MOST_RESTS) {
            callOff(stream, Http2Error.NO_ERROR);
            return;
        }
        restsAwaited++;
        context()
                .channel()
                .eventLoop()
                .schedule(() -> restIsLate(stream), REST_OF_REQUEST_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void restIsLate(Http2Stream stream) {
        restsAwaited--;
        resetIfOpen(stream, Http2Error.NO_ERROR);
    }

    private void resetIfOpen(Http2Stream stream, Http2Error code) {
        if (stream.state() != Http2Stream.State.CLOSED) {
            reset(stream.id(), code);
        }
    }

    /** A response is complete: the connection may have served its time. */
    void streamFinished() {
        finishedStreams++;
        int most = service.http().limits().requestsPerConnection().orElse(Integer.MAX_VALUE);
        if (draining) {
            return;
        }
        if (finishedStreams >= most) {
            service.stats().downstreamCxMaxRequestsReached.increment();
            drain();
        } else if (service.drain().shouldClose()) {
            service.stats().downstreamCxDrainClose.increment();
            drain();
        } else if (service.isKeepaliveDisabled()) {
            drain();
        }
    }

    @Override
    protected void flushed() {
        unread.flushed();
    }

    /** The request of a stream, or null where it never became one or is over. */
    Http2ServerStream open(Http2Stream stream) {
        return stream.getProperty(streamKey);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (service.load().sheds(Place.HTTP2_READ_CLOSE)) {
            endGracefully();
            ReferenceCountUtil.release(message);
            ctx.close();
            return;
        }
        if (!draining && service.load().sheds(Place.HTTP2_READ)) {
            drain();
        }
        super.channelRead(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        if (resets.isFlood() && ctx.channel().isActive()) {
            service.stats().downstreamRqTooManyPrematureResets.increment();
            onError(
                    ctx,
                    true,
                    Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many premature resets"));
            ctx.close();
        }
    }

    /**
     * A request that is malformed concerns its own stream alone. The stream is made to exist first, so that what still
     * comes for it is known to belong to something that was reset; but where there are too many streams, none can be made.
     */
    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        boolean tooMany = error.error() == Http2Error.REFUSED_STREAM;
        if (!outbound && !tooMany && connection().stream(error.streamId()) == null) {
            try {
                connection().remote().createStream(error.streamId(), false);
            } catch (Http2Exception e) {
                // The number was used before, or is not the client's to use: Netty's answer is right.
                super.onStreamError(ctx, false, cause, error);
                return;
            }
        }
        super.onStreamError(ctx, outbound, cause, error);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception error) {
        if (!outbound && isPeersFault(cause)) {
            service.stats().downstreamCxProtocolError.increment();
        }
        super.onConnectionError(ctx, outbound, cause, error);
        unread.hurry();
    }

    // The end of streams and of the connection.

    private void closed(Http2Stream stream) {
        Http2ServerStream open = stream.getProperty(streamKey);
        if (open != null) {
            // The last write of a response may close the stream while the response is being handed over.
            if (!open.exchange().isOver() && !open.isAnswered()) {
                open.gone(ResponseFlag.DOWNSTREAM_TERMINATION, Details.CLIENT_DISCONNECTED);
            }
            open.released();
            resets.ended(open.isPremature());
        }
        if (connection().numActiveStreams() == 0) {
            clock.idle();
            if (ending) {
                unread.hurry();
            }
        }
    }

    /** RFC 9113 section 6.8: first a GOAWAY that refuses nothing, later one with the last stream that was served. */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        goAway(
                context(),
                Integer.MAX_VALUE,
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                context().newPromise());
        flush(context());
        openStreams().forEach(open -> open.exchange().drain());
        context()
                .channel()
                .eventLoop()
                .schedule(this::endGracefully, service.http().timeouts().drain().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Closes when the streams that are open have ended, after a GOAWAY that names the last one. */
    void endGracefully() {
        if (!context().channel().isActive()) {
            return;
        }
        gracefulShutdownTimeoutMillis(-1);
        ending = true;
        if (connection().numActiveStreams() == 0) {
            unread.hurry();
        }
        // Netty's close() sends none after the first.
        goAway(
                context(),
                connection().remote().lastStreamCreated(),
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                context().newPromise());
        try {
            close(context(), context().newPromise());
        } catch (Exception e) {
            onError(context(), true, e);
        }
        flush(context());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == DrainState.Event.DRAIN_IDLE && connection().numActiveStreams() > 0) {
            return;
        }
        if (event == DrainState.Event.DRAIN || event == DrainState.Event.DRAIN_IDLE) {
            if (!draining) {
                service.stats().downstreamCxDrainClose.increment();
            }
            drain();
        } else if (event == DrainState.Event.TIMERS) {
            clock.recheck();
            timers.recheck();
        } else if (event instanceof DrainState.Heavy heavy) {
            service.load().streamsReset(unread.giveUp(heavy));
        } else if (event == DrainState.Event.FINISH) {
            openStreams().forEach(open -> open.exchange().reply(LocalReply.shuttingDown()));
            endGracefully();
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        clock.stop();
        keepalive.stop();
        unread.stop();
        super.channelInactive(ctx);
        timers.stop();
    }

    private List<Http2ServerStream> openStreams() {
        List<Http2ServerStream> open = new ArrayList<>();
        try {
            connection().forEachActiveStream(stream -> {
                Http2ServerStream one = stream.getProperty(streamKey);
                if (one != null) {
                    open.add(one);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return open;
    }
}
