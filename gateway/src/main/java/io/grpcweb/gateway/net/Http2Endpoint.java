package io.grpcweb.gateway.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * What both ends of HTTP/2 share: the window of the whole connection, credit given back late, and one flush for all that
 * is written in a turn of the event loop. Confined to that loop.
 */
public abstract class Http2Endpoint extends Http2ConnectionHandler {
    private final int connectionWindow;
    private ChannelHandlerContext context;
    private boolean widened;
    private boolean reading;
    private boolean flushScheduled;

    /**
     * An endpoint that is put together by Netty's builder.
     *
     * @param connectionWindow bytes that the peer may have under way on the whole connection
     */
    protected Http2Endpoint(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            int connectionWindow) {
        super(decoder, encoder, settings, false, true);
        this.connectionWindow = connectionWindow;
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

    public final boolean isWritable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    /** Ends a stream with RST_STREAM. */
    public final void reset(int streamId, Http2Error code) {
        resetStream(context, streamId, code.code(), promise());
        scheduleFlush();
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
        if (!reading && !flushScheduled) {
            flushScheduled = true;
            context.channel().eventLoop().execute(() -> {
                flushScheduled = false;
                // The handler's own flush: only that drains the flow controller.
                flush(context);
            });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        reading = true;
        super.channelRead(ctx, message);
    }

    /** The end of a batch of reads; what was written meanwhile is flushed. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        reading = false;
        super.channelReadComplete(ctx);
    }
}
