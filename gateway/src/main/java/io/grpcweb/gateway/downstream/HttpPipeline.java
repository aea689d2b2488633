package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.OverloadConfig.Timer;
import io.grpcweb.gateway.net.ConnectionFault;
import io.grpcweb.gateway.net.HeaderBlockWatch;
import io.grpcweb.gateway.stats.HttpStats;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Puts the handlers of one HTTP version into a connection, once it is known which one is spoken. */
final class HttpPipeline implements ChainService {
    private final HttpService service;
    private final Consumer<HttpService> release;

    /** @param release is told when it is out of use */
    HttpPipeline(HttpService service, Consumer<HttpService> release) {
        this.service = service;
        this.release = release;
    }

    /** Cleartext: the first bytes tell. */
    @Override
    public void cleartext(ChannelPipeline pipeline) {
        switch (service.http().codec()) {
            case AUTO -> pipeline.addLast(new PrefaceDetector(this));
            case HTTP1 -> addHttp1(pipeline);
            case HTTP2 -> addHttp2(pipeline);
        }
    }

    /** TLS: ALPN tells; without it HTTP/1.1 is spoken. */
    @Override
    public void tls(ChannelPipeline pipeline) {
        if (service.http().codec() == HttpConfig.Codec.HTTP2) {
            addHttp2(pipeline);
            return;
        }
        pipeline.addLast(new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
            @Override
            protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                    addHttp2(ctx.pipeline());
                } else {
                    addHttp1(ctx.pipeline());
                }
            }

            @Override
            protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ConnectionFault.close(ctx, cause);
            }
        });
    }

    void http1(ChannelHandlerContext ctx) {
        addHttp1(ctx.pipeline());
    }

    void http2(ChannelHandlerContext ctx) {
        addHttp2(ctx.pipeline());
    }

    HttpService service() {
        return service;
    }

    @Override
    public DrainState drain() {
        return service.drain();
    }

    @Override
    public long handshakeNanos(Duration configured) {
        return service.load().nanos(Timer.TRANSPORT_SOCKET_CONNECT, configured.toNanos());
    }

    @Override
    public HttpStats stats() {
        return service.stats();
    }

    @Override
    public void release() {
        release.accept(service);
    }

    private static void speaks(ChannelPipeline pipeline, int version, BooleanSupplier active) {
        ConnectionCounter counter = pipeline.get(ConnectionCounter.class);
        if (counter != null) {
            counter.speaks(version, active);
        }
    }

    private void addHttp1(ChannelPipeline pipeline) {
        Http1ServerConnection connection = new Http1ServerConnection(service);
        speaks(pipeline, 1, connection::isActive);
        pipeline.addLast(new StrictRequestDecoder(service.http(), connection::mayDecode), connection);
    }

    private void addHttp2(ChannelPipeline pipeline) {
        Http2ServerConnectionBuilder builder = new Http2ServerConnectionBuilder(service);
        Http2ServerConnection connection = builder.build();
        speaks(pipeline, 2, () -> connection.connection().numActiveStreams() > 0);
        // Large messages are cut by the socket, not by the frame: joining the pieces would copy all of them.
        connection.setCumulator(ByteToMessageDecoder.COMPOSITE_CUMULATOR);
        Duration patience = service.http().timeouts().requestHeaders();
        if (!patience.isZero()) {
            pipeline.addLast(HeaderBlockWatch.ofClient(
                    patience, builder.frames()::headTimedOut, builder.codec().meters()));
        }
        pipeline.addLast(builder.codec().coalescer(), connection);
    }
}
