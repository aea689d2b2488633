package io.grpcweb.sample;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpcweb.sample.order.OrderServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One running instance: the order service behind its interceptors, health and reflection, on one port. */
final class Backend implements AutoCloseable {
    private final OrderService orders;
    private final Server server;
    private final HealthStatusManager health = new HealthStatusManager();

    /** Port 0 takes a free one; without a token everyone may call. */
    Backend(
            InetSocketAddress address,
            String name,
            Optional<String> token,
            OrderDesk desk,
            ScheduledExecutorService clock) {
        orders = new OrderService(desk, name, clock);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                // The token guards the orders only: health checks and reflection come without one.
                .addService(
                        token.isPresent()
                                ? ServerInterceptors.intercept(orders, new BearerToken(token.get()))
                                : orders.bindService())
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance())
                // The one added last is called first, so the log sees what all others did.
                .intercept(new InstanceStamp(name))
                .intercept(new CallLog(name));
        server = builder.build();
    }

    Backend start() throws IOException {
        server.start();
        health.setStatus(OrderServiceGrpc.SERVICE_NAME, io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING);
        return this;
    }

    int port() {
        return server.getPort();
    }

    void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }

    /** Calls that run get one second; watches never end by themselves and are told to. */
    @Override
    public void close() {
        if (server.isShutdown()) {
            return;
        }
        health.enterTerminalState();
        server.shutdown();
        orders.closeWatches();
        try {
            if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
                server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
