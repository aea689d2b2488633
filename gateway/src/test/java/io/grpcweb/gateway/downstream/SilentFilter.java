package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.HttpFilter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** Takes requests and answers nothing. */
final class SilentFilter extends HttpFilter {
    @Override
    public void requestHead(Http2Headers head, boolean end) {}

    @Override
    public void requestData(ByteBuf data, boolean end) {
        data.release();
    }

    @Override
    public void responseWritable(boolean writable) {}

    @Override
    public void cancel() {}
}
