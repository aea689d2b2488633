package io.grpcweb.gateway.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Discovery.LookupFamily;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.testing.Copy;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.Fixtures;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.HostKey;
import io.grpcweb.gateway.upstream.host.HostSet;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
        start(type, family, respectTtl, resolver(false, Duration.ofSeconds(2), 1), new Endpoint(name, 8080));
    }

    private ClusterConfig.Resolver resolver(boolean tcp, Duration timeout, int tries) {
        return new ClusterConfig.Resolver(
                List.of(new Endpoint("127.0.0.1", server.port())), false, tcp, true, timeout, tries, 4096);
    }

    private void start(
            ClusterConfig.Discovery.Type type,
            LookupFamily family,
            boolean respectTtl,
            ClusterConfig.Resolver resolver,
            Endpoint endpoint)
            throws Exception {
        ClusterConfig.Locality place =
                new ClusterConfig.Locality("", "", "", 0, 1, Metadata.NONE, List.of(ClusterConfig.Host.at(endpoint)));
        ClusterConfig base = Fixtures.cluster(type, ClusterConfig.Balancer.ROUND_ROBIN, place);
        ClusterConfig.Discovery discovery = Copy.of(base.discovery())
                .with("refresh", respectTtl ? Duration.ofHours(1) : Duration.ofMillis(50))
                .with("respectTtl", respectTtl)
                .with("family", family)
                .with("resolver", resolver)
                .get();
        ClusterConfig config = Copy.of(base).with("discovery", discovery).get();
        cluster = new Cluster(config, group);
        cluster.onHostsRemoved(removed::addAll);
        CompletableFuture<Cluster> ready = new CompletableFuture<>();
        cluster.start(ready::complete);
        ready.get(30, TimeUnit.SECONDS);
    }

    private List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        cluster.allHosts().forEach(host -> addresses.add(HostKey.of(host.address())));
        return addresses;
    }

    private void awaitAddresses(String... expected) {
        await().pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(addresses()).containsExactlyInAnyOrder(expected));
    }

    private void awaitMoreQueries(int count) {
        int before = server.queries();
        await().until(() -> server.queries() >= before + count);
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
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        CompletableFuture<Void> turn = new CompletableFuture<>();
        group.forEach(loop -> loop.execute(() -> turn.complete(null)));
        turn.get(30, TimeUnit.SECONDS);
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

    private void startSrv(boolean respectTtl) throws Exception {
        start(
                ClusterConfig.Discovery.Type.STRICT_DNS,
                LookupFamily.V4_ONLY,
                respectTtl,
                resolver(false, Duration.ofSeconds(2), 1),
                Endpoint.srv("_grpc._tcp.backend.test"));
    }

    /** Address, priority, weight and name of each endpoint. */
    private void awaitTargets(String... expected) {
        await().pollInterval(Duration.ofMillis(5)).untilAsserted(() -> assertThat(cluster.allHosts())
                .extracting(host -> HostKey.of(host.address()) + " " + host.priority() + " " + host.weight() + " "
                        + host.hostname())
                .containsExactlyInAnyOrder(expected));
    }

    @Test
    void targetsOfSrvRecordsAreEndpointsWithTheirPortsWeightsAndPriorities() throws Exception {
        server.put("a.test", "10.0.0.1", "10.0.0.2");
        server.put("b.test", "10.0.0.3");
        server.srv("_grpc._tcp.backend.test", "10 60 8081 a.test", "10 40 8082 b.test", "20 0 8083 b.test");
        startSrv(false);
        awaitTargets(
                "10.0.0.1:8081 0 60 a.test",
                "10.0.0.2:8081 0 60 a.test",
                "10.0.0.3:8082 0 40 b.test",
                "10.0.0.3:8083 1 1 b.test");
    }

    @Test
    void srvRecordsAndTheirTargetsChangeAndEndpointsThatStayAreTheSame() throws Exception {
        server.put("a.test", "10.0.0.1");
        server.put("b.test", "10.0.0.2");
        server.srv("_grpc._tcp.backend.test", "0 1 8080 a.test", "0 1 8080 b.test");
        startSrv(false);
        awaitTargets("10.0.0.1:8080 0 1 a.test", "10.0.0.2:8080 0 1 b.test");
        Host first = cluster.allHosts().stream()
                .filter(host -> host.hostname().equals("a.test"))
                .findFirst()
                .orElseThrow();
        server.srv("_grpc._tcp.backend.test", "0 5 8080 a.test");
        awaitTargets("10.0.0.1:8080 0 5 a.test");
        assertThat(cluster.allHosts()).containsExactly(first);
        await().untilAsserted(() -> assertThat(removed)
                .extracting(host -> HostKey.of(host.address()))
                .containsExactly("10.0.0.2:8080"));
        server.put("a.test", "10.0.0.9");
        awaitTargets("10.0.0.9:8080 0 5 a.test");
    }

    @Test
    void aFailureOfSrvRecordsOrTargetsKeepsTheOldEndpoints() throws Exception {
        server.put("a.test", "10.0.0.1");
        server.put("b.test", "10.0.0.2");
        server.srv("_grpc._tcp.backend.test", "0 1 8080 a.test", "0 1 8080 b.test");
        startSrv(false);
        String[] both = {"10.0.0.1:8080 0 1 a.test", "10.0.0.2:8080 0 1 b.test"};
        awaitTargets(both);
        for (DnsResponseCode code : List.of(DnsResponseCode.SERVFAIL, DnsResponseCode.NXDOMAIN)) {
            server.failWith(code);
            awaitMoreQueries(3);
            awaitTargets(both);
        }
        // That there is none is no reason to end a service either.
        server.srv("_grpc._tcp.backend.test", "0 0 0 .");
        awaitMoreQueries(3);
        awaitTargets(both);
        // One target is gone from the DNS, the other has moved.
        server.forget("b.test");
        server.put("a.test", "10.0.0.7");
        server.srv("_grpc._tcp.backend.test", "0 1 8080 a.test", "0 1 8080 b.test");
        awaitTargets("10.0.0.7:8080 0 1 a.test", "10.0.0.2:8080 0 1 b.test");
    }

    @Test
    void theLifetimeOfSrvRecordsReplacesTheInterval() throws Exception {
        server.put("a.test", "10.0.0.1");
        server.srv("_grpc._tcp.backend.test", "0 1 8080 a.test");
        server.lifetime(1);
        startSrv(true);
        server.srv("_grpc._tcp.backend.test", "0 1 9090 a.test");
        awaitTargets("10.0.0.1:9090 0 1 a.test");
    }

    @Test
    void aServerIsAskedAgainAsOftenAsTheConfigurationSays() throws Exception {
        server.put("backend.test", "10.0.0.1");
        server.swallow(2);
        start(
                ClusterConfig.Discovery.Type.STRICT_DNS,
                LookupFamily.V4_ONLY,
                true,
                resolver(false, Duration.ofSeconds(1), 3),
                new Endpoint("backend.test", 8080));
        // Of one round: the next one would be in an hour.
        assertThat(addresses()).containsExactly("10.0.0.1:8080");
        assertThat(cluster.stats().updateAttempt.sum()).isEqualTo(1);
    }

    @Test
    void anEndpointUnderAnotherNameTakesOverWhenItIsResolved() throws Exception {
        server.put("backend.test", "10.0.0.1");
        start(
                ClusterConfig.Discovery.Type.STRICT_DNS,
                LookupFamily.V4_ONLY,
                true,
                resolver(false, Duration.ofSeconds(1), 3),
                new Endpoint("backend.test", 8080));
        server.put("other.test", "10.0.0.2");
        server.swallow(2);
        List<List<String>> left = new CopyOnWriteArrayList<>();
        cluster.onHostsRemoved(hosts -> left.add(addresses()));
        CountDownLatch inForce = new CountDownLatch(1);
        cluster.update(
                cluster.config()
                        .with(Assignment.of(List.of(
                                Fixtures.locality("", 0, 1, ClusterConfig.Host.at(new Endpoint("other.test", 8080)))))),
                inForce::countDown);
        assertThat(inForce.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(addresses()).containsExactly("10.0.0.2:8080");
        // There was no moment without an endpoint.
        assertThat(left).containsExactly(List.of("10.0.0.2:8080"));
    }

    @Test
    void aServerThatAnswersOverTcpAloneIsUsedWhereTheConfigurationSaysSo() throws Exception {
        server.put("backend.test", "10.0.0.1");
        server.swallow(Integer.MAX_VALUE);
        start(
                ClusterConfig.Discovery.Type.STRICT_DNS,
                LookupFamily.V4_ONLY,
                true,
                resolver(true, Duration.ofMillis(50), 1),
                new Endpoint("backend.test", 8080));
        assertThat(addresses()).containsExactly("10.0.0.1:8080");
    }

    @Test
    void serversAreAskedInTheirOrderOrInTurns() throws Exception {
        try (DnsServer other = new DnsServer(group)) {
            server.put("backend.test", "10.0.0.1");
            other.put("backend.test", "10.0.0.1");
            for (boolean rotate : new boolean[] {false, true}) {
                start(
                        ClusterConfig.Discovery.Type.STRICT_DNS,
                        LookupFamily.V4_ONLY,
                        false,
                        new ClusterConfig.Resolver(
                                List.of(
                                        new Endpoint("127.0.0.1", server.port()),
                                        new Endpoint("127.0.0.1", other.port())),
                                rotate,
                                false,
                                true,
                                Duration.ofSeconds(2),
                                1,
                                4096),
                        new Endpoint("backend.test", 8080));
                if (rotate) {
                    await().atMost(Duration.ofSeconds(10)).until(() -> other.queries() > 0);
                } else {
                    awaitMoreQueries(5);
                    assertThat(other.queries()).isZero();
                }
                cluster.close();
            }
        }
    }
}
