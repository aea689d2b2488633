package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.source.xds.proto.DiscoveryRequest;
import io.grpcweb.gateway.testing.BackendProcess;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Load;
import io.grpcweb.gateway.testing.PlaneResources;
import io.grpcweb.gateway.testing.ProtoBytes;
import io.grpcweb.gateway.testing.ScriptedPlane;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A control plane that never rests, under 300 calls a second and fifty long ones: first the endpoints change five hundred times in
 * ten seconds, then clusters, endpoints, routes, listeners and secrets in turn, each change when the one before is acknowledged.
 */
@Tag("long")
@EnabledOnOs(OS.LINUX)
class PlaneChurnTest {
    private static final int ENDPOINT_CHANGES = 500;
    private static final int CHANGES_A_SECOND = 50;
    private static final Duration MIXED = Duration.ofSeconds(Integer.getInteger("churn.seconds", 60));

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private final AtomicInteger version = new AtomicInteger(1);
    private RunningGateway gateway;
    private Endpoint one;
    private Endpoint two;

    @AfterEach
    void stop() {
        clock.shutdownNow();
        if (gateway != null) {
            gateway.close();
        }
    }

    private ProtoBytes[] endpoints(int n) {
        List<Endpoint> some =
                switch (n % 3) {
                    case 0 -> List.of(one);
                    case 1 -> List.of(one, two);
                    default -> List.of(two);
                };
        return new ProtoBytes[] {PlaneResources.assignment("echo", some)};
    }

    private ProtoBytes[] listeners(int n) {
        ProtoBytes web = PlaneResources.idleListener("web", 300 + n % 2);
        ProtoBytes tls = PlaneResources.tlsListener("tls", "server");
        return n % 3 == 0 ? new ProtoBytes[] {web, tls, PlaneResources.listener("more")} : new ProtoBytes[] {web, tls};
    }

