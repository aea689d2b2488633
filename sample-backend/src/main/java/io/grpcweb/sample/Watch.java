package io.grpcweb.sample;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpcweb.sample.order.OrderEvent;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The answer of {@code WatchOrders}: the desk's events, until the caller goes away. Events wait here while the transport
 * is full; a reader that falls {@link #MAX_WAITING} behind is sent away rather than fed for ever.
 */
final class Watch implements Consumer<OrderEvent> {
    static final int MAX_WAITING = 1_000;

    private final ServerCallStreamObserver<OrderEvent> answer;
    private final OrderDesk desk;
    private final String customerId;
    private final String instance;
    private final Consumer<Watch> whenDone;
    private final Queue<OrderEvent> waiting = new ArrayDeque<>();
    private boolean done;

    Watch(
            ServerCallStreamObserver<OrderEvent> answer,
            OrderDesk desk,
            String customerId,
            String instance,
            Consumer<Watch> whenDone) {
        this.answer = answer;
        this.desk = desk;
        this.customerId = customerId;
        this.instance = instance;
        this.whenDone = whenDone;
    }

    /** Says at once that it listens: gRPC sends no headers before the first message, and the caller wants to see some. */
    synchronized void start() {
        answer.setOnCancelHandler(this::end);
        answer.setOnReadyHandler(this::sendWhileReady);
        waiting.add(OrderEvent.newBuilder()
                .setKind(OrderEvent.Kind.KIND_OPENED)
                .setInstance(instance)
                .build());
        desk.watch(this);
        sendWhileReady();
    }

    /** Called under the desk's lock; never blocks. */
    @Override
    public synchronized void accept(OrderEvent event) {
        if (done || !(customerId.isEmpty() || customerId.equals(event.getOrder().getCustomerId()))) {
            return;
        }
        if (waiting.size() == MAX_WAITING) {
            end(Status.RESOURCE_EXHAUSTED.withDescription("the watcher is " + MAX_WAITING + " events behind"));
            return;
        }
        waiting.add(event);
        sendWhileReady();
    }

    private synchronized void sendWhileReady() {
        while (!done && !waiting.isEmpty() && answer.isReady()) {
            answer.onNext(waiting.remove());
        }
    }

    /** The instance shuts down. */
    synchronized void close() {
        if (!done) {
            end(Status.UNAVAILABLE.withDescription(instance + " shuts down"));
        }
    }

    private void end(Status status) {
        end();
        answer.onError(status.asRuntimeException());
    }

    private synchronized void end() {
        done = true;
        waiting.clear();
        desk.unwatch(this);
        whenDone.accept(this);
    }
}
