package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ExchangeTimersTest {
    private static final long HOUR = 3_600_000_000_000L;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ExchangeTimers timers = new ExchangeTimers(channel.eventLoop());
    private final List<String> answered = new ArrayList<>();

    private Exchange exchange(String name, long limitNanos) throws Exception {
        Exchange exchange = FakeExchange.of(
                new StreamInfo(new ConnectionInfo(1, "web", null, null, null, null), System.nanoTime()), timers);
        HttpFilter room = new HttpFilter() {
            @Override
            public void responseHead(Http2Headers head, boolean end) {
                answered.add(name);
                exchange.end();
            }

            @Override
            public void cancel() {}
        };
        exchange.chain(room, room);
        exchange.timer().streamLimit(limitNanos);
        exchange.timer().start();
        return exchange;
    }

    private long untilNext() {
        return channel.runScheduledPendingTasks();
    }

    @Test
    void onlyTheExchangesThatAreDueEnd() throws Exception {
        exchange("first", HOUR);
        exchange("late", 0);
        exchange("last", HOUR);
        Awaitility.await().until(() -> untilNext() > HOUR / 2);
        assertThat(answered).containsExactly("late");
    }

    @Test
    void theTaskOfOneExchangeServesTheNext() throws Exception {
        exchange("one", HOUR).end();
        long before = untilNext();
        exchange("two", 2 * HOUR);
        assertThat(untilNext()).isPositive().isLessThanOrEqualTo(before);
    }

    @Test
    void anEarlierDeadlineIsServedEarlier() throws Exception {
        exchange("patient", 2 * HOUR);
        exchange("hasty", HOUR);
        assertThat(untilNext()).isPositive().isLessThanOrEqualTo(HOUR);
    }

    @Test
    void nothingIsLeftOfAConnectionThatIsGone() throws Exception {
        exchange("one", HOUR);
        timers.stop();
        assertThat(untilNext()).isEqualTo(-1);
    }
}