    private void serve(ScriptedPlane plane, List<Certificates> certificates) throws InterruptedException {
        plane.request(ResourceType.CLUSTER);
        plane.send(ResourceType.CLUSTER, "1", PlaneResources.cluster("echo"));
        plane.request(ResourceType.ENDPOINTS);
        plane.send(ResourceType.ENDPOINTS, "1", endpoints(1));
        plane.request(ResourceType.LISTENER);
        plane.send(ResourceType.LISTENER, "1", listeners(1));
        // What the listeners need is asked for before they are acknowledged.
        plane.request(ResourceType.LISTENER);
        plane.send(ResourceType.SECRET, "1", PlaneResources.secret("server", certificates.get(0)));
        plane.send(ResourceType.ROUTES, "1", PlaneResources.routes("main", "/", "echo"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Http1Browser.once(gateway.adminPort(), "GET", "/ready", "host", "admin")
                                .status()
                        == 200);
    }

    /** Of a listener, whichever became active first. */
    private int port(String listener) {
        String page = Http1Browser.once(gateway.adminPort(), "GET", "/listeners", "host", "admin")
                .text();
        Matcher line = Pattern.compile("(?m)^" + listener + "::.*:(\\d+)$").matcher(page);
        assertThat(line.find()).as(page).isTrue();
        return Integer.parseInt(line.group(1));
    }

    /** Sends it and waits until it is acknowledged; a refusal fails. */
    private void change(ScriptedPlane plane, ResourceType type, ProtoBytes... resources) throws InterruptedException {
        String next = Integer.toString(version.incrementAndGet());
        plane.send(type, next, resources);
        DiscoveryRequest answer;
        do {
            answer = plane.request(type);
            assertThat(answer.getErrorDetail().getMessage()).isEmpty();
        } while (!answer.getVersionInfo().equals(next));
    }

    private void mixed(ScriptedPlane plane, List<Certificates> certificates, int n) throws InterruptedException {
        switch (n % 5) {
            case 0 -> change(plane, ResourceType.CLUSTER, PlaneResources.cluster("echo", 5 + n % 2));
            case 1 -> change(plane, ResourceType.ENDPOINTS, endpoints(n / 5));
            case 2 ->
                change(plane, ResourceType.ROUTES, PlaneResources.routes("main", n % 2 == 0 ? "/" : "/test", "echo"));
            case 3 -> change(plane, ResourceType.LISTENER, listeners(n / 5));
            default ->
                change(
                        plane,
                        ResourceType.SECRET,
                        PlaneResources.secret("server", certificates.get(n % certificates.size())));
        }
    }

    @Test
    void nothingIsLostAndNothingGrows(@TempDir Path files, @TempDir Path even, @TempDir Path odd, TestReporter report)
            throws Exception {
        List<Certificates> certificates = List.of(new Certificates(even), new Certificates(odd));
        try (BackendProcess first = new BackendProcess(files);
                BackendProcess second = new BackendProcess(files);
                ScriptedPlane plane = new ScriptedPlane()) {
            one = Endpoint.parse(first.address()).orElseThrow();
            two = Endpoint.parse(second.address()).orElseThrow();
            gateway = RunningGateway.of(PlaneResources.bootstrap(plane.port(), "GRPC", "15s"), 2);
            serve(plane, certificates);
            // A first round of everything loads what there is to load.
            for (int n = 0; n < 30; n++) {
                mixed(plane, certificates, n);
            }
            int web = port("web");
            try (Load calls = new Load(web, "/test.Backend/Answer", 300, number -> "call" + number + " 10");
                    Load streams = new Load(web, "/test.Backend/Answer", 10, number -> "stream" + number + " 5000")) {
                calls.awaitEnds(1000);
                int warm = calls.begun();
                calls.awaitEnds(3000);
                int quiet = calls.begun();
                Holdings before = holdings();
                fast(plane);
                int endpoints = calls.begun();
                long end = System.nanoTime() + MIXED.toNanos();
                int changes = 0;
                while (System.nanoTime() < end) {
                    mixed(plane, certificates, changes++);
                }
                assertThat(changes).isGreaterThan((int) MIXED.toSeconds());
                // One that is left from the changes is left for good.
                change(plane, ResourceType.LISTENER, listeners(1));
                calls.awaitEnds(1000);
                Holdings after = holdings();
                List<Load.Outcome> all = calls.end();
                report.publishEntry(
                        "99 of 100 calls end within",
                        "%s without changes, %s while endpoints change, %s while everything does"
                                .formatted(
                                        Load.p99(all, warm, quiet),
                                        Load.p99(all, quiet, endpoints),
                                        Load.p99(all, endpoints, all.size())));
                assertThat(Load.failed(all)).isEmpty();
                assertThat(Load.failed(streams.end())).isEmpty();
                assertThat(after.threads).isLessThanOrEqualTo(before.threads + 3);
                assertThat(after.descriptors).isLessThanOrEqualTo(before.descriptors + 100);
                assertThat(after.series).isLessThanOrEqualTo(before.series + 20);
                assertThat(after.heap).isLessThanOrEqualTo(before.heap + (24L << 20));
            }
        }
    }

    /** Endpoints alone, and nobody waits for an acknowledgement. */
    private void fast(ScriptedPlane plane) throws InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        var sending = clock.scheduleAtFixedRate(
                () -> {
                    if (sent.getAndIncrement() < ENDPOINT_CHANGES) {
                        plane.send(
                                ResourceType.ENDPOINTS,
                                Integer.toString(version.incrementAndGet()),
                                endpoints(sent.get()));
                    }
                },
                0,
                1_000_000 / CHANGES_A_SECOND,
                TimeUnit.MICROSECONDS);
        await().atMost(Duration.ofSeconds(60)).until(() -> sent.get() > ENDPOINT_CHANGES);
        sending.cancel(false);
        String last = Integer.toString(version.get());
        while (!plane.request(ResourceType.ENDPOINTS).getVersionInfo().equals(last)) {
            // Those before it.
        }
    }

    /** What the process holds. */
    private record Holdings(long heap, int threads, long descriptors, int series) {}

    private Holdings holdings() throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        // The threads of the client that calls come and go.
        int threads = (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().contains("HttpClient"))
                .count();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return new Holdings(heap, threads, open.count(), gateway.series());
        }
    }
}
