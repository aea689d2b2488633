package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/** Hands the frames of a backend's connection to the streams they belong to. */
final class Http2ClientFrames extends Http2FrameAdapter {
    private final Http2Connection.PropertyKey streamKey;
    private Http2ClientConnection connection;
    private boolean introduced;

    Http2ClientFrames(Http2Connection.PropertyKey streamKey) {
        this.streamKey = streamKey;
    }

    void readFor(Http2ClientConnection handler) {
        connection = handler;
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        connection.settingsRead(settings);
        if (settings.connectProtocolEnabled() != null) {
            connection.connectSetting(settings.connectProtocolEnabled());
        }
        if (introduced) {
            connection.settingsChanged();
        } else {
            introduced = true;
            connection.settingsReceived();
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end) {
        onHeadersRead(ctx, streamId, headers, padding, end);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end) {
        Http2ClientStream open = stream(streamId);
        if (open != null) {
            open.onHead(headers, end);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end) {
        Http2ClientStream open = stream(streamId);
        return open == null ? data.readableBytes() + padding : open.onData(data, padding, end);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
        connection.stats().rxReset.increment();
        Http2ClientStream open = stream(streamId);
        if (open != null) {
            boolean refused = errorCode == Http2Error.REFUSED_STREAM.code();
            open.fail(
                    refused ? UpstreamFailure.REFUSED_STREAM : UpstreamFailure.REMOTE_RESET,
                    errorCode,
                    refused,
                    "RST_STREAM " + errorCode);
        }
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        connection.settingsAcknowledged();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.keepalive().acknowledged();
    }

    private Http2ClientStream stream(int id) {
        Http2Stream stream = connection.connection().stream(id);
        return stream == null ? null : stream.getProperty(streamKey);
    }
}
