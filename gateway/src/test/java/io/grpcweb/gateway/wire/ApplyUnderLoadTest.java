package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendProcess;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Load;
import io.grpcweb.gateway.testing.Setup;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A configuration twice a second under 300 calls a second and fifty long ones, every tenth with a mistake: routes, weights,
 * endpoints, cluster settings, filters and certificates change.
 */
@Tag("long")
@EnabledOnOs(OS.LINUX)
class ApplyUnderLoadTest {
    private static final Duration WHOLE = Duration.ofSeconds(Integer.getInteger("apply.seconds", 300));
    private static final Duration SETTLED = WHOLE.dividedBy(5);
    private static final int TOKENS = 30;
    private static final String LIMITED = "/limited.Service/Call";

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final AtomicInteger step = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicReference<Throwable> surprise = new AtomicReference<>();
    private final List<BackendProcess> backends = new ArrayList<>();
    private RunningGateway gateway;
    private Path folder;

    @AfterEach
    void stop() {
        clock.shutdownNow();
        if (gateway != null) {
            gateway.close();
        }
        backends.forEach(BackendProcess::close);
    }

    /** The configuration of a step. */
    private String conf(int n) {
        String one = n % 3 == 0
                ? backends.get(0).address()
                : backends.get(0).address() + "\", \"" + backends.get(1).address();
        String certificates = folder + (n % 2 == 0 ? "/even" : "/odd");
        return """
                error-format = envoy
                listeners.main {
                  listen = "127.0.0.1:0", access-log = []
                  filters = [cors, grpc-web, { type = grpc-stats, all-methods = %1$b }, { type = rate-limit, name = limit }, router]
                  routes = [
                    { path = "/limited.Service/Call", respond { status = 200 }, filters { limit { type = rate-limit
                      bucket { max = %2$d, fill = 1, interval = 24h } } } }
                    { path = "/step/%3$d", respond { status = 200 } }
                    { prefix = "/", clusters = [{ name = one, weight = %4$d }, { name = two, weight = 2 }], timeout = %5$ds }
                  ]
                }
                listeners.tls {
                  listen = "127.0.0.1:0", access-log = []
                  tls { certificate = "%6$s.pem", key = "%6$s.key" }
                  routes = [{ prefix = "/", respond.status = 200 }]
                }
                clusters.one { endpoints = ["%7$s"], connect-timeout = %8$ds }
                clusters.two { endpoints = ["%9$s"] }
                %10$s
                """.formatted(
                        n % 2 == 0,
                        TOKENS,
                        n,
                        1 + n % 3,
                        30 + n % 2,
                        certificates,
                        one,
                        5 + n % 7 / 6,
                        backends.get(1).address(),
                        n % 5 == 0 ? "clusters.extra { endpoints = [\"127.0.0.1:1\"] }" : "");
    }

    private void next() {
        int n = step.incrementAndGet();
        try {
            if (n % 10 == 0) {
                try {
                    gateway.apply(Configs.parse(conf(n) + "nonsense = 1\n", "broken.conf"));
                } catch (ConfigException e) {
                    refused.incrementAndGet();
                }
            } else if (n % 10 == 5) {
                try {
                    gateway.apply(Setup.parse(conf(n) + "listeners.taken { listen = \"0.0.0.0:" + gateway.port()
                            + "\", routes = [{ prefix = \"/\", respond.status = 200 }] }\n"));
                } catch (IOException e) {
                    refused.incrementAndGet();
                }
            } else {
                gateway.apply(Setup.parse(conf(n)));
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            surprise.compareAndSet(null, e);
        }
    }

    @Test
    void nothingIsLostAndNothingGrows(@TempDir Path files, @TempDir Path even, @TempDir Path odd) throws Exception {
        folder = files;
        List<Certificates> certificates = List.of(new Certificates(even), new Certificates(odd));
        for (int i = 0; i < 2; i++) {
            Files.writeString(
                    files.resolve(i == 0 ? "even.pem" : "odd.pem"),
                    certificates.get(i).chain());
            Files.writeString(
                    files.resolve(i == 0 ? "even.key" : "odd.key"),
                    certificates.get(i).key());
            backends.add(new BackendProcess(files));
        }
        gateway = RunningGateway.of(Setup.parse(conf(0)), 2);
        AtomicInteger handshakes = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger limited = new AtomicInteger();
        long began = System.nanoTime();
        Holdings before;
        try (Load calls = new Load(gateway.port(), "/test.Backend/Answer", 300, number -> "call" + number + " 10");
                Load streams =
                        new Load(gateway.port(), "/test.Backend/Answer", 10, number -> "stream" + number + " 5000")) {
            clock.scheduleWithFixedDelay(this::next, 500, 500, TimeUnit.MILLISECONDS);
            clock.scheduleWithFixedDelay(() -> handshake(certificates, handshakes), 100, 100, TimeUnit.MILLISECONDS);
            clock.scheduleWithFixedDelay(() -> take(taken, limited), 200, 200, TimeUnit.MILLISECONDS);
            before = after(began, SETTLED);
            Holdings later = after(began, WHOLE);
            assertThat(surprise.get()).isNull();
            assertThat(Load.failed(calls.end())).isEmpty();
            assertThat(Load.failed(streams.end())).isEmpty();
            assertThat(later.threads).isLessThanOrEqualTo(before.threads + 3);
            assertThat(later.descriptors).isLessThanOrEqualTo(before.descriptors + 100);
            assertThat(later.series).isLessThanOrEqualTo(before.series + 20);
            assertThat(later.heap).isLessThanOrEqualTo(before.heap + (16L << 20));
        }
        clock.shutdown();
        assertThat(step.get()).isGreaterThan((int) WHOLE.toSeconds());
        assertThat(refused.get()).isEqualTo(step.get() / 10 + (step.get() + 5) / 10);
        assertThat(handshakes.get()).isGreaterThan((int) WHOLE.toSeconds());
        assertThat(taken.get()).isEqualTo(TOKENS);
        assertThat(limited.get()).isPositive();
    }

    /** What the process holds. */
    private record Holdings(long heap, int threads, long descriptors, int series) {}

    private Holdings after(long began, Duration time) {
        Awaitility.await()
                .atMost(time.plusSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> surprise.get() != null || System.nanoTime() - began > time.toNanos());
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        // The threads of the client that calls come and go.
        int threads = (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().contains("HttpClient"))
                .count();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return new Holdings(heap, threads, open.count(), gateway.series());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void handshake(List<Certificates> certificates, AtomicInteger done) {
        boolean any = false;
        for (Certificates one : certificates) {
            try (var socket = one.connect(gateway.port(1), "h2")) {
                any |= socket.getSession().isValid();
            } catch (IOException e) {
                // The other one is in force.
            }
        }
        if (any) {
            done.incrementAndGet();
        }
    }

    private void take(AtomicInteger taken, AtomicInteger limited) {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            BrowserCall call = browser.call(LIMITED, "content-type", "text/plain");
            call.end();
            (call.answer().status() == 200 ? taken : limited).incrementAndGet();
        } catch (RuntimeException | AssertionError e) {
            surprise.compareAndSet(null, e);
        }
    }
}
