package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.HttpConfig;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Netty's decoder, with what it would let pass left for {@link Http1RequestReader} to refuse. */
final class StrictRequestDecoder extends HttpRequestDecoder {
    private static final int CHUNK = 64 * 1024;

    StrictRequestDecoder(HttpConfig.Limits limits) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.headerBytes())
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(CHUNK)
                .setAllowPartialChunks(true));
    }

    /** Keeps both fields: a message with both is refused, not repaired (RFC 9112 section 6.3). */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {}
}
