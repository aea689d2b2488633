package io.grpcweb.gateway.selftest;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpcweb.gateway.config.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The backend of the tests: a gRPC server of its own on a free port of the loopback. */
public final class InteropBackend implements AutoCloseable {
    private static final int LARGEST = 16 << 20;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "interop-timer");
        thread.setDaemon(true);
        return thread;
    });
    private final Server server;

    public InteropBackend() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .maxInboundMessageSize(LARGEST)
                .addService(InteropService.with(timer))
                .build()
                .start();
    }

    /** Where it listens. */
    public Endpoint address() {
        return new Endpoint(InetAddress.getLoopbackAddress().getHostAddress(), server.getPort());
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
        timer.shutdownNow();
    }
}
