package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendProcess;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Setup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL for one of three backends, each of which has 100 unary calls and 100 streams under way. */
@EnabledOnOs(OS.LINUX)
class KillTest {
    private static final int EACH = 100;

    /** A second, and some more for a machine that is busy. */
    private static final Duration AT_MOST = Duration.ofSeconds(1 + 10);

    @TempDir
    Path folder;

    private final List<BackendProcess> backends = new ArrayList<>();
    private final Map<String, BrowserCall> calls = new LinkedHashMap<>();

    @BeforeEach
    void start() {
        for (int i = 0; i < 3; i++) {
            backends.add(new BackendProcess(folder));
        }
    }

    @AfterEach
    void stop() {
        backends.forEach(BackendProcess::close);
    }

    private RunningGateway gateway(String route) {
        return RunningGateway.of(Setup.own(
                route,
                "breakers.normal.retries = 1000",
                backends.stream().map(BackendProcess::address).toArray(String[]::new)));
    }

    /** Begins calls that are held until the backends release them, and waits until all have begun there. */
    private void begin(Http2Browser browser) {
        for (int i = 0; i < 3 * EACH; i++) {
            calls.put("unary" + i, call(browser, "Hold", "unary" + i));
            calls.put("stream" + i, call(browser, "Stream", "stream" + i));
        }
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> begun() == calls.size());
    }

    private static BrowserCall call(Browser browser, String method, String name) {
        BrowserCall call = browser.call("/test.Backend/" + method, "content-type", "application/grpc-web+proto");
        call.send(Frames.message(name.getBytes(StandardCharsets.UTF_8)));
        call.end();
        return call;
    }

    private int begun() {
        return backends.stream().mapToInt(backend -> backend.journal().size()).sum();
    }

    /** The statuses of these calls, with how often each came. */
    private Map<String, Integer> statuses(Set<String> names) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String name : names) {
            Answer answer = calls.get(name).answer();
            counts.merge(answer.grpcStatus() == null ? answer.toString() : answer.grpcStatus(), 1, Integer::sum);
        }
        return counts;
    }

    private Set<String> others(Set<String> names) {
        Set<String> others = new HashSet<>(calls.keySet());
        others.removeAll(names);
        return others;
    }

    @Test
    void everyCallOnTheKilledBackendEndsAtOnceWithStatus14AndNoOtherNoticesIt() {
        try (RunningGateway gateway = gateway("");
                Http2Browser browser = new Http2Browser(gateway.port())) {
            begin(browser);
            Set<String> lost = Set.copyOf(backends.get(0).journal());
            assertThat(lost).hasSize(2 * EACH);

            long killed = System.nanoTime();
            backends.get(0).kill();
            Map<String, Integer> ends = statuses(lost);
            long took = System.nanoTime() - killed;

            assertThat(ends).isEqualTo(Map.of("14", 2 * EACH));
            assertThat(Duration.ofNanos(took)).isLessThan(AT_MOST);
            // New calls find another backend, although nobody has told that this one is gone.
            for (int i = 0; i < 6; i++) {
                String name = "after" + i;
                calls.put(name, call(browser, "Hold", name));
            }
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> begun() == calls.size());
            backends.get(1).release();
            backends.get(2).release();
            assertThat(statuses(others(lost))).isEqualTo(Map.of("0", 4 * EACH + 6));
        }
    }

    @Test
    void unaryCallsAreTriedAgainWhereThePolicyAllowsAndStreamsThatHaveBegunAreNot() {
        try (RunningGateway gateway = gateway("retry { on = [unavailable, reset, connect-failure], retries = 2 }");
                Http2Browser browser = new Http2Browser(gateway.port())) {
            begin(browser);
            Set<String> onKilled = Set.copyOf(backends.get(0).journal());
            Set<String> streams = new HashSet<>(onKilled);
            streams.removeIf(name -> !name.startsWith("stream"));
            // What has come of an answer is not asked for again.
            streams.forEach(name -> calls.get(name).status());

            backends.get(0).kill();

            assertThat(statuses(streams)).isEqualTo(Map.of("14", EACH));
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> backends.get(1).journal().size()
                                    + backends.get(2).journal().size()
                            == 5 * EACH);
            backends.get(1).release();
            backends.get(2).release();
            assertThat(statuses(others(streams))).isEqualTo(Map.of("0", 5 * EACH));
        }
    }
}
