package io.grpcweb.sample;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpcweb.sample.order.Order;
import java.util.Iterator;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The answer of {@code ListOrders}. At full speed it sends only while the transport takes more, so a slow reader costs
 * no memory; with an interval it sends one order per tick. Its lock serialises the timer and the transport's threads.
 */
final class OrderStream {
    private final ServerCallStreamObserver<Order> answer;
    private final Iterator<Order> orders;
    private final int intervalMs;
    private final ScheduledExecutorService clock;
    private Future<?> ticking;
    private boolean done;

    OrderStream(
            ServerCallStreamObserver<Order> answer,
            Iterator<Order> orders,
            int intervalMs,
            ScheduledExecutorService clock) {
        this.answer = answer;
        this.orders = orders;
        this.intervalMs = intervalMs;
        this.clock = clock;
    }

    synchronized void start() {
        answer.setOnCancelHandler(this::end);
        if (intervalMs == 0) {
            answer.setOnReadyHandler(this::sendWhileReady);
            sendWhileReady();
        } else {
            ticking = clock.scheduleAtFixedRate(this::tick, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void sendWhileReady() {
        while (!done && answer.isReady()) {
            sendOne();
        }
    }

    private synchronized void tick() {
        // A reader that is behind gets its order at a later tick.
        if (!done && answer.isReady()) {
            sendOne();
        }
    }

    private void sendOne() {
        if (orders.hasNext()) {
            answer.onNext(orders.next());
        }
        if (!orders.hasNext()) {
            end();
            answer.onCompleted();
        }
    }

    private synchronized void end() {
        done = true;
        if (ticking != null) {
            ticking.cancel(false);
        }
    }
}
