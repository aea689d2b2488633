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
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Consumer;

/** HTTP health check over HTTP/1.1. */
final class Http1Probe implements HealthProbe {
    private final ClusterConfig.HealthCheck config;
    private final String authority;
    private final ProbeConnection connection;

    Http1Probe(ClusterConfig.HealthCheck config, String authority, EventLoop loop, Host host, UpstreamTls tls) {
        this.config = config;
        this.authority = authority;
        this.connection = new ProbeConnection(loop, host, tls, config.reuseConnection(), () ->
                new ChannelHandler[] {new HttpClientCodec(), new Answer()});
    }

    @Override
    public void ask(Consumer<HealthState.Result> done) {
        connection.begin(done, this::send);
    }

    private void send(Channel channel) {
        ByteBuf body = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(config.send()));
        HttpMethod method = HttpMethod.valueOf(config.method());
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, config.path(), body);
        request.headers().set(HttpHeaderNames.HOST, authority).set(HttpHeaderNames.USER_AGENT, "Envoy/HC");
        if (body.isReadable() || method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT)) {
            HttpUtil.setContentLength(request, body.readableBytes());
        }
        for (HeaderRules.Add add : config.headers().requestAdd()) {
            request.headers().add(add.name(), add.value());
        }
        config.headers().requestRemove().forEach(request.headers()::remove);
        channel.writeAndFlush(request, channel.voidPromise());
    }

    @Override
    public void abandon() {
        connection.abandon();
    }

    @Override
    public void close() {
        connection.abandon();
    }

    private final class Answer extends SimpleChannelInboundHandler<HttpObject> {
        private HttpVerdict verdict;
        private boolean keep;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
            if (part.decoderResult().isFailure()) {
                ctx.close();
                return;
            }
            if (part instanceof HttpResponse response) {
                if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                    return;
                }
                keep = HttpUtil.isKeepAlive(response);
                verdict = new HttpVerdict(config);
                verdict.head(
                        response.status().code(),
                        response.headers().get(HttpVerdict.CLUSTER),
                        response.headers().contains(HttpVerdict.DEGRADED));
            }
            if (part instanceof HttpContent content && verdict != null) {
                verdict.data(content.content());
            }
            if (part instanceof LastHttpContent && verdict != null) {
                HealthState.Result told = verdict.result();
                verdict = null;
                connection.answered(ctx.channel(), told, keep);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
