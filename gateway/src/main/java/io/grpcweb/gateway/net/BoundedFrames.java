package io.grpcweb.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/** Takes each frame that is read from the budget of its connection, before anything is done about it. */
class BoundedFrames extends Http2FrameListenerDecorator {
    private final FrameBudget budget;

    BoundedFrames(Http2FrameListener to, FrameBudget budget) {
        super(to);
        this.budget = budget;
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
            throws Http2Exception {
        budget.data(data.readableBytes(), end);
        return super.onDataRead(ctx, id, data, padding, end);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
            throws Http2Exception {
        budget.headers();
        super.onHeadersRead(ctx, id, headers, padding, end);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        budget.headers();
        super.onHeadersRead(ctx, id, headers, dependency, weight, exclusive, padding, end);
    }

    @Override
    public void onPriorityRead(ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive)
            throws Http2Exception {
        budget.priority();
        super.onPriorityRead(ctx, id, dependency, weight, exclusive);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode) throws Http2Exception {
        budget.reset();
        super.onRstStreamRead(ctx, id, errorCode);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        budget.control();
        super.onSettingsRead(ctx, settings);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
        budget.settingsAck();
        super.onSettingsAckRead(ctx);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        budget.control();
        super.onPingRead(ctx, data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        budget.control();
        super.onPingAckRead(ctx, data);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) throws Http2Exception {
        budget.windowUpdate();
        super.onWindowUpdateRead(ctx, id, increment);
    }

    @Override
    public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        budget.control();
        super.onUnknownFrame(ctx, type, id, flags, payload);
    }
}
