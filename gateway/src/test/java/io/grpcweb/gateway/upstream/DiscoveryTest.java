package io.grpcweb.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Discovery.LookupFamily;
import io.grpcweb.gateway.config.Endpoint;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DiscoveryTest {
    private final List<Host> removed = new CopyOnWriteArrayList<>();
    private EventLoopGroup group;
    private DnsServer server;
    private Cluster cluster;

    @BeforeEach
    void open() {
        group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        server = new DnsServer(group);
    }

    @AfterEach
    void close() {
        cluster.close();
        server.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void start(ClusterConfig.Discovery.Type type, LookupFamily family, boolean respectTtl, String name)
            throws Exception {
        ClusterConfig.Locality place =
                new ClusterConfig.Locality("", "", "", 0, 1, List.of(ClusterConfig.Host.at(new Endpoint(name, 8080))));
        ClusterConfig base = Fixtures.cluster(type, ClusterConfig.Balancer.ROUND_ROBIN, place);
        ClusterConfig config = new ClusterConfig(
                base.name(),
                new ClusterConfig.Discovery(
                        type, respectTtl ? Duration.ofHours(1) : Duration.ofMillis(50), respectTtl, family, List.of()),
                base.localities(),
                base.balancer(),
                base.protocol(),
                base.connectTimeout(),
                base.tls(),
                base.idleTimeout(),
                base.maxConnectionDuration(),
                base.maxStreamDuration(),
                base.requestsPerConnection(),
                base.bufferBytes(),
                base.tcpKeepalive(),
                base.bind(),
                base.http2(),
                base.breakers(),
                base.outlierDetection(),
                base.healthChecks(),
                base.place());
        cluster = new Cluster(config, group, server::provider);
        cluster.onHostsRemoved(removed::addAll);
        CompletableFuture<Cluster> ready = new CompletableFuture<>();
        cluster.start(ready::complete);
        ready.get(10, TimeUnit.SECONDS);
    }

    private List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        cluster.allHosts().forEach(host -> addresses.add(HostKey.of(host.address())));
        return addresses;
    }

    private void awaitAddresses(String... expected) {
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(addresses()).containsExactlyInAnyOrder(expected));
    }

    private void awaitMoreQueries(int count) {
        int before = server.queries();
        await().atMost(Duration.ofSeconds(5)).until(() -> server.queries() >= before + count);
    }

    @Test
    void everyAddressOfANameIsAnEndpoint() throws Exception {
        server.put("backend.test", "10.0.0.1", "10.0.0.2");
        start(ClusterConfig.Discovery.Type.STRICT_DNS, LookupFamily.V4_ONLY, false, "backend.test");
        assertThat(addresses()).containsExactlyInAnyOrder("10.0.0.1:8080", "10.0.0.2:8080");
        assertThat(cluster.allHosts().get(0).hostname()).isEqualTo("backend.test");
    }

    @Test
    void addressesComeAndGoAndThoseThatStayKeepTheirEndpoint() throws Exception {
        server.put("backend.test", "10.0.0.1", "10.0.0.2");
        start(ClusterConfig.Discovery.Type.STRICT_DNS, LookupFamily.V4_ONLY, false, "backend.test");
        Host first = cluster.allHosts().get(0);
        Host second = cluster.allHosts().get(1);
        long version = cluster.hosts().version();
        server.put("backend.test", "10.0.0.3", "10.0.0.1");
        awaitAddresses("10.0.0.1:8080", "10.0.0.3:8080");
        assertThat(cluster.allHosts()).contains(first);
        assertThat(cluster.hosts().version()).isGreaterThan(version);
        await().untilAsserted(() -> assertThat(removed).containsExactly(second));
    }

    @Test
    void anotherOrderIsNoChange() throws Exception {
        server.put("backend.test", "10.0.0.1", "10.0.0.2");
        start(ClusterConfig.Discovery.Type.STRICT_DNS, LookupFamily.V4_ONLY, false, "backend.test");
        HostSet before = cluster.hosts();
        server.put("backend.test", "10.0.0.2", "10.0.0.1");
        awaitMoreQueries(3);
        assertThat(cluster.hosts()).isSameAs(before);
    }

    @Test
    void aFailureKeepsTheOldEndpoints() throws Exception {
        server.put("backend.test", "10.0.0.1");
        start(ClusterConfig.Discovery.Type.STRICT_DNS, LookupFamily.V4_ONLY, false, "backend.test");
        for (DnsResponseCode code : List.of(DnsResponseCode.SERVFAIL, DnsResponseCode.NXDOMAIN)) {
            server.failWith(code);
            awaitMoreQueries(3);
            assertThat(addresses()).containsExactly("10.0.0.1:8080");
        }
        server.put("backend.test", "10.0.0.2");
        awaitAddresses("10.0.0.2:8080");
    }

    @Test
    void aNameThatCannotBeResolvedAtFirstIsUsedWhenItCan() throws Exception {
        start(ClusterConfig.Discovery.Type.STRICT_DNS, LookupFamily.V4_ONLY, false, "backend.test");
        assertThat(addresses()).isEmpty();
        server.put("backend.test", "10.0.0.1");
        awaitAddresses("10.0.0.1:8080");
    }

    @Test
    void aServerThatDoesNotAnswerHoldsNobodyUp() throws Exception {
        server.fallSilent();
        long began = System.nanoTime();
        start(ClusterConfig.Discovery.Type.STRICT_DNS, LookupFamily.V4_ONLY, false, "backend.test");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
        CompletableFuture<Void> turn = new CompletableFuture<>();
        group.forEach(loop -> loop.execute(() -> turn.complete(null)));
        turn.get(1, TimeUnit.SECONDS);
        server.put("backend.test", "10.0.0.1");
        awaitAddresses("10.0.0.1:8080");
    }

    @Test
    void theFamiliesAreLookedUpInTheirOrder() throws Exception {
        server.put("both.test", "10.0.0.1", "fd00::1");
        server.put("old.test", "10.0.0.1");
        server.put("new.test", "fd00::1");
        assertFamily(LookupFamily.AUTO, "both.test", "[fd00::1]:8080");
        assertFamily(LookupFamily.AUTO, "old.test", "10.0.0.1:8080");
        assertFamily(LookupFamily.V4_PREFERRED, "both.test", "10.0.0.1:8080");
        assertFamily(LookupFamily.V4_PREFERRED, "new.test", "[fd00::1]:8080");
        assertFamily(LookupFamily.V4_ONLY, "new.test");
        assertFamily(LookupFamily.V6_ONLY, "both.test", "[fd00::1]:8080");
        assertFamily(LookupFamily.ALL, "both.test", "10.0.0.1:8080", "[fd00::1]:8080");
    }

    private void assertFamily(LookupFamily family, String name, String... expected) throws Exception {
        start(ClusterConfig.Discovery.Type.STRICT_DNS, family, false, name);
        assertThat(addresses()).containsExactlyInAnyOrder(expected);
        cluster.close();
    }

    @Test
    void theHostsFileComesFirst() throws Exception {
        start(ClusterConfig.Discovery.Type.STRICT_DNS, LookupFamily.V4_PREFERRED, false, "localhost");
        assertThat(addresses()).first().asString().endsWith(":8080");
        assertThat(server.queries()).isZero();
    }

    @Test
    void aLogicalNameIsOneEndpointThatMoves() throws Exception {
        server.put("backend.test", "10.0.0.1", "10.0.0.2");
        start(ClusterConfig.Discovery.Type.LOGICAL_DNS, LookupFamily.V4_ONLY, false, "backend.test");
        assertThat(addresses()).hasSize(1);
        Host host = cluster.allHosts().get(0);
        assertThat(host.addresses()).extracting(HostKey::of).containsExactly("10.0.0.1:8080", "10.0.0.2:8080");
        server.put("backend.test", "10.0.0.3");
        awaitAddresses("10.0.0.3:8080");
        assertThat(cluster.allHosts()).containsExactly(host);
        assertThat(removed).isEmpty();
    }

    @Test
    void theLifetimeOfTheRecordsReplacesTheInterval() throws Exception {
        server.put("backend.test", "10.0.0.1");
        server.lifetime(1);
        start(ClusterConfig.Discovery.Type.STRICT_DNS, LookupFamily.V4_ONLY, true, "backend.test");
        server.put("backend.test", "10.0.0.2");
        awaitAddresses("10.0.0.2:8080");
    }

    @Test
    void fiveHundredAddressesComeByTcp() throws Exception {
        String[] many = new String[500];
        for (int i = 0; i < many.length; i++) {
            many[i] = "10.0." + i / 250 + "." + i % 250;
        }
        server.put("backend.test", many);
        start(ClusterConfig.Discovery.Type.STRICT_DNS, LookupFamily.V4_ONLY, false, "backend.test");
        assertThat(addresses()).hasSize(500);
    }
}
