package io.grpcweb.gateway.upstream.health;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FutureListener;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Health checks over HTTP/2: HTTP health checks, and {@code grpc.health.v1.Health/Check}. */
final class Http2Probe implements HealthProbe {
    private static final int MAX_MESSAGE = 1024;
    /** {@code HealthCheckResponse.ServingStatus.SERVING} as a field of the message: number 1, varint 1. */
    private static final int SERVING = 0x0801;

    private final ClusterConfig.HealthCheck config;
    private final String authority;
    private final ProbeConnection connection;
    private boolean goingAway;

    Http2Probe(ClusterConfig.HealthCheck config, String authority, EventLoop loop, Host host, UpstreamTls tls) {
        this.config = config;
        this.authority = authority;
        this.connection = new ProbeConnection(loop, host, tls, config.reuseConnection(), this::handlers);
    }

    private ChannelHandler[] handlers() {
        goingAway = false;
        return new ChannelHandler[] {
            // An endpoint that does not answer does not keep the connection either.
            Http2FrameCodecBuilder.forClient().gracefulShutdownTimeoutMillis(0).build(),
            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
            new Connection()
        };
    }

    private boolean grpc() {
        return config.kind() == ClusterConfig.HealthCheck.Kind.GRPC;
    }

    @Override
    public void ask(Consumer<HealthState.Result> done) {
        connection.begin(done, this::send);
    }

    private void send(Channel channel) {
        new Http2StreamChannelBootstrap(channel).handler(new Answer()).open().addListener((FutureListener<
                        Http2StreamChannel>)
                opened -> {
                    if (opened.isSuccess()) {
                        send(opened.getNow(), channel);
                    } else {
                        channel.close();
                    }
                });
    }

    private void send(Http2StreamChannel stream, Channel parent) {
        Http2Headers head = new DefaultHttp2Headers()
                .method(grpc() ? "POST" : config.method())
                .scheme(parent.pipeline().get(SslHandler.class) == null ? "http" : "https")
                .authority(authority)
                .path(grpc() ? "/grpc.health.v1.Health/Check" : config.path());
        if (grpc()) {
            head.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc").set(HttpHeaderNames.TE, "trailers");
        }
        head.set(HttpHeaderNames.USER_AGENT, "Envoy/HC");
        for (HeaderRules.Add add : config.headers().requestAdd()) {
            head.add(add.name(), add.value());
        }
        config.headers().requestRemove().forEach(head::remove);
        ByteBuf body =
                grpc() ? message(config.service()) : Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(config.send()));
        stream.write(new DefaultHttp2HeadersFrame(head, !body.isReadable()), stream.voidPromise());
        if (body.isReadable()) {
            stream.write(new DefaultHttp2DataFrame(body, true), stream.voidPromise());
        }
        stream.flush();
    }

    /** A gRPC frame with a {@code HealthCheckRequest}: field 1 is the name of the service, left out where empty. */
    private static ByteBuf message(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteBuf field = Unpooled.buffer();
        if (name.length > 0) {
            field.writeByte(0x0a);
            int length = name.length;
            for (; length >= 0x80; length >>>= 7) {
                field.writeByte(length & 0x7f | 0x80);
            }
            field.writeByte(length).writeBytes(name);
        }
        return Unpooled.buffer().writeByte(0).writeInt(field.readableBytes()).writeBytes(field);
    }

    @Override
    public void abandon() {
        connection.abandon();
    }

    @Override
    public void close() {
        connection.abandon();
    }

    /** Watches the connection as a whole. */
    private final class Connection extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http2GoAwayFrame) {
                goingAway = true;
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** One check's stream. */
    private final class Answer extends ChannelInboundHandlerAdapter {
        private final ByteBuf body = Unpooled.buffer();
        private final HttpVerdict verdict = new HttpVerdict(config);
        private Http2Headers head;
        private boolean over;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            boolean end = false;
            if (frame instanceof Http2HeadersFrame headers) {
                if (headers.headers().status() != null
                        && headers.headers().status().charAt(0) == '1') {
                    return;
                }
                if (head == null) {
                    head = headers.headers();
                } else {
                    head.setAll(headers.headers());
                }
                end = headers.isEndStream();
            } else if (frame instanceof Http2DataFrame data) {
                if (!grpc()) {
                    verdict.data(data.content());
                } else if (body.readableBytes() <= MAX_MESSAGE) {
                    body.writeBytes(data.content());
                }
                end = data.isEndStream();
            } else if (frame instanceof Http2ResetFrame) {
                end(ctx, HealthState.Result.UNREACHABLE);
            }
            ReferenceCountUtil.release(frame);
            if (end) {
                end(ctx, grpc() ? grpcResult() : httpResult());
            }
        }

        private HealthState.Result httpResult() {
            if (head == null) {
                return HealthState.Result.BAD;
            }
            verdict.head(status(), head.get(HttpVerdict.CLUSTER), head.contains(HttpVerdict.DEGRADED));
            return verdict.result();
        }

        private HealthState.Result grpcResult() {
            CharSequence grpcStatus = head == null ? null : head.get("grpc-status");
            boolean serving = status() == 200
                    && grpcStatus != null
                    && "0".contentEquals(grpcStatus)
                    && body.readableBytes() == 7
                    && body.getByte(0) == 0
                    && body.getInt(1) == 2
                    && body.getUnsignedShort(5) == SERVING;
            return serving ? HealthState.Result.GOOD : HealthState.Result.BAD;
        }

        private int status() {
            CharSequence status = head == null ? null : head.status();
            return status != null && status.length() == 3 ? Integer.parseInt(status, 0, 3, 10) : 0;
        }

        private void end(ChannelHandlerContext ctx, HealthState.Result result) {
            if (!over) {
                over = true;
                connection.answered(ctx.channel().parent(), result, !goingAway);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end(ctx, HealthState.Result.UNREACHABLE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
