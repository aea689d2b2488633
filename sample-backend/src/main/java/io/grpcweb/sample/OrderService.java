package io.grpcweb.sample;

import com.google.rpc.BadRequest.FieldViolation;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.grpcweb.sample.order.ChatMessage;
import io.grpcweb.sample.order.CreateOrderRequest;
import io.grpcweb.sample.order.GetOrderRequest;
import io.grpcweb.sample.order.LineItem;
import io.grpcweb.sample.order.ListOrdersRequest;
import io.grpcweb.sample.order.Order;
import io.grpcweb.sample.order.OrderEvent;
import io.grpcweb.sample.order.OrderServiceGrpc;
import io.grpcweb.sample.order.UploadSummary;
import io.grpcweb.sample.order.WatchOrdersRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One instance's counter at the {@link OrderDesk}. Waiting is done by timers, which a cancelled call stops. */
final class OrderService extends OrderServiceGrpc.OrderServiceImplBase {
    /** The longest pause a request may ask for, in {@code delay_ms} and {@code interval_ms}. */
    static final int MAX_PAUSE_MS = 60_000;

    private final OrderDesk desk;
    private final String instance;
    private final ScheduledExecutorService clock;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    OrderService(OrderDesk desk, String instance, ScheduledExecutorService clock) {
        this.desk = desk;
        this.instance = instance;
        this.clock = clock;
    }

    @Override
    public void createOrder(CreateOrderRequest request, StreamObserver<Order> answer) {
        List<FieldViolation> faults = Refusal.faults(request);
        if (!faults.isEmpty()) {
            answer.onError(Refusal.invalid(faults));
            return;
        }
        answer.onNext(desk.take(request, instance));
        answer.onCompleted();
    }

    @Override
    public void getOrder(GetOrderRequest request, StreamObserver<Order> answer) {
        Optional<FieldViolation> fault = pauseFault("delay_ms", request.getDelayMs());
        if (fault.isPresent()) {
            answer.onError(Refusal.invalid(List.of(fault.get())));
        } else if (request.getDelayMs() == 0) {
            find(request.getId(), answer);
        } else {
            var call = (ServerCallStreamObserver<Order>) answer;
            ScheduledFuture<?> wait = clock.schedule(
                    () -> {
                        // A call that ended while this was about to run has nobody to answer.
                        if (!call.isCancelled()) {
                            find(request.getId(), answer);
                        }
                    },
                    request.getDelayMs(),
                    TimeUnit.MILLISECONDS);
            // Runs when the client goes away and when the deadline passes alike.
            call.setOnCancelHandler(() -> wait.cancel(false));
        }
    }

    private void find(String id, StreamObserver<Order> answer) {
        Optional<Order> order = desk.find(id);
        if (order.isEmpty()) {
            answer.onError(Refusal.unknownOrder(id));
            return;
        }
        answer.onNext(order.get());
        answer.onCompleted();
    }

    @Override
    public void listOrders(ListOrdersRequest request, StreamObserver<Order> answer) {
        Optional<FieldViolation> fault = pauseFault("interval_ms", request.getIntervalMs());
        if (fault.isEmpty() && request.getLimit() < 0) {
            fault = Optional.of(Refusal.fault("limit", "is " + request.getLimit() + ", must be 0 or more"));
        }
        if (fault.isPresent()) {
            answer.onError(Refusal.invalid(List.of(fault.get())));
            return;
        }
        List<Order> orders = desk.list(request.getCustomerId(), request.getLimit());
        new OrderStream((ServerCallStreamObserver<Order>) answer, orders.iterator(), request.getIntervalMs(), clock)
                .start();
    }

    @Override
    public void watchOrders(WatchOrdersRequest request, StreamObserver<OrderEvent> answer) {
        var call = (ServerCallStreamObserver<OrderEvent>) answer;
        Watch watch = new Watch(call, desk, request.getCustomerId(), instance, watches::remove);
        watches.add(watch);
        watch.start();
    }

    /** Tells those who watch that this instance goes away, so that they can ask another one. */
    void closeWatches() {
        watches.forEach(Watch::close);
    }

    @Override
    public StreamObserver<LineItem> uploadLineItems(StreamObserver<UploadSummary> answer) {
        return new Upload(answer);
    }

    @Override
    public StreamObserver<ChatMessage> orderChat(StreamObserver<ChatMessage> answer) {
        return new Chat(answer, desk, instance);
    }

    private static Optional<FieldViolation> pauseFault(String field, int pauseMs) {
        return pauseMs >= 0 && pauseMs <= MAX_PAUSE_MS
                ? Optional.empty()
                : Optional.of(Refusal.fault(field, "is " + pauseMs + ", must be 0 to " + MAX_PAUSE_MS));
    }
}
