package io.grpcweb.sample;

import io.grpcweb.sample.order.CreateOrderRequest;
import io.grpcweb.sample.order.LineItem;
import io.grpcweb.sample.order.Order;
import io.grpcweb.sample.order.OrderEvent;
import io.grpcweb.sample.order.OrderStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The orders, in memory. Instances in one process share a desk as replicas share a database, so that any of them can
 * answer for an order that another one took. Safe for many threads: one lock, held for map look-ups only, except that
 * events are handed to the watchers under it so that all see them in one order; a watcher must not block.
 */
final class OrderDesk {
    /** The oldest order leaves when one more would not fit. */
    static final int MAX_ORDERS = 10_000;

    private final Map<String, Order> orders = new LinkedHashMap<>();
    private final List<Consumer<OrderEvent>> watchers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock;
    private final Duration confirmAfter;
    private final Duration shipAfter;
    private long lastNumber = 1000;
    private long lastEvent;

    OrderDesk(ScheduledExecutorService clock, Duration confirmAfter, Duration shipAfter) {
        this.clock = clock;
        this.confirmAfter = confirmAfter;
        this.shipAfter = shipAfter;
    }

    /** Takes a valid order at {@code instance}; it is confirmed and shipped as time passes. */
    synchronized Order take(CreateOrderRequest request, String instance) {
        Order order = Order.newBuilder()
                .setId("order-" + ++lastNumber)
                .setCustomerId(request.getCustomerId())
                .addAllItems(request.getItemsList())
                .setTotal(total(request.getItemsList()))
                .setStatus(OrderStatus.ORDER_STATUS_PENDING)
                .build();
        if (orders.size() == MAX_ORDERS) {
            Iterator<Order> oldestFirst = orders.values().iterator();
            oldestFirst.next();
            oldestFirst.remove();
        }
        orders.put(order.getId(), order);
        announce(OrderEvent.Kind.KIND_CREATED, order, instance);
        later(order.getId(), OrderStatus.ORDER_STATUS_CONFIRMED, instance, confirmAfter);
        later(order.getId(), OrderStatus.ORDER_STATUS_SHIPPED, instance, confirmAfter.plus(shipAfter));
        return order;
    }

    synchronized Optional<Order> find(String id) {
        return Optional.ofNullable(orders.get(id));
    }

    /** The orders of a customer, or all when the name is empty, oldest first; at most {@code limit} unless zero. */
    synchronized List<Order> list(String customerId, int limit) {
        List<Order> found = new ArrayList<>();
        for (Order order : orders.values()) {
            if (limit > 0 && found.size() == limit) {
                break;
            }
            if (customerId.isEmpty() || customerId.equals(order.getCustomerId())) {
                found.add(order);
            }
        }
        return found;
    }

    void watch(Consumer<OrderEvent> watcher) {
        watchers.add(watcher);
    }

    void unwatch(Consumer<OrderEvent> watcher) {
        watchers.remove(watcher);
    }

    int watcherCount() {
        return watchers.size();
    }

    /** Whole cents, so that 3 x 0.1 is 0.3 and not 0.30000000000000004. */
    static double total(Collection<LineItem> items) {
        BigDecimal sum = BigDecimal.ZERO;
        for (LineItem item : items) {
            sum = sum.add(BigDecimal.valueOf(item.getUnitPrice()).multiply(BigDecimal.valueOf(item.getQuantity())));
        }
        return sum.setScale(2, RoundingMode.HALF_UP).doubleValue();
    }

    private void later(String id, OrderStatus status, String instance, Duration delay) {
        var unused = clock.schedule(() -> advance(id, status, instance), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void advance(String id, OrderStatus status, String instance) {
        Order changed = orders.computeIfPresent(
                id, (key, order) -> order.toBuilder().setStatus(status).build());
        if (changed != null) {
            announce(OrderEvent.Kind.KIND_STATUS_CHANGED, changed, instance);
        }
    }

    private void announce(OrderEvent.Kind kind, Order order, String instance) {
        OrderEvent event = OrderEvent.newBuilder()
                .setKind(kind)
                .setOrder(order)
                .setInstance(instance)
                .setSequence(++lastEvent)
                .build();
        watchers.forEach(watcher -> watcher.accept(event));
    }
}
