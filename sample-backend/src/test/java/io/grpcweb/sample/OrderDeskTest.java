package io.grpcweb.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrderDeskTest {
    @Test
    void theOldestOrderLeavesAFullDesk() {
        try (Fleet fleet = new Fleet(Duration.ofMinutes(1), Duration.ofMinutes(1))) {
            fleet.addSampleOrders(OrderDesk.MAX_ORDERS + 1, "amber");
            assertThat(fleet.desk().list("", 0)).hasSize(OrderDesk.MAX_ORDERS);
            assertThat(fleet.desk().find("order-1001")).isEmpty();
            assertThat(fleet.desk().find("order-1002")).isPresent();
        }
    }

    @Test
    void sumsAreExactInCents() {
        assertThat(OrderDesk.total(List.of(Desk.item("pencil", 3, 0.1)))).isEqualTo(0.3);
        assertThat(OrderDesk.total(List.of())).isEqualTo(0.0);
    }
}
