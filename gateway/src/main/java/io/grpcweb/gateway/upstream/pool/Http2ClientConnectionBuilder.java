package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.net.Http2Codec;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;

/** Puts an HTTP/2 connection to a backend together. */
final class Http2ClientConnectionBuilder
        extends AbstractHttp2ConnectionHandlerBuilder<Http2ClientConnection, Http2ClientConnectionBuilder> {
    /** Twice what a client may be sent, so that a response above the limit can still be told from a broken one. */
    private static final int LARGEST_HEADER = 128 * 1024;

    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

    private final ClusterConfig cluster;
    private final Http2Codec codec;
    private final PooledConnection pooled;
    private final Http2ClientFrames frames;
    private final Http2Connection.PropertyKey streamKey;

    Http2ClientConnectionBuilder(ClusterConfig cluster, PooledConnection pooled) {
        this.cluster = cluster;
        this.pooled = pooled;
        // A value that never comes again would only push others out of HPACK's table (RFC 7541 section 6.2.3).
        this.codec = Http2Codec.client(
                LARGEST_HEADER, cluster.http2().outbound(), (name, value) -> REQUEST_ID.contentEquals(name));
        this.streamKey = codec.connection().newKey();
        this.frames = new Http2ClientFrames(streamKey);
        initialSettings(Http2Settings.defaultSettings()
                .pushEnabled(false)
                .maxConcurrentStreams(cluster.http2().maxConcurrentStreams())
                .initialWindowSize(cluster.http2().streamWindow())
                .maxHeaderListSize(LARGEST_HEADER));
        frameListener(frames);
        // A backend that resets a lot, or a client that cancels a lot, is no attack on this side.
        decoderEnforceMaxRstFramesPerWindow(0, 30);
        decoderEnforceMaxConsecutiveEmptyDataFrames(0);
        codec(codec.decoder(), codec.encoder());
    }

    Http2Codec codec() {
        return codec;
    }

    @Override
    protected Http2ClientConnection build() {
        return super.build();
    }

    @Override
    protected Http2ClientConnection build(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        Http2ClientConnection handler =
                new Http2ClientConnection(decoder, encoder, settings, cluster, pooled, streamKey, codec.meters());
        frames.readFor(handler);
        return handler;
    }
}
