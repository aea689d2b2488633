package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.net.Http2Codec;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;

/** Puts a client's HTTP/2 connection together. */
final class Http2ServerConnectionBuilder
        extends AbstractHttp2ConnectionHandlerBuilder<Http2ServerConnection, Http2ServerConnectionBuilder> {
    /** Frames of a header block that are let past the limit, so that the response can be 431 and not a dead connection. */
    private static final int SLACK = 8 * 1024;

    /** Rapid reset by way of the gateway, in half a minute. */
    private static final int MAX_FAULTS = 200;

    /** RFC 8441 section 3. */
    private static final char ENABLE_CONNECT_PROTOCOL = 8;

    private final HttpService service;
    private final Http2Codec codec;
    private final Http2ServerFrames frames;
    private final Http2Connection.PropertyKey streamKey;

    Http2ServerConnectionBuilder(HttpService service) {
        this.service = service;
        HttpConfig.Http2 http2 = service.http().http2();
        int headerListSize = service.http().limits().headerBytes() + SLACK;
        this.codec = Http2Codec.server(headerListSize, http2.outbound(), http2.inbound(), MAX_FAULTS);
        this.streamKey = codec.connection().newKey();
        this.frames = new Http2ServerFrames(streamKey, service);
        // Http2Settings() alone would lift the cap on streams; every value is set.
        Http2Settings settings = Http2Settings.defaultSettings()
                .maxConcurrentStreams(http2.maxConcurrentStreams())
                .initialWindowSize(http2.streamWindow())
                .maxHeaderListSize(headerListSize);
        if (service.http().extendedConnect()) {
            settings.put(ENABLE_CONNECT_PROTOCOL, (Long) 1L);
        }
        initialSettings(settings);
        frameListener(frames);
        // Rapid reset is judged by ResetFlood, which tells a client that cancels a lot from an attack.
        decoderEnforceMaxRstFramesPerWindow(0, 30);
        decoderEnforceMaxConsecutiveEmptyDataFrames(http2.inbound().emptyInARow());
        codec(codec.decoder(), codec.encoder());
    }

    Http2Codec codec() {
        return codec;
    }

    Http2ServerFrames frames() {
        return frames;
    }

    @Override
    protected Http2ServerConnection build() {
        return super.build();
    }

    @Override
    protected Http2ServerConnection build(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        Http2ServerConnection handler =
                new Http2ServerConnection(decoder, encoder, settings, service, codec.waiting(), streamKey);
        frames.readFor(handler);
        return handler;
    }
}
