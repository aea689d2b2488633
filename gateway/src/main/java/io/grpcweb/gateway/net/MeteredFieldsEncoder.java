package io.grpcweb.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/** Netty's encoder of field blocks, which remembers how long the last one was. */
final class MeteredFieldsEncoder extends DefaultHttp2HeadersEncoder {
    private int block;

    MeteredFieldsEncoder(SensitivityDetector sensitive, boolean ignoreMaxHeaderListSize) {
        super(sensitive, ignoreMaxHeaderListSize);
    }

    @Override
    public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf buffer) throws Http2Exception {
        int start = buffer.writerIndex();
        block = 0;
        super.encodeHeaders(streamId, headers, buffer);
        block = buffer.writerIndex() - start;
    }

    /** Bytes of the last field block. */
    int block() {
        return block;
    }
}
