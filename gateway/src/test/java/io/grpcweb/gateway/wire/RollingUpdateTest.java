package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendProcess;
import io.grpcweb.gateway.testing.Load;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.upstream.discovery.DnsServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rolling update as Kubernetes makes it behind a headless Service: one pod after another comes with an address of its own and
 * is named by DNS when it is ready; then an old one gets SIGTERM, says GOAWAY, finishes its calls and refuses connections while
 * DNS still names it; later the name loses it.
 */
@EnabledOnOs(OS.LINUX)
class RollingUpdateTest {
    private static final String NAME = "orders.shop.svc.cluster.local";
    private static final int PODS = 3;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final DnsServer dns = new DnsServer(group);
    private final List<BackendProcess> all = new ArrayList<>();
    private final List<BackendProcess> pods = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        int port = 0;
        for (int i = 0; i < PODS; i++) {
            port = pod(port).port();
        }
        publish(pods.stream());
    }

    @AfterEach
    void stop() {
        all.forEach(BackendProcess::close);
        dns.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** One more, whose address none has had before; all have the same port. */
    private BackendProcess pod(int port) {
        BackendProcess pod = new BackendProcess("127.0.3." + (all.size() + 1), port, folder);
        all.add(pod);
        pods.add(pod);
        return pod;
    }

    private void publish(Stream<BackendProcess> named) {
        dns.put(NAME, named.map(BackendProcess::host).toArray(String[]::new));
    }

    @Test
    void anUpdateLosesNoCallAndMakesNoneTwice() {
        update(1, 200);
    }

    @Test
    @Tag("long")
    void threeUpdatesAtFullRateLoseNoCallAndMakeNoneTwice() {
        update(3, 500);
    }

    private void update(int times, int perSecond) {
        GatewayConfig config = Setup.own(
                "",
                "dns { refresh = 500ms, servers = [\"127.0.0.1:" + dns.port() + "\"], family = v4-only }\n"
                        + "breakers.normal.retries = 1000",
                NAME + ":" + pods.get(0).port());
        try (RunningGateway gateway = RunningGateway.of(config, 2);
                Load load = new Load(
                        gateway.port(),
                        "/test.Backend/Answer",
                        perSecond,
                        number -> "call" + number + (number % 50 == 0 ? " 400" : " 10"))) {
            load.awaitEnds(perSecond);
            for (int i = 0; i < times * PODS; i++) {
                BackendProcess fresh = pod(pods.get(0).port());
                // Ready means that it listens.
                assertThat(fresh.port()).isEqualTo(pods.get(0).port());
                publish(pods.stream());
                fresh.awaitCalls(10);

                BackendProcess old = pods.remove(0);
                old.end();
                load.awaitEnds(perSecond / 4);
                publish(pods.stream());
                awaitQueries();
                load.awaitEnds(perSecond / 4);
            }
            List<Load.Outcome> outcomes = load.end();

            assertThat(Load.failed(outcomes)).isEmpty();
            assertThat(executed()).hasSize(outcomes.size());
        }
    }

    /** The names of the calls that pods have begun; none of them twice. */
    private Set<String> executed() {
        List<String> names = all.stream().flatMap(pod -> pod.journal().stream()).toList();
        Set<String> once = new HashSet<>(names);
        assertThat(once).hasSameSizeAs(names);
        return once;
    }

    private void awaitQueries() {
        int before = dns.queries();
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> dns.queries() > before);
    }
}
