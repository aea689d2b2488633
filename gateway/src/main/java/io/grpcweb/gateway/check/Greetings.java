package io.grpcweb.gateway.check;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The first words of clients. */
enum Greetings implements Dial.Greeting {
    /** The preface of HTTP/2; calls can be made afterwards. */
    HTTP2 {
        @Override
        public List<ChannelHandler> handlers() {
            return List.of(
                    Http2FrameCodecBuilder.forClient()
                            .gracefulShutdownTimeoutMillis(0)
                            .build(),
                    new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
        }

        @Override
        public Opening.Kind expected() {
            return Opening.Kind.HTTP2;
        }
    },

    /** A request of HTTP/1.1 that changes nothing (RFC 9110 section 9.3.7). */
    HTTP1 {
        @Override
        public List<ChannelHandler> handlers() {
            return List.of(new Options());
        }

        @Override
        public Opening.Kind expected() {
            return Opening.Kind.HTTP1;
        }
    };

    private static final class Options extends ChannelInboundHandlerAdapter {
        private static final String REQUEST = "OPTIONS * HTTP/1.1\r\nhost: check\r\nconnection: close\r\n\r\n";

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (ctx.pipeline().get(SslHandler.class) == null) {
                send(ctx);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent secured && secured.isSuccess()) {
                send(ctx);
            }
        }

        private static void send(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.copiedBuffer(REQUEST, StandardCharsets.US_ASCII), ctx.voidPromise());
        }
    }
}
