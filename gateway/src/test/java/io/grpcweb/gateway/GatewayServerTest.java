package io.grpcweb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.telemetry.AccessLogEntry;
import io.grpcweb.gateway.testing.EchoService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway and a grpc-java server in one program. */
class GatewayServerTest {
    private static final byte[] MESSAGE = {0, 0, 0, 0, 2, 8, 7};

    private Server backend;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void startBackend() throws IOException {
        backend = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(EchoService.definition())
                .build()
                .start();
    }

    @AfterEach
    void stopBackend() {
        backend.shutdownNow();
    }

    private String endpoint() {
        return "127.0.0.1:" + backend.getPort();
    }

    private HttpResponse<byte[]> call(GatewayServer gateway, String path) throws Exception {
        int port = ((InetSocketAddress) gateway.addresses().get(0)).getPort();
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("content-type", "application/grpc-web+proto")
                        .header("origin", "https://app.example")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(MESSAGE))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void clustersAndRoutesOfAProgramAreServedOnItsOwnEventLoopsAndMeters() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        BlockingQueue<AccessLogEntry> log = new LinkedBlockingQueue<>();
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (GatewayServer gateway = GatewayServer.builder()
                .listen("127.0.0.1:0")
                .allowOrigins("https://app.example")
                .cluster("echo", endpoint())
                .route("/test.Echo/", "echo")
                .eventLoops(loops)
                .meterRegistry(meters)
                .accessLog(log::add)
                .build()) {
            gateway.start();
            HttpResponse<byte[]> response = call(gateway, "/test.Echo/Call");
            assertThat(response.headers().firstValue("access-control-allow-origin"))
                    .hasValue("https://app.example");
            assertThat(response.body()).startsWith(MESSAGE);
            assertThat(new String(response.body(), MESSAGE.length + 5, 13, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("grpc-status:0");
            assertThat(log.poll(10, TimeUnit.SECONDS)).satisfies(entry -> {
                assertThat(entry.request().path()).isEqualTo("/test.Echo/Call");
                assertThat(entry.response().grpcStatus()).isZero();
                assertThat(entry.backend().cluster()).isEqualTo("echo");
            });
            assertThat(meters.get("gateway.upstream.attempts")
                            .tag("cluster", "echo")
                            .counter()
                            .count())
                    .isEqualTo(1);
            gateway.drain(Duration.ofSeconds(5));
            assertThat(log).isEmpty();
        }
        assertThat(loops.isShuttingDown()).isFalse();
        loops.shutdownGracefully();
    }

    @Test
    void theMessagesOfNativeCallsAndRefusalsAreCounted() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        BlockingQueue<AccessLogEntry> log = new LinkedBlockingQueue<>();
        try (GatewayServer gateway = GatewayServer.builder()
                .listen("127.0.0.1:0")
                .cluster("echo", endpoint())
                .route("/test.Echo/", "echo")
                .meterRegistry(meters)
                .accessLog(log::add)
                .build()) {
            gateway.start();
            int port = ((InetSocketAddress) gateway.addresses().get(0)).getPort();
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .build();
            assertThat(ClientCalls.blockingUnaryCall(
                            channel, EchoService.METHOD, CallOptions.DEFAULT, new byte[] {8, 7}))
                    .containsExactly(8, 7);
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            assertThat(log.poll(10, TimeUnit.SECONDS)).isNotNull();
            for (String direction : List.of("received", "sent")) {
                assertThat(meters.get("gateway.messages")
                                .tag("grpc_method", "Call")
                                .tag("direction", direction)
                                .counter()
                                .count())
                        .as(direction)
                        .isEqualTo(1);
            }
            client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/test.Echo/Call"))
                            .header("content-type", "application/grpc-web+proto")
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            assertThat(log.poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(meters.get("gateway.errors")
                            .tag("flag", "grpc_web_method")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void anotherConfigurationIsAppliedAndAMistakeChangesNothing() throws Exception {
        String text = """
                error-format = envoy
                listeners.main { listen = "127.0.0.1:0", access-log = [], routes = [{ prefix = "%s", cluster = echo }] }
                clusters.echo { endpoints = ["%s"] }
                """;
        try (GatewayServer gateway = GatewayServer.builder()
                .configuration(text.formatted("/other/", endpoint()))
                .concurrency(1)
                .build()) {
            gateway.start();
            assertThat(call(gateway, "/test.Echo/Call").headers().firstValue("grpc-status"))
                    .hasValue("12");
            assertThatThrownBy(() -> gateway.apply("nonsense = 1")).isInstanceOf(ConfigException.class);
            assertThat(gateway.apply(text.formatted("/", endpoint()))).isEmpty();
            assertThat(call(gateway, "/test.Echo/Call").body()).startsWith(MESSAGE);
        }
    }

    @Test
    void whatIsNoConfigurationIsRefused() throws Exception {
        assertThatThrownBy(() -> GatewayServer.builder().build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> GatewayServer.builder()
                        .configuration("")
                        .cluster("a", "127.0.0.1:1")
                        .build())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> GatewayServer.builder()
                        .cluster("a", "nonsense")
                        .route("/", "b")
                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nonsense")
                .hasMessageContaining("'b'");
        GatewayServer gateway = GatewayServer.builder()
                .cluster("a", "127.0.0.1:1")
                .route("/", "a")
                .build();
        assertThatThrownBy(gateway::addresses).isInstanceOf(IllegalStateException.class);
        gateway.close();
    }
}
