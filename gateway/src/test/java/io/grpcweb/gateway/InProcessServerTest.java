package io.grpcweb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Attributes;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.testing.EchoService;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway in front of a grpc-java server of the same process, which has no port. */
class InProcessServerTest {
    private static final byte[] TRAILERS = "grpc-status:0\r\n".getBytes(StandardCharsets.US_ASCII);

    private final LocalAddress address = new LocalAddress("orders-" + System.nanoTime());
    private final EventLoopGroup serverLoops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<Void> connectionClosed = new CompletableFuture<>();
    private Server server;

    private void startServer() throws IOException {
        server = NettyServerBuilder.forAddress(address)
                .channelType(LocalServerChannel.class)
                .bossEventLoopGroup(serverLoops)
                .workerEventLoopGroup(serverLoops)
                .addService(EchoService.definition())
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public void transportTerminated(Attributes attributes) {
                        connectionClosed.complete(null);
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stopServer() throws InterruptedException {
        if (server != null) {
            assertThat(server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS))
                    .isTrue();
        }
        serverLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private CompletableFuture<HttpResponse<byte[]>> call(GatewayServer gateway, byte[] message) {
        int port = ((InetSocketAddress) gateway.addresses().get(0)).getPort();
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/test.Echo/Call"))
                        .header("content-type", "application/grpc-web+proto")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] message(int length) {
        byte[] frame = new byte[5 + length];
        Arrays.fill(frame, 5, frame.length, (byte) 'm');
        for (int at = 0; at < 4; at++) {
            frame[1 + at] = (byte) (length >> (24 - 8 * at));
        }
        return frame;
    }

    private static void assertEchoed(byte[] message, HttpResponse<byte[]> response) {
        byte[] end = new byte[5 + TRAILERS.length];
        end[0] = (byte) 0x80;
        end[4] = (byte) TRAILERS.length;
        System.arraycopy(TRAILERS, 0, end, 5, TRAILERS.length);
        assertThat(response.body())
                .hasSize(message.length + end.length)
                .startsWith(message)
                .endsWith(end);
    }

    @Test
    void callsReachAServerWithoutASocket() throws Exception {
        startServer();
        try (GatewayServer gateway = GatewayServer.builder()
                .listen("127.0.0.1:0")
                .cluster("orders", address)
                .route("/test.Echo/", "orders")
                .concurrency(2)
                .build()) {
            gateway.start();
            // Larger than the windows of HTTP/2, in both directions.
            byte[] large = message(1_000_000);
            byte[] small = message(3);
            assertEchoed(large, call(gateway, large).get(20, TimeUnit.SECONDS));
            for (CompletableFuture<HttpResponse<byte[]>> response :
                    Stream.generate(() -> call(gateway, small)).limit(50).toList()) {
                assertEchoed(small, response.get(20, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void anyEventLoopWillDoAndTheConnectionEndsWithTheGateway() throws Exception {
        startServer();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (GatewayServer gateway = GatewayServer.builder()
                .listen("127.0.0.1:0")
                .cluster("orders", address)
                .route("/test.Echo/", "orders")
                .eventLoops(loops)
                .build()) {
            gateway.start();
            assertEchoed(message(3), call(gateway, message(3)).get(20, TimeUnit.SECONDS));
        }
        // By the gateway and not by the event loop, which goes on.
        connectionClosed.get(10, TimeUnit.SECONDS);
        assertThat(loops.isShuttingDown()).isFalse();
        loops.shutdownGracefully(100, 5000, TimeUnit.MILLISECONDS).await(10, TimeUnit.SECONDS);
    }

    @Test
    void aServerThatIsNotThereIsAnEndpointThatCannotBeReached() throws Exception {
        try (GatewayServer gateway = GatewayServer.builder()
                .listen("127.0.0.1:0")
                .cluster("orders", address)
                .route("/test.Echo/", "orders")
                .build()) {
            gateway.start();
            HttpResponse<byte[]> refused = call(gateway, message(3)).get(20, TimeUnit.SECONDS);
            assertThat(new String(refused.body(), StandardCharsets.US_ASCII))
                    .contains("grpc-status:14")
                    .contains("remote connection failure");
            // The same connection pool finds it as soon as it is there.
            startServer();
            assertEchoed(message(3), call(gateway, message(3)).get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aProcessThatIsAGatewayAloneHasNoSuchServer() throws Exception {
        GatewayConfig config = GatewayConf.parse("""
                listeners.main { listen = "127.0.0.1:0", routes = [{ prefix = "/", cluster = orders }] }
                clusters.orders { endpoints = ["local:orders"] }
                """, "gateway.conf", FilterKinds.ALL.ownFormats());
        assertThatThrownBy(() -> Gateway.start(config, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("clusters.orders")
                .hasMessageContaining("local:NAME");
    }
}
