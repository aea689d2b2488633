package io.grpcweb.gateway.check;

import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.util.concurrent.TimeUnit;

/** Calls over one connection, to the endpoint that is looked at and no other. */
final class StreamCalls implements SideCalls {
    private final Channel connection;
    private final String authority;

    /** @param connection speaks HTTP/2, with a multiplexer */
    StreamCalls(Channel connection, String authority) {
        this.connection = connection;
        this.authority = authority;
    }

    @Override
    public SideCall call(EventExecutor loop, SideRequest request, SideObserver observer) {
        Call call = new Call(observer, request.mostBytes());
        Http2Headers head = request.head();
        head.scheme(connection.pipeline().get(SslHandler.class) == null ? "http" : "https");
        head.authority(authority);
        Future<?> timer = loop.schedule(
                () -> call.fail(SideFailure.TIMEOUT, "no answer in time"),
                request.timeout().toNanos(),
                TimeUnit.NANOSECONDS);
        call.whenOver = () -> timer.cancel(false);
        new Http2StreamChannelBootstrap(connection).handler(call).open().addListener((FutureListener<
                        Http2StreamChannel>)
                opened -> {
                    if (opened.isSuccess()) {
                        call.send(opened.getNow(), head, request.body());
                    } else {
                        request.body().release();
                        call.fail(SideFailure.RESET, "the connection has ended");
                    }
                });
        return call;
    }

    /** One call. */
    private static final class Call extends ChannelInboundHandlerAdapter implements SideCall {
        private final SideObserver observer;
        private final int mostBytes;
        private final ByteBuf body = Unpooled.buffer();
        private Http2Headers head;
        private Http2Headers trailers;
        private Channel stream;
        private Runnable whenOver = () -> {};
        private boolean over;

        Call(SideObserver observer, int mostBytes) {
            this.observer = observer;
            this.mostBytes = mostBytes;
        }

        void send(Channel opened, Http2Headers request, ByteBuf content) {
            stream = opened;
            if (over) {
                content.release();
                opened.close();
                return;
            }
            opened.write(new DefaultHttp2HeadersFrame(request, false), opened.voidPromise());
            opened.writeAndFlush(new DefaultHttp2DataFrame(content, true), opened.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            try {
                read(frame);
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        private void read(Object frame) {
            if (frame instanceof Http2HeadersFrame headers) {
                CharSequence status = headers.headers().status();
                if (head != null) {
                    trailers = headers.headers();
                } else if (status == null || status.charAt(0) != '1') {
                    head = headers.headers();
                }
                answeredIf(headers.isEndStream());
            } else if (frame instanceof Http2DataFrame data) {
                if (body.readableBytes() + data.content().readableBytes() > mostBytes) {
                    fail(SideFailure.TOO_LARGE, "the answer is longer than " + mostBytes + " bytes");
                    return;
                }
                body.writeBytes(data.content());
                answeredIf(data.isEndStream());
            } else if (frame instanceof Http2ResetFrame reset) {
                fail(SideFailure.RESET, "the stream was reset with the code " + reset.errorCode());
            }
        }

        private void answeredIf(boolean end) {
            if (end && !over && head != null) {
                end();
                observer.answered(new SideAnswer(head, body, trailers));
            }
        }

        void fail(SideFailure failure, String reason) {
            if (!over) {
                end();
                observer.failed(failure, reason);
            }
        }

        private void end() {
            over = true;
            whenOver.run();
            if (stream != null) {
                stream.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(SideFailure.RESET, "the connection has ended");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(SideFailure.RESET, cause.toString());
        }

        @Override
        public void cancel() {
            if (!over) {
                end();
            }
        }
    }
}
