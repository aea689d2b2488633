package io.grpcweb.gateway.upstream.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.HealthCheck.Kind;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.Fixtures;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole health checks against servers whose answers the test changes. */
final class HealthCheckTest {
    /** What the servers have been asked: text of HTTP/1.1, or a path and the hex of a body of HTTP/2. */
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    private EventLoopGroup group;
    private Cluster cluster;
    private Channel server;
    private volatile String answer;

    @BeforeEach
    void open() {
        group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }

    @AfterEach
    void close() {
        cluster.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void serve(Consumer<Channel> protocol) {
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        protocol.accept(connection);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private Host check(ClusterConfig.HealthCheck check) throws Exception {
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        ClusterConfig config = Fixtures.cluster(
                ClusterConfig.Discovery.Type.STATIC,
                ClusterConfig.Balancer.ROUND_ROBIN,
                Optional.empty(),
                List.of(check),
                Fixtures.locality("a", 0, 1, ClusterConfig.Host.at(new Endpoint("127.0.0.1", port))));
        cluster = new Cluster(config, group);
        CompletableFuture<Cluster> ready = new CompletableFuture<>();
        cluster.start(ready::complete);
        ready.get(30, TimeUnit.SECONDS);
        return cluster.allHosts().get(0);
    }

    private static ClusterConfig.HealthCheck checkOf(Kind kind, boolean http2, String send, String... receive) {
        return Fixtures.healthCheck(kind, http2, send, List.of(receive));
    }

    private static void awaitFlags(Host host, String flags) {
        await().pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(host.healthFlags()).isEqualTo(flags));
    }

    private void http1(Channel connection) {
        connection.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                asked.add(((ByteBuf) message).toString(StandardCharsets.US_ASCII));
                ReferenceCountUtil.release(message);
                if (!answer.isEmpty()) {
                    ctx.writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII), ctx.voidPromise());
                }
            }
        });
    }

    /** The answer is a status, a gRPC status or nothing, and the hex of a body, by blanks. */
    private void http2(Channel connection) {
        connection
                .pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer().build(),
                        new Http2MultiplexHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                stream.pipeline().addLast(new Http2Answer());
                            }
                        }));
    }

    private final class Http2Answer extends ChannelInboundHandlerAdapter {
        private String path;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            boolean end = false;
            String body = "";
            if (frame instanceof Http2HeadersFrame headers) {
                path = headers.headers().path().toString();
                end = headers.isEndStream();
            } else if (frame instanceof Http2DataFrame data) {
                body = ByteBufUtil.hexDump(data.content());
                end = data.isEndStream();
            }
            ReferenceCountUtil.release(frame);
            if (!end) {
                return;
            }
            asked.add(path + " " + body);
            String[] parts = answer.split(" ", -1);
            boolean plain = parts[1].isEmpty();
            ctx.write(
                    new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(parts[0]), plain), ctx.voidPromise());
            if (!plain) {
                ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(parts[2]));
                ctx.write(new DefaultHttp2DataFrame(bytes, false), ctx.voidPromise());
                ctx.write(
                        new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().set("grpc-status", parts[1]), true),
                        ctx.voidPromise());
            }
            ctx.flush();
        }
    }

    @Test
    void aConnectionIsEnoughForTcp() throws Exception {
        serve(connection -> {});
        Host host = check(checkOf(Kind.TCP, false, ""));
        assertThat(host.healthFlags()).isEqualTo("healthy");
        server.close().syncUninterruptibly();
        awaitFlags(host, "/failed_active_hc");
    }

    @Test
    void tcpCanExpectBytes() throws Exception {
        answer = "..PONG..";
        serve(this::http1);
        Host host = check(checkOf(Kind.TCP, false, "50494e47", "504f", "4e47"));
        assertThat(asked.take()).isEqualTo("PING");
        assertThat(host.healthFlags()).isEqualTo("healthy");
        answer = "nothing of the kind";
        awaitFlags(host, "/failed_active_hc/active_hc_timeout");
    }

    @Test
    void httpIsJudgedByItsStatus() throws Exception {
        answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
        serve(this::http1);
        Host host = check(checkOf(Kind.HTTP, false, ""));
        assertThat(asked.take())
                .startsWith("GET /healthz HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nhost: backend\r\n")
                .containsIgnoringCase("\r\nuser-agent: Envoy/HC\r\n");
        assertThat(host.healthFlags()).isEqualTo("healthy");
        answer = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";
        awaitFlags(host, "/failed_active_hc");
        answer = "HTTP/1.1 200 OK\r\nx-envoy-degraded: true\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        awaitFlags(host, "/degraded_active_hc");
        answer = "";
        awaitFlags(host, "/failed_active_hc/degraded_active_hc/active_hc_timeout");
    }

    @Test
    void anEndpointThatSpeaksSomethingElseIsUnhealthy() throws Exception {
        answer = "SSH-2.0-server\r\n";
        serve(this::http1);
        assertThat(check(checkOf(Kind.HTTP, false, "")).usable()).isFalse();
        cluster.close();
        assertThat(check(checkOf(Kind.HTTP, true, "")).usable()).isFalse();
    }

    @Test
    void httpCanBeSpokenInVersionTwo() throws Exception {
        answer = "200  ";
        serve(this::http2);
        Host host = check(checkOf(Kind.HTTP, true, ""));
        assertThat(asked.take()).isEqualTo("/healthz ");
        assertThat(host.healthFlags()).isEqualTo("healthy");
        answer = "500  ";
        awaitFlags(host, "/failed_active_hc");
    }

    @Test
    void grpcMustSayServing() throws Exception {
        answer = "200 0 00000000020801";
        serve(this::http2);
        Host host = check(checkOf(Kind.GRPC, true, ""));
        // One message: field 1, five bytes, "desk1".
        assertThat(asked.take()).isEqualTo("/grpc.health.v1.Health/Check 00000000070a056465736b31");
        assertThat(host.healthFlags()).isEqualTo("healthy");
        answer = "200 0 00000000020802";
        awaitFlags(host, "/failed_active_hc");
        answer = "200 0 00000000020801";
        awaitFlags(host, "healthy");
        answer = "200 12 ";
        awaitFlags(host, "/failed_active_hc");
    }

    @Test
    void aClusterIsReadyAlsoWhenItsEndpointsAreNot() throws Exception {
        answer = "";
        serve(this::http1);
        Host host = check(checkOf(Kind.HTTP, false, ""));
        assertThat(host.healthFlags()).isEqualTo("/failed_active_hc/active_hc_timeout");
        assertThat(cluster.newBalancer().choose(PickContext.NONE)).as("panic").isSameAs(host);
    }
}
