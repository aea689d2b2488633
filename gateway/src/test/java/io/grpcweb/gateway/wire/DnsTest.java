package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.upstream.discovery.DnsServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The backends of a name change while calls go on, through a whole gateway with one event loop for everything. */
@EnabledOnOs(OS.LINUX)
class DnsTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String OPEN = "/wire.Service/Open";
    private static final String NAME = "backend.test";
    private static final Duration REFRESH = Duration.ofSeconds(1);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final DnsServer dns = new DnsServer(group);
    private final List<ScriptedBackend> backends = new ArrayList<>();
    private final Gate release = new Gate();
    private RunningGateway gateway;

    @BeforeEach
    void start() throws IOException {
        ScriptedBackend first = backend("127.0.0.1", 0);
        backend("127.0.0.2", first.port());
        dns.put(NAME, "127.0.0.1");
        gateway = gateway("");
    }

    private RunningGateway gateway(String more) throws IOException {
        return RunningGateway.of(Setup.own(
                "",
                "dns { refresh = 1s, servers = [\"127.0.0.1:" + dns.port() + "\"], family = all" + more + " }",
                NAME + ":" + backends.get(0).port()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        backends.forEach(ScriptedBackend::close);
        dns.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private ScriptedBackend backend(String address, int port) throws IOException {
        ScriptedBackend backend = new ScriptedBackend(new ServerSocket(port, 64, InetAddress.getByName(address)))
                .on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.trailersOnly("grpc-status", "0", "x-backend", address);
                })
                .on(OPEN, seen -> {
                    seen.head().data(Frames.F2);
                    release.pass();
                    seen.trailers("grpc-status", "0");
                });
        backends.add(backend);
        return backend;
    }

    /** How many of so many calls each backend has got, by the order of their making; all must go well. */
    private List<Integer> spread(int calls) {
        return spread(gateway, calls);
    }

    private List<Integer> spread(RunningGateway through, int calls) {
        backends.forEach(ScriptedBackend::others);
        try (Browser browser = Browser.connect(2, through.port())) {
            for (int i = 0; i < calls; i++) {
                Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
                assertThat(answer.grpcStatus()).as(answer.toString()).isEqualTo("0");
            }
        }
        return backends.stream().map(one -> one.others().size()).toList();
    }

    /** Within the refresh interval, and some more for a machine that is busy. */
    private void awaitSpread(Integer... wanted) {
        Awaitility.await().atMost(REFRESH.plusSeconds(20)).untilAsserted(() -> assertThat(spread(4))
                .containsExactly(wanted));
    }

    private void awaitQueries(int more) {
        int before = dns.queries();
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> dns.queries() >= before + more);
    }

    @Test
    void anAddressThatIsAddedIsUsedAndOneThatIsRemovedIsLeftWithoutCuttingItsCalls() {
        assertThat(spread(4)).containsExactly(4, 0);
        try (Browser browser = Browser.connect(2, gateway.port())) {
            BrowserCall open = browser.call(OPEN, "content-type", "application/grpc-web+proto");
            open.send(Frames.F3);
            open.end();
            open.body(Frames.F2.length);

            dns.put(NAME, "127.0.0.1", "127.0.0.2");
            awaitSpread(2, 2);

            dns.put(NAME, "127.0.0.2");
            awaitSpread(0, 4);
            release.open();
            assertThat(open.answer().grpcStatus()).isEqualTo("0");
        }
    }

    @Test
    void whateverHappensToTheNameServersTheBackendsStay() {
        dns.put(NAME, "127.0.0.2");
        awaitSpread(0, 4);

        dns.failWith(DnsResponseCode.SERVFAIL);
        awaitQueries(3);
        assertThat(spread(4)).containsExactly(0, 4);

        dns.failWith(DnsResponseCode.NXDOMAIN);
        awaitQueries(3);
        assertThat(spread(4)).containsExactly(0, 4);

        dns.put(NAME, "127.0.0.1");
        awaitSpread(4, 0);
    }

    @Test
    void aNameServerThatDoesNotAnswerHoldsNoCallUp() throws IOException {
        gateway.close();
        gateway = gateway(", timeout = 60s");
        assertThat(spread(4)).containsExactly(4, 0);
        dns.fallSilent();
        awaitQueries(1);

        long start = System.nanoTime();
        assertThat(spread(20)).containsExactly(20, 0);
        // A lookup that blocks the loop would take its whole timeout.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(50));
    }

    @Test
    void addressesOfIpv6AloneAreUsed() {
        try {
            backend("::1", backends.get(0).port());
        } catch (IOException e) {
            Assumptions.abort("needs IPv6 on the loopback: " + e.getMessage());
        }
        dns.put(NAME, "::1");
        awaitSpread(0, 0, 4);
    }

    @Test
    void aLogicalNameIsReachedOverIpv4WhereIpv6Refuses() {
        dns.put(NAME, "::1", "127.0.0.1");
        try (RunningGateway logical = RunningGateway.of(Setup.own(
                        "",
                        "dns { type = logical-dns, servers = [\"127.0.0.1:" + dns.port() + "\"], family = all }",
                        NAME + ":" + backends.get(0).port()));
                Browser browser = Browser.connect(2, logical.port())) {
            Answer answer = browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.grpcStatus()).as(answer.toString()).isEqualTo("0");
            assertThat(logical.stat("cluster.backend.upstream_cx_total")).isEqualTo(2);
            assertThat(logical.stat("cluster.backend.upstream_cx_connect_fail")).isZero();
            assertThat(logical.stat("cluster.backend.membership_total")).isEqualTo(1);
        }
    }

    @Test
    void targetsOfSrvRecordsAreUsedInTheOrderOfTheirPriorities() throws IOException {
        ScriptedBackend spare = backend("127.0.0.3", 0);
        dns.put("a.test", "127.0.0.1");
        dns.put("b.test", "127.0.0.3");
        dns.srv(
                "_grpc._tcp.backend.test",
                "10 1 " + backends.get(0).port() + " a.test",
                "20 1 " + spare.port() + " b.test");
        try (RunningGateway named = RunningGateway.of(Setup.own(
                "",
                "dns { refresh = 1s, servers = [\"127.0.0.1:" + dns.port() + "\"], family = v4-only }",
                "srv:_grpc._tcp.backend.test"))) {
            assertThat(spread(named, 4)).containsExactly(4, 0, 0);

            dns.srv("_grpc._tcp.backend.test", "20 1 " + spare.port() + " b.test");
            Awaitility.await().atMost(REFRESH.plusSeconds(20)).untilAsserted(() -> assertThat(spread(named, 4))
                    .containsExactly(0, 0, 4));
        }
    }
}
