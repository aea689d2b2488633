package io.grpcweb.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.OverloadConfig;
import io.grpcweb.gateway.config.OverloadConfig.Action;
import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Monitor;
import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.config.OverloadConfig.Resource;
import io.grpcweb.gateway.config.OverloadConfig.ShedPoint;
import io.grpcweb.gateway.config.OverloadConfig.Trigger;
import io.grpcweb.gateway.stats.Stat;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.testing.LogWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverloadTest {
    @TempDir
    private Path folder;

    private final Load load = new Load();
    private final Stats stats = new Stats();
    private final List<String> done = new ArrayList<>();
    private Path file;
    private Overload overload;

    private final Overload.Relief relief = new Overload.Relief() {
        @Override
        public void accept(boolean accepts) {
            done.add("accept " + accepts);
        }

        @Override
        public void timersChanged() {
            done.add("timers");
        }

        @Override
        public void resetStreams(long bytes, int most) {
            done.add("reset " + bytes + ", " + most);
        }

        @Override
        public void shrinkHeap() {
            done.add("shrink");
        }
    };

    @BeforeEach
    void start() {
        file = folder.resolve("pressure");
        List<Action> actions = Stream.of(Kind.values())
                .map(kind -> new Action(kind, List.of(new Trigger("it", 0.5, 0.9))))
                .toList();
        OverloadConfig config = new OverloadConfig(
                Duration.ofSeconds(1),
                List.of(new Monitor("it", Resource.FILE, 0, file.toString())),
                actions,
                List.of(new ShedPoint(Place.ACCEPT, List.of(new Trigger("it", 0.8, 0.8)))),
                List.of(),
                10);
        overload = new Overload(config, load, relief, stats.overload());
    }

    private void read(String pressure) throws IOException {
        Files.writeString(file, pressure);
        overload.run();
    }

    private String stat(String name) {
        Stat stat = stats.byName().get("overload." + name);
        return stat == null ? "none" : Long.toString(stat.value().getAsLong());
    }

    @Test
    void nothingIsDoneUpToTheFirstThreshold() throws IOException {
        read("0.5");
        assertThat(done).isEmpty();
        assertThat(load.of(Kind.STOP_ACCEPTING_REQUESTS)).isZero();
        assertThat(load.sheds(Place.ACCEPT)).isFalse();
        assertThat(stat("it.pressure")).isEqualTo("50");
    }

    @Test
    void inBetweenIsDoneInPart() throws IOException {
        read("0.72");
        assertThat(load.of(Kind.STOP_ACCEPTING_REQUESTS)).isBetween(0.54, 0.56);
        // More than half of eight kinds, so five: those of 2^(10 + 8 - 5) bytes and more.
        assertThat(done).containsExactly("timers", "reset 8192, 50");
        assertThat(stat("envoy.overload_actions.reduce_timeouts.active")).isEqualTo("0");
        assertThat(stat("envoy.overload_actions.reduce_timeouts.scale_percent")).isBetween("54", "55");
    }

    @Test
    void whollyIsDoneOnceAndIsOverWhenThePressureIs() throws IOException {
        try (LogWatch log = new LogWatch()) {
            read("0.95");
            assertThat(done).containsExactly("accept false", "timers", "reset 1024, 50", "shrink");
            read("0.96");
            assertThat(done.subList(4, done.size())).containsExactly("reset 1024, 50");
            assertThat(load.sheds(Place.ACCEPT)).isTrue();
            assertThat(stat("envoy.load_shed_points.tcp_listener_accept.shed_load_count"))
                    .isEqualTo("1");
            assertThat(stat("envoy.overload_actions.shrink_heap.shrink_count")).isEqualTo("1");
            assertThat(stat("envoy.overload_actions.stop_accepting_requests.active"))
                    .isEqualTo("1");
            read("0.1");
            assertThat(done.subList(5, done.size())).containsExactly("accept true", "timers");
            assertThat(load.sheds(Place.ACCEPT)).isFalse();
            assertThat(log.warnings())
                    .contains("overload: envoy.overload_actions.shrink_heap begins")
                    .contains("overload: envoy.overload_actions.shrink_heap is over");
        }
    }

    @Test
    void whatCannotBeReadKeepsItsLastValueAndIsSaidOnce() throws IOException {
        read("0.95");
        try (LogWatch log = new LogWatch()) {
            read("nonsense");
            read("nonsense");
            assertThat(load.of(Kind.STOP_ACCEPTING_REQUESTS)).isEqualTo(1);
            assertThat(stat("it.failed_updates")).isEqualTo("2");
            assertThat(log.warnings()).hasSize(1);
        }
    }
}
