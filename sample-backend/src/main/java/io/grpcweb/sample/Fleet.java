package io.grpcweb.sample;

import io.grpcweb.sample.order.CreateOrderRequest;
import io.grpcweb.sample.order.LineItem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Instances that share one desk, and the clock that moves its orders along. */
final class Fleet implements AutoCloseable {
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "order-clock");
        thread.setDaemon(true);
        return thread;
    });
    private final OrderDesk desk;
    private final List<Backend> backends = new ArrayList<>();

    Fleet(Duration confirmAfter, Duration shipAfter) {
        // The timer of a cancelled call leaves at once, not when it would have run.
        clock.setRemoveOnCancelPolicy(true);
        desk = new OrderDesk(clock, confirmAfter, shipAfter);
    }

    /** Starts one more instance; it may share nothing but the desk with the others. */
    Backend add(InetSocketAddress address, String name, Optional<String> token) throws IOException {
        Backend backend = new Backend(address, name, token, desk, clock).start();
        backends.add(backend);
        return backend;
    }

    /** Puts orders on the desk, so that a list has something to show. */
    void addSampleOrders(int count, String instance) {
        List<String> customers = List.of("ada", "grace", "edsger", "barbara");
        List<LineItem> goods = List.of(
                item("teapot", 1, 34.5), item("notebook", 3, 4.2), item("desk-lamp", 1, 59.9), item("pencil", 12, 0.8));
        for (int i = 0; i < count; i++) {
            desk.take(
                    CreateOrderRequest.newBuilder()
                            .setCustomerId(customers.get(i % customers.size()))
                            .addItems(goods.get(i % goods.size()))
                            .addItems(goods.get((i + 1) % goods.size()))
                            .build(),
                    instance);
        }
    }

    OrderDesk desk() {
        return desk;
    }

    /** Delayed answers, ticking lists and orders that are still to be confirmed or shipped. */
    int waitingTimers() {
        return clock.getQueue().size();
    }

    List<Backend> backends() {
        return List.copyOf(backends);
    }

    @Override
    public void close() {
        backends.parallelStream().forEach(Backend::close);
        clock.shutdownNow();
    }

    private static LineItem item(String productId, int quantity, double unitPrice) {
        return LineItem.newBuilder()
                .setProductId(productId)
                .setQuantity(quantity)
                .setUnitPrice(unitPrice)
                .build();
    }
}
