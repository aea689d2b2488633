package io.grpcweb.gateway.upstream.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.upstream.host.HostKey;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Addresses are tried by a script; time passes when the test says so. */
final class AddressRaceTest {
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final Map<String, Runner> runners = new LinkedHashMap<>();
    private final List<String> events = new ArrayList<>();

    /** Says what it is told to do. */
    private final class Runner implements AddressRace.Runner {
        private final String name;

        Runner(String name) {
            this.name = name;
        }

        @Override
        public void start() {
            events.add("start " + name);
        }

        @Override
        public void stop() {
            events.add("stop " + name);
        }
    }

    private static List<SocketAddress> addresses(String... texts) {
        return Stream.of(texts)
                .<SocketAddress>map(text -> new InetSocketAddress(text, 80))
                .toList();
    }

    private static String name(SocketAddress address) {
        return HostKey.of(address).replace(":80", "");
    }

    private AddressRace begin(String... texts) {
        AddressRace race = new AddressRace(
                addresses(texts), address -> runners.computeIfAbsent(name(address), Runner::new), clock.eventLoop());
        clock.freezeTime();
        race.begin();
        return race;
    }

    private void pass(long millis) {
        clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
    }

    @Test
    void familiesTakeTurnsAndTheFirstStaysFirst() {
        assertThat(AddressRace.inTurn(addresses("10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1")))
                .extracting(AddressRaceTest::name)
                .containsExactly("10.0.0.1", "[fd00::1]", "10.0.0.2", "10.0.0.3");
        assertThat(AddressRace.inTurn(addresses("fd00::1", "fd00::2", "10.0.0.1", "fd00::1")))
                .extracting(AddressRaceTest::name)
                .containsExactly("[fd00::1]", "10.0.0.1", "[fd00::2]");
    }

    @Test
    void theNextOneBeginsAfter300Milliseconds() {
        begin("10.0.0.1", "10.0.0.2", "10.0.0.3");
        pass(299);
        assertThat(events).containsExactly("start 10.0.0.1");
        pass(1);
        assertThat(events).containsExactly("start 10.0.0.1", "start 10.0.0.2");
        pass(300);
        assertThat(events).containsExactly("start 10.0.0.1", "start 10.0.0.2", "start 10.0.0.3");
        pass(1000);
        assertThat(events).hasSize(3);
    }

    @Test
    void theNextOneBeginsAtOnceWhenOneHasFailed() {
        AddressRace race = begin("10.0.0.1", "10.0.0.2", "10.0.0.3");
        pass(100);
        assertThat(race.failed(runners.get("10.0.0.1"))).isFalse();
        assertThat(events).containsExactly("start 10.0.0.1", "start 10.0.0.2");
        // Its 300 ms begin with it.
        pass(299);
        assertThat(events).hasSize(2);
        pass(1);
        assertThat(events).hasSize(3);
    }

    @Test
    void theFirstThatIsConnectedWinsAndTheOthersAreGivenUp() {
        AddressRace race = begin("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
        pass(300);
        pass(300);
        events.clear();
        race.won(runners.get("10.0.0.2"));
        assertThat(events).containsExactly("stop 10.0.0.1", "stop 10.0.0.3");
        // Those that were given up end, too, and that means nothing.
        assertThat(race.failed(runners.get("10.0.0.1"))).isFalse();
        assertThat(race.failed(runners.get("10.0.0.3"))).isFalse();
        pass(1000);
        assertThat(events).hasSize(2);
    }

    @Test
    void itIsLostWhenTheLastOneHasFailed() {
        AddressRace race = begin("10.0.0.1", "10.0.0.2");
        pass(300);
        assertThat(race.failed(runners.get("10.0.0.2"))).isFalse();
        assertThat(race.failed(runners.get("10.0.0.1"))).isTrue();
        assertThat(begin("10.0.0.9").failed(runners.get("10.0.0.9"))).isTrue();
    }

    @Test
    void whenItIsEndedNothingGoesOn() {
        AddressRace race = begin("10.0.0.1", "10.0.0.2", "10.0.0.3");
        pass(300);
        events.clear();
        race.end();
        pass(1000);
        assertThat(events).containsExactly("stop 10.0.0.1", "stop 10.0.0.2");
        assertThat(race.failed(runners.get("10.0.0.1"))).isFalse();
    }
}
