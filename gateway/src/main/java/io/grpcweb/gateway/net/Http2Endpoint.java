package io.grpcweb.gateway.net;

import io.grpcweb.gateway.stats.Http2Stats;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2NoMoreStreamIdsException;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * What both ends of HTTP/2 share: the window of the whole connection, credit given back late, and one flush for all that
 * is written in a turn of the event loop. Confined to that loop.
 */
public abstract class Http2Endpoint extends Http2ConnectionHandler {
    private final int connectionWindow;
    private final Http2Stats stats;
    private ChannelHandlerContext context;
    private boolean widened;
    private final SettingsBudget settingsBudget = new SettingsBudget();
    private TurnFlush turn;
    private boolean readCompletes;

    /**
     * An endpoint that is put together by Netty's builder.
     *
     * @param connectionWindow bytes that the peer may have under way on the whole connection
     * @param stats counts what happens at the level of frames
     */
    protected Http2Endpoint(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            int connectionWindow,
            Http2Stats stats) {
        super(decoder, encoder, settings, false, true);
        this.connectionWindow = connectionWindow;
        this.stats = stats;
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamActive(Http2Stream stream) {
                stats.streamsActive.increment();
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                stats.streamsActive.decrement();
            }
        });
    }

    public final Http2Stats stats() {
        return stats;
    }

    /** Valid once the handler is in a pipeline. */
    public final ChannelHandlerContext context() {
        return context;
    }

    public final ChannelPromise promise() {
        return context.newPromise();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        // The handler's own flush: only that drains the flow controller.
        turn = new TurnFlush(ctx.channel().eventLoop(), () -> flushNow(ctx));
        super.handlerAdded(ctx);
        widenWindow();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        widenWindow();
    }

    /** SETTINGS speaks of streams only; the window of the connection grows by a frame of its own (RFC 9113 6.9.2). */
    private void widenWindow() throws Http2Exception {
        if (widened || !context.channel().isActive()) {
            return;
        }
        widened = true;
        Http2Stream whole = connection().connectionStream();
        int extra = connectionWindow - decoder().flowController().initialWindowSize(whole);
        if (extra > 0) {
            decoder().flowController().incrementWindowSize(whole, extra);
            flush(context);
        }
    }

    /** The peer has changed its settings; ends the connection where it does so all the time. */
    public final void settingsRead(Http2Settings settings) throws Http2Exception {
        boolean movesWindows = settings.initialWindowSize() != null;
        if (!settingsBudget.take(movesWindows, connection().numActiveStreams(), System.nanoTime())) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM,
                    "more than %d SETTINGS a second, or such as move more than %d stream windows",
                    SettingsBudget.UPDATES / SettingsBudget.FRAME,
                    SettingsBudget.UPDATES);
        }
    }

    public final boolean isWritable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    /** Ends a stream with RST_STREAM. */
    public final void reset(int streamId, Http2Error code) {
        resetStream(context, streamId, code.code(), promise());
        scheduleFlush();
    }

    @Override
    public ChannelFuture resetStream(ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        Http2Stream stream = connection().stream(streamId);
        if (stream != null && !stream.isResetSent()) {
            stats.txReset.increment();
        }
        return super.resetStream(ctx, streamId, errorCode, promise);
    }

    @Override
    public ChannelFuture goAway(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData, ChannelPromise promise) {
        stats.goawaySent.increment();
        return super.goAway(ctx, lastStreamId, errorCode, debugData, promise);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (error instanceof Http2Exception.HeaderListSizeException) {
            stats.headerOverflow.increment();
            stats.headerListSizeTooLarge.increment();
        } else if (error.error() == Http2Error.REFUSED_STREAM) {
            stats.streamRefusedErrors.increment();
        } else if (!outbound) {
            stats.rxMessagingError.increment();
        }
        super.onStreamError(ctx, outbound, cause, error);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception error) {
        String reason = String.valueOf(cause.getMessage());
        // Netty tells them apart by their words alone.
        if (reason.contains("empty data frames")) {
            stats.inboundEmptyFramesFlood.increment();
        } else if (reason.startsWith("PRIORITY frames")) {
            stats.inboundPriorityFramesFlood.increment();
        } else if (reason.startsWith("WINDOW_UPDATE frames")) {
            stats.inboundWindowUpdateFramesFlood.increment();
        } else if (reason.startsWith("Header size exceeded")) {
            stats.headerOverflow.increment();
        } else if (reason.contains("outstanding frames")) {
            stats.outboundFlood.increment();
        } else if (reason.contains("outstanding control frames")) {
            stats.outboundControlFlood.increment();
        }
        if (!isPeersFault(cause)) {
            ConnectionFault.tell(ctx, cause);
        }
        super.onConnectionError(ctx, outbound, cause, error);
    }

    /** Whether the peer broke HTTP/2; else the connection was lost, or the gateway failed. */
    protected static boolean isPeersFault(Throwable cause) {
        Http2Exception fault = Http2CodecUtil.getEmbeddedHttp2Exception(cause);
        return fault != null && !(fault instanceof Http2NoMoreStreamIdsException);
    }

    /** The streams of a connection that is lost are told by channelInactive, which follows. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (isPeersFault(cause)) {
            super.exceptionCaught(ctx, cause);
        } else {
            ConnectionFault.close(ctx, cause);
        }
    }

    /** Gives the peer credit for bytes that were held back. */
    public final void consume(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                scheduleFlush();
            }
        } catch (Http2Exception e) {
            onError(context, true, e);
        }
    }

    /** Everything that is written in one turn of the event loop leaves together. */
    public final void scheduleFlush() {
        turn.ask();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (readCompletes) {
            turn.ask();
        } else {
            flushNow(ctx);
        }
    }

    private void flushNow(ChannelHandlerContext ctx) {
        super.flush(ctx);
        flushed();
    }

    /** All that was written has been handed to the socket, as far as that and the windows of the peer allow. */
    protected void flushed() {}

    /** What Netty would flush now, acknowledgements for the most part, leaves with what this turn still writes. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        readCompletes = true;
        super.channelReadComplete(ctx);
        readCompletes = false;
    }
}
