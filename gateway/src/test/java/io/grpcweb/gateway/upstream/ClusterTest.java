package io.grpcweb.gateway.upstream;

import static io.grpcweb.gateway.upstream.Fixtures.cluster;
import static io.grpcweb.gateway.upstream.Fixtures.endpoint;
import static io.grpcweb.gateway.upstream.Fixtures.locality;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.testing.Copy;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.LoadBalancer;
import io.grpcweb.gateway.upstream.host.Outcome;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ClusterTest {
    private static EventLoopGroup group;

    @BeforeAll
    static void openLoops() {
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void closeLoops() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static Cluster started(ClusterConfig config) throws Exception {
        Cluster cluster = new Cluster(config, group);
        CompletableFuture<Cluster> ready = new CompletableFuture<>();
        cluster.start(ready::complete);
        return ready.get(30, TimeUnit.SECONDS);
    }

    @Test
    void threeHundredCallsGoToThreeEndpointsInTurn() throws Exception {
        try (Cluster cluster = started(cluster(locality("a", 0, 1, endpoint(1, 1), endpoint(2, 1), endpoint(3, 1))))) {
            LoadBalancer balancer = cluster.newBalancer();
            Map<Host, Integer> calls = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                calls.merge(balancer.choose(PickContext.NONE), 1, Integer::sum);
            }
            assertThat(calls.values()).containsExactly(100, 100, 100);
        }
    }

    @Test
    void callsAreInProportionToTheWeights() throws Exception {
        try (Cluster cluster = started(cluster(locality("a", 0, 1, endpoint(1, 1), endpoint(2, 2), endpoint(3, 5))))) {
            LoadBalancer balancer = cluster.newBalancer();
            Map<Integer, Integer> calls = new HashMap<>();
            for (int i = 0; i < 800; i++) {
                calls.merge(balancer.choose(PickContext.NONE).weight(), 1, Integer::sum);
            }
            // Where in its cycle a balancer begins is random.
            assertThat(calls.get(1)).isCloseTo(100, within(1));
            assertThat(calls.get(2)).isCloseTo(200, within(1));
            assertThat(calls.get(5)).isCloseTo(500, within(1));
        }
    }

    @Test
    void aClusterWithoutEndpointsGivesNone() throws Exception {
        try (Cluster cluster = started(cluster())) {
            assertThat(cluster.newBalancer().choose(PickContext.NONE)).isNull();
        }
    }

    @Test
    void anEndpointThatWasTriedIsAvoidedWhileThereIsAnother() throws Exception {
        try (Cluster cluster = started(cluster(locality("a", 0, 1, endpoint(1, 1), endpoint(2, 1))))) {
            LoadBalancer balancer = cluster.newBalancer();
            PickContext context = PickContext.withoutHash();
            Host first = balancer.choose(context);
            context.avoid(first);
            for (int i = 0; i < 10; i++) {
                assertThat(balancer.choose(context)).isNotSameAs(first);
            }
            context.avoid(balancer.choose(context));
            assertThat(balancer.choose(context)).isNotNull();
        }
    }

    @Test
    void anEndpointThatIsNextToNeverChosenIsFoundWhereTheOtherWasTried() throws Exception {
        try (Cluster cluster = started(cluster(locality("a", 0, 1, endpoint(1, 1_000_000), endpoint(2, 1))))) {
            LoadBalancer balancer = cluster.newBalancer();
            PickContext context = PickContext.withoutHash();
            cluster.allHosts().stream().filter(host -> host.weight() > 1).forEach(context::avoid);
            for (int i = 0; i < 10; i++) {
                assertThat(balancer.choose(context).weight()).isEqualTo(1);
            }
        }
    }

    @Test
    void addressesAreResolvedAndTheHostNameIsKept() throws Exception {
        try (Cluster cluster = started(cluster(locality("a", 0, 1, endpoint(7, 1))))) {
            Host host = cluster.allHosts().get(0);
            assertThat(host.address()).isInstanceOfSatisfying(InetSocketAddress.class, address -> {
                assertThat(address.isUnresolved()).isFalse();
                assertThat(address.getPort()).isEqualTo(80);
            });
            assertThat(host.hostname()).isEqualTo("10.0.0.7");
            assertThat(host.healthFlags()).isEqualTo("healthy");
        }
    }

    @Test
    void anEndpointWhoseCallsFailIsTakenOut() throws Exception {
        ClusterConfig.OutlierDetection detection = Copy.of(ClusterConfig.OutlierDetection.DEFAULT)
                .with("consecutive5xx", 2)
                .with("interval", Duration.ofMillis(20))
                .with("baseEjectionTime", Duration.ofSeconds(1))
                .with("maxEjectionPercent", 50)
                .with("alwaysEjectOne", false)
                .get();
        try (Cluster cluster = started(Fixtures.cluster(
                ClusterConfig.Discovery.Type.STATIC,
                ClusterConfig.Balancer.ROUND_ROBIN,
                Optional.of(detection),
                List.of(),
                locality("a", 0, 1, endpoint(1, 1), endpoint(2, 1))))) {
            LoadBalancer balancer = cluster.newBalancer();
            Host first = balancer.choose(PickContext.NONE);
            cluster.report(first, Outcome.answered(503));
            cluster.report(first, Outcome.LocalOrigin.RESET);
            await().untilAsserted(() -> assertThat(first.ejected()).isTrue());
            await().untilAsserted(() -> {
                assertThat(balancer.choose(PickContext.NONE)).isNotSameAs(first);
                assertThat(balancer.choose(PickContext.NONE)).isNotSameAs(first);
            });
            assertThat(first.requestsFailed()).isEqualTo(2);
            await().untilAsserted(() -> assertThat(first.ejected()).isFalse());
            assertThat(cluster.outlierCounters())
                    .containsEntry("ejections_enforced_total", 1L)
                    .containsEntry("ejections_active", 0L);
        }
    }
}
