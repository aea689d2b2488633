package io.grpcweb.gateway.upstream.pool;

import static io.grpcweb.gateway.upstream.Fixtures.endpoint;
import static io.grpcweb.gateway.upstream.Fixtures.locality;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.Fixtures;
import io.grpcweb.gateway.upstream.host.Host;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Endpoints that a control plane names. */
final class AssignmentsTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final FileWatch files = new FileWatch(Duration.ofHours(1));
    private final Stats stats = new Stats();
    private final ClusterManager clusters = new ClusterManager(loops, stats, files);
    private final CountDownLatch warm = new CountDownLatch(1);

    @AfterEach
    void close() {
        clusters.close();
        files.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private ClusterChange warming(ClusterConfig... configs) throws Exception {
        ClusterChange change = clusters.prepare(List.of(configs));
        change.warm(warm::countDown);
        return change;
    }

    private Cluster started(Assignment first) throws Exception {
        ClusterChange change = warming(Fixtures.eds("service", 0));
        clusters.assignments().assign("service", first);
        assertThat(warm.await(30, TimeUnit.SECONDS)).isTrue();
        change.commit(LIMIT);
        change.finish();
        return clusters.get("backend");
    }

    private static Assignment assignment(ClusterConfig.Host... hosts) {
        return Assignment.of(List.of(locality("a", 0, 1, hosts)));
    }

    private List<String> addresses(Cluster cluster) {
        return cluster.allHosts().stream().map(Host::hostname).toList();
    }

    @Test
    void aClusterIsWarmWithItsFirstAssignment() throws Exception {
        List<String> services = new ArrayList<>();
        clusters.assignments()
                .onServices(() -> services.add(clusters.assignments().services().toString()));
        ClusterChange change = warming(Fixtures.eds("service", 0));
        assertThat(services).containsExactly("[service]");
        clusters.assignments().assign("another", assignment(endpoint(9, 1)));
        assertThat(loops.next().submit(() -> warm.getCount()).get()).isEqualTo(1);
        clusters.assignments().assign("service", assignment(endpoint(1, 1), endpoint(2, 1)));
        assertThat(warm.await(30, TimeUnit.SECONDS)).isTrue();
        change.commit(LIMIT);
        assertThat(addresses(clusters.get("backend"))).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(clusters.assignments().known("another")).isEmpty();
    }

    @Test
    void endpointsThatStayAreTheSameWhateverElseIsSaidOfThem() throws Exception {
        Cluster cluster = started(assignment(endpoint(1, 1), endpoint(2, 1)));
        Host second = cluster.allHosts().get(1);
        ClusterConfig.Host ill = new ClusterConfig.Host(
                endpoint(2, 1).address(),
                List.of(),
                "named",
                7,
                ClusterConfig.HealthStatus.TIMEOUT,
                0,
                Metadata.of(Map.of("reader", Map.of("key", 1))));
        clusters.assignments()
                .assign(
                        "service",
                        Assignment.of(List.of(
                                locality("b", 1, 3, ill), locality("a", 0, 1, endpoint(3, 1), endpoint(3, 2)))));
        await().until(() -> cluster.allHosts().size() == 2
                && cluster.allHosts().get(0).hostname().equals("named"));
        assertThat(cluster.allHosts().get(0)).isSameAs(second);
        assertThat(second.weight()).isEqualTo(7);
        assertThat(second.priority()).isEqualTo(1);
        assertThat(second.zone()).isEqualTo("b");
        assertThat(second.healthFlags()).isEqualTo("/failed_eds_health");
        assertThat(second.metadata().of("reader")).isEqualTo(Map.of("key", 1.0));
        // An address counts once, as what it was named first.
        assertThat(cluster.allHosts().get(1).weight()).isEqualTo(1);
    }

    @Test
    void aClusterThatTakesThePlaceOfAnotherKnowsTheEndpointsAtOnce() throws Exception {
        Cluster old = started(assignment(endpoint(1, 1)));
        CountDownLatch again = new CountDownLatch(1);
        ClusterChange change = clusters.prepare(List.of(Fixtures.eds("service", 77)));
        change.warm(again::countDown);
        assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
        change.commit(LIMIT);
        change.finish();
        assertThat(clusters.get("backend")).isNotSameAs(old);
        assertThat(addresses(clusters.get("backend"))).containsExactly("10.0.0.1");
        clusters.prepare(List.of()).finish();
        assertThat(clusters.assignments().services()).isEmpty();
    }

    @Test
    void whatHoldsForATimeIsForgottenWhenItRunsOut() throws Exception {
        Assignment brief = new Assignment(
                List.of(locality("a", 0, 1, endpoint(1, 1))),
                new Assignment.Policy(0, 140, Duration.ofMillis(20), false));
        Cluster cluster = started(brief);
        await().until(() -> cluster.allHosts().isEmpty());
        assertThat(cluster.stats().assignmentStale.sum()).isEqualTo(1);
        assertThat(cluster.stats().assignmentTimeoutReceived.sum()).isEqualTo(1);
        clusters.assignments().assign("service", assignment(endpoint(1, 1)));
        await().until(() -> cluster.allHosts().size() == 1);
    }

    @Test
    void theSameAgainBuildsNothing() throws Exception {
        Cluster cluster = started(assignment(endpoint(1, 1)));
        long version = cluster.hosts().version();
        clusters.assignments().assign("service", assignment(endpoint(1, 1)));
        await().until(() -> cluster.stats().updateNoRebuild.sum() == 1);
        assertThat(cluster.hosts().version()).isEqualTo(version);
        assertThat(cluster.stats().membershipChange.sum()).isEqualTo(1);
    }
}
