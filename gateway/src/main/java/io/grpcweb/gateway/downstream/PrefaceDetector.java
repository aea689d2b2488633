package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.net.ConnectionClock;
import io.grpcweb.gateway.net.ConnectionFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1.1 by the first bytes of a cleartext connection (RFC 9113 section 3.4),
 * and makes way for the one it is.
 */
final class PrefaceDetector extends ByteToMessageDecoder {
    private final ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    private final HttpPipeline pipeline;
    private ConnectionClock clock;
    private Future<?> begun;

    PrefaceDetector(HttpPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** One that never says a word is idle, too. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        clock = pipeline.service().clock(ctx::close);
        clock.start(ctx.channel().eventLoop());
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int known = Math.min(in.readableBytes(), preface.readableBytes());
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != preface.getByte(i)) {
                pipeline.http1(ctx);
                ctx.pipeline().remove(this);
                return;
            }
        }
        if (known == preface.readableBytes()) {
            pipeline.http2(ctx);
            ctx.pipeline().remove(this);
        } else if (begun == null) {
            long patience =
                    pipeline.service().http().timeouts().requestHeaders().toNanos();
            if (patience > 0) {
                begun = ctx.executor().schedule(() -> ctx.close(), patience, TimeUnit.NANOSECONDS);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ConnectionFault.close(ctx, cause);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        clock.stop();
        if (begun != null) {
            begun.cancel(false);
        }
        preface.release();
    }
}
