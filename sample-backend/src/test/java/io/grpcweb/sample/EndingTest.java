package io.grpcweb.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpcweb.sample.order.GetOrderRequest;
import io.grpcweb.sample.order.ListOrdersRequest;
import io.grpcweb.sample.order.Order;
import io.grpcweb.sample.order.OrderEvent;
import io.grpcweb.sample.order.WatchOrdersRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that end early leave nothing behind: no watcher, no timer. */
final class EndingTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @RegisterExtension
    final Desk desk = new Desk();

    @Test
    void aCancelledWatchLeavesTheDesk() throws Exception {
        Inbox<WatchOrdersRequest, OrderEvent> watch = new Inbox<>();
        desk.streams().watchOrders(WatchOrdersRequest.getDefaultInstance(), watch);
        assertThat(watch.next().getInstance()).isEqualTo("amber");
        assertThat(desk.fleet().desk().watcherCount()).isEqualTo(1);

        watch.cancel();
        await().atMost(LIMIT).until(() -> desk.fleet().desk().watcherCount() == 0);
    }

    @Test
    void aDeadlinePassesWhileTheAnswerIsDelayedAndTheTimerGoes() {
        GetOrderRequest slow = GetOrderRequest.newBuilder().setDelayMs(60_000).build();
        assertThatThrownBy(() -> desk.calls()
                        .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                        .getOrder(slow))
                .hasMessageStartingWith("DEADLINE_EXCEEDED");
        await().atMost(LIMIT).until(() -> desk.fleet().waitingTimers() == 0);
    }

    @Test
    void aDelayWithinTheDeadlineIsOnlyADelay() {
        Order order = desk.calls().createOrder(Desk.order("ada"));
        Order found = desk.calls()
                .getOrder(GetOrderRequest.newBuilder()
                        .setId(order.getId())
                        .setDelayMs(50)
                        .build());
        assertThat(found.getId()).isEqualTo(order.getId());
    }

    @Test
    void aCancelledSlowListStopsItsTimer() throws Exception {
        desk.fleet().addSampleOrders(3, "amber");
        await().atMost(LIMIT).until(() -> desk.fleet().waitingTimers() == 0);
        Inbox<ListOrdersRequest, Order> list = new Inbox<>();
        desk.streams()
                .listOrders(ListOrdersRequest.newBuilder().setIntervalMs(400).build(), list);
        assertThat(list.next().getId()).isEqualTo("order-1001");

        list.cancel();
        await().atMost(LIMIT).until(() -> desk.fleet().waitingTimers() == 0);
    }

    @Test
    void aWatchIsToldThatItsBackendCloses() throws Exception {
        Inbox<WatchOrdersRequest, OrderEvent> watch = new Inbox<>();
        desk.streams().watchOrders(WatchOrdersRequest.getDefaultInstance(), watch);
        assertThat(watch.next().getInstance()).isEqualTo("amber");
        desk.fleet().close();
        assertThatThrownBy(watch::rest).hasMessageContaining("UNAVAILABLE: amber shuts down");
    }
}
