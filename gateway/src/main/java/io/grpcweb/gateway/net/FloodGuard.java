package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.HttpConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import java.util.concurrent.TimeUnit;

/**
 * Ends the connection of a peer that makes us queue acknowledgements and resets and does not read them (CVE-2019-9512,
 * CVE-2019-9515), or that breaks the protocol on stream after stream to have each of them reset (CVE-2025-55163).
 */
final class FloodGuard extends DecoratingHttp2ConnectionEncoder {
    private static final long WINDOW_SECONDS = 30;

    private final HttpConfig.OutboundFrames most;
    private final int maxFaults;
    private Http2LifecycleManager lifecycle;
    private int waiting;
    private int control;
    private int faults;
    private long windowStart;
    private boolean ended;

    /**
     * A guard around an encoder.
     *
     * @param most frames that may wait for the peer to read
     * @param maxFaults streams that may be reset within {@value #WINDOW_SECONDS} seconds for what the peer did
     */
    FloodGuard(Http2ConnectionEncoder encoder, HttpConfig.OutboundFrames most, int maxFaults) {
        super(encoder);
        this.most = most;
        this.maxFaults = maxFaults;
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager manager) {
        lifecycle = manager;
        super.lifecycleManager(manager);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
        return watched(ctx, super.writeSettingsAck(ctx, promise.unvoid()));
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        ChannelFuture written = super.writePing(ctx, ack, data, promise.unvoid());
        return ack ? watched(ctx, written) : written;
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endOfStream,
            ChannelPromise promise) {
        return counted(ctx, super.writeHeaders(ctx, streamId, headers, padding, endOfStream, promise));
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        ChannelFuture written = watched(ctx, super.writeRstStream(ctx, streamId, errorCode, promise.unvoid()));
        if (isFault(errorCode) && isOneTooMany()) {
            end(ctx, maxFaults + " resets within " + WINDOW_SECONDS + " seconds");
        }
        return written;
    }

    /** Whether the peer is to blame: not for a response that came early, nor for a backend that broke. */
    private static boolean isFault(long errorCode) {
        return errorCode != Http2Error.NO_ERROR.code()
                && errorCode != Http2Error.CANCEL.code()
                && errorCode != Http2Error.INTERNAL_ERROR.code();
    }

    private boolean isOneTooMany() {
        long now = System.nanoTime();
        if (faults == 0 || now - windowStart > TimeUnit.SECONDS.toNanos(WINDOW_SECONDS)) {
            windowStart = now;
            faults = 0;
        }
        faults++;
        return faults > maxFaults;
    }

    private ChannelFuture watched(ChannelHandlerContext ctx, ChannelFuture written) {
        if (written.isDone()) {
            return written;
        }
        control++;
        written.addListener(done -> control--);
        if (control >= most.control()) {
            ctx.flush();
        }
        if (control >= most.control()) {
            end(ctx, most.control() + " outstanding control frames");
        }
        return counted(ctx, written);
    }

    /** Any frame; DATA is left out, since the flow controller writes none while the socket takes none. */
    private ChannelFuture counted(ChannelHandlerContext ctx, ChannelFuture written) {
        if (written.isDone()) {
            return written;
        }
        waiting++;
        written.addListener(done -> waiting--);
        if (waiting >= most.all()) {
            ctx.flush();
        }
        if (waiting >= most.all()) {
            end(ctx, most.all() + " outstanding frames");
        }
        return written;
    }

    private void end(ChannelHandlerContext ctx, String reason) {
        if (!ended) {
            ended = true;
            lifecycle.onError(ctx, true, Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "%s", reason));
            ctx.close();
        }
    }
}
