package io.grpcweb.sample;

import com.google.rpc.Status;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpcweb.sample.order.CreateOrderRequest;
import io.grpcweb.sample.order.LineItem;
import io.grpcweb.sample.order.OrderServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A running backend named {@code amber} on a free port, and a client of it, for one test. */
final class Desk implements BeforeEachCallback, AfterEachCallback {
    private final Optional<String> token;
    private Fleet fleet;
    private ManagedChannel channel;

    Desk() {
        this(Optional.empty());
    }

    Desk(Optional<String> token) {
        this.token = token;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        fleet = new Fleet(Duration.ofMillis(20), Duration.ofMillis(20));
        int port = fleet.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "amber", token)
                .port();
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        fleet.close();
    }

    Fleet fleet() {
        return fleet;
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Blocking calls, none of which may take longer than five seconds. */
    OrderServiceGrpc.OrderServiceBlockingStub calls() {
        return OrderServiceGrpc.newBlockingStub(channel).withDeadlineAfter(5, TimeUnit.SECONDS);
    }

    OrderServiceGrpc.OrderServiceStub streams() {
        return OrderServiceGrpc.newStub(channel).withDeadlineAfter(5, TimeUnit.SECONDS);
    }

    static CreateOrderRequest order(String customerId) {
        return CreateOrderRequest.newBuilder()
                .setCustomerId(customerId)
                .addItems(item("teapot", 2, 34.5))
                .addItems(item("pencil", 3, 0.1))
                .build();
    }

    static LineItem item(String productId, int quantity, double unitPrice) {
        return LineItem.newBuilder()
                .setProductId(productId)
                .setQuantity(quantity)
                .setUnitPrice(unitPrice)
                .build();
    }

    /** The google.rpc.Status that the trailers carried. */
    static Status details(StatusRuntimeException refusal) {
        Status status = StatusProto.fromThrowable(refusal);
        if (status == null || status.getDetailsCount() != 1) {
            throw new AssertionError("expected one detail: " + status, refusal);
        }
        return status;
    }
}
