package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.FreePort;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What another configuration changes while the gateway serves, and what it leaves alone. */
class ApplyTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final String ROUTES = "routes = [{ prefix = \"/\", cluster = one }]";

    private final ScriptedBackend first = new ScriptedBackend().on(PATH, seen -> answer(seen, "1"));
    private final ScriptedBackend second = new ScriptedBackend().on(PATH, seen -> answer(seen, "2"));
    private final RunningGateway gateway = RunningGateway.of(Setup.parse(main("", ROUTES) + clusters(first, second)));

    @AfterEach
    void stop() {
        gateway.close();
        first.close();
        second.close();
    }

    private static void answer(BackendCall seen, String status) {
        seen.awaitEnd();
        seen.trailersOnly("grpc-status", status);
    }

    private static String main(String settings, String routes) {
        return "error-format = envoy\nlisteners.main { listen = \"127.0.0.1:0\", access-log = []\n" + settings + "\n"
                + routes + " }\n";
    }

    private static String clusters(ScriptedBackend one, ScriptedBackend two) {
        return cluster("one", one, "") + cluster("two", two, "");
    }

    private static String cluster(String name, ScriptedBackend backend, String settings) {
        return "clusters." + name + " { endpoints = [\"127.0.0.1:" + backend.port() + "\"]\n" + settings + " }\n";
    }

    private static String status(Http2Browser browser) {
        Http2Browser.Call call = browser.call(PATH, WEB);
        call.end();
        return call.answer().header("grpc-status");
    }

    private void apply(String text) throws IOException {
        assertThat(gateway.apply(Setup.parse(text))).isEmpty();
    }

    @Test
    void theSameSettingsOnOtherLinesTouchNothing() throws Exception {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(status(browser)).isEqualTo("1");
            int port = gateway.port();
            apply("# a line\n\n" + main("", ROUTES) + "# another\n" + clusters(first, second));
            assertThat(status(browser)).isEqualTo("1");
            assertThat(browser.peer().goAways()).isEmpty();
            assertThat(gateway.port()).isEqualTo(port);
            assertThat(first.connections()).hasSize(1);
            assertThat(gateway.stat("cluster_manager.cluster_modified")).isZero();
            assertThat(gateway.stat("listener_manager.listener_modified")).isZero();
        }
    }

    @Test
    void anotherRouteHoldsForTheNextRequestOfAnOpenConnection() throws Exception {
        Gate gate = new Gate();
        first.on(PATH, seen -> {
            seen.awaitEnd();
            gate.pass();
            seen.trailersOnly("grpc-status", "1");
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call begun = browser.call(PATH, WEB);
            begun.end();
            first.next();
            apply(main("", "routes = [{ prefix = \"/\", cluster = two }]") + clusters(first, second));
            assertThat(status(browser)).isEqualTo("2");
            gate.open();
            assertThat(begun.answer().header("grpc-status")).isEqualTo("1");
            assertThat(browser.peer().goAways()).isEmpty();
        }
    }

    @Test
    void anotherClusterOfTheSameNameTakesNewCallsAndTheOldOneEndsBehindItsLast() throws Exception {
        Gate gate = new Gate();
        first.on(PATH, seen -> {
            seen.awaitEnd();
            gate.pass();
            seen.trailersOnly("grpc-status", "1");
        });
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call begun = browser.call(PATH, WEB);
            begun.end();
            Http2Peer old = first.next().exchange().peer();
            apply(main("", ROUTES) + clusters(second, second));
            assertThat(status(browser)).isEqualTo("2");
            assertThat(old.isGone()).isFalse();
            gate.open();
            assertThat(begun.answer().header("grpc-status")).isEqualTo("1");
            old.await("end of the old connection", old::isGone);
            assertThat(gateway.stat("cluster_manager.cluster_modified")).isEqualTo(1);
            assertThat(gateway.stat("cluster.one.upstream_rq_total")).isEqualTo(2);
        }
    }

    @Test
    void endpointsThatStayKeepTheirConnectionsAndThoseThatGoGetNoNewCall() throws Exception {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(status(browser)).isEqualTo("1");
            String both = "clusters.one { endpoints = [\"127.0.0.1:" + second.port() + "\", \"127.0.0.1:" + first.port()
                    + "\"] }\n";
            apply(main("", ROUTES) + both + cluster("two", second, ""));
            Set<String> seen = new TreeSet<>();
            for (int i = 0; i < 4; i++) {
                seen.add(status(browser));
            }
            assertThat(seen).containsExactly("1", "2");
            assertThat(first.connections()).hasSize(1);
            assertThat(gateway.stat("cluster.one.membership_total")).isEqualTo(2);
            Http2Peer kept = second.connections().get(0);
            apply(main("", ROUTES) + cluster("one", second, "") + cluster("two", second, ""));
            first.connections().get(0).await("end", first.connections().get(0)::isGone);
            assertThat(status(browser)).isEqualTo("2");
            assertThat(second.connections()).containsExactly(kept);
            assertThat(gateway.stat("cluster.one.upstream_cx_total")).isEqualTo(2);
        }
    }

    @Test
    void aClusterThatIsGoneLosesItsSeries() throws Exception {
        assertThat(gateway.stat("cluster.two.membership_total")).isEqualTo(1);
        apply(main("", ROUTES) + cluster("one", first, ""));
        assertThat(gateway.stat("cluster.two.membership_total")).isEqualTo(-1);
        assertThat(gateway.stat("cluster_manager.active_clusters")).isEqualTo(1);
        assertThat(gateway.stat("cluster_manager.cluster_removed")).isEqualTo(1);
    }

    @Test
    void connectionsOfAChainWhoseSettingsChangeDrainAndNewOnesDoNot() throws Exception {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(status(browser)).isEqualTo("1");
            apply(main("timeouts { stream-idle = 2h }", ROUTES) + clusters(first, second));
            browser.peer().await("GOAWAY", () -> !browser.peer().goAways().isEmpty());
        }
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(status(browser)).isEqualTo("1");
            assertThat(browser.peer().goAways()).isEmpty();
        }
    }

    @Test
    void listenersComeAndGoWithTheirPorts() throws Exception {
        int port = FreePort.take();
        String other = "listeners.other { listen = \"127.0.0.1:" + port + "\", access-log = []\n" + ROUTES + " }\n";
        apply(main("", ROUTES) + other + clusters(first, second));
        try (Http2Browser browser = new Http2Browser(port)) {
            assertThat(status(browser)).isEqualTo("1");
            apply(main("", ROUTES) + clusters(first, second));
            browser.peer().await("GOAWAY", () -> !browser.peer().goAways().isEmpty());
        }
        try (ServerSocket again = new ServerSocket()) {
            again.setReuseAddress(true);
            again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
        assertThat(gateway.stat("listener_manager.listener_added")).isEqualTo(2);
        assertThat(gateway.stat("listener_manager.listener_removed")).isEqualTo(1);
    }

    @Test
    void whatCannotBeBoundChangesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                Http2Browser browser = new Http2Browser(gateway.port())) {
            String other = "listeners.other { listen = \"0.0.0.0:" + taken.getLocalPort() + "\", access-log = []\n"
                    + ROUTES + " }\n";
            String text = main("", "routes = [{ prefix = \"/\", cluster = two }]") + other + clusters(first, second);
            assertThatThrownBy(() -> gateway.apply(Setup.parse(text)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on 0.0.0.0:" + taken.getLocalPort());
            assertThat(status(browser)).isEqualTo("1");
            assertThat(browser.peer().goAways()).isEmpty();
        }
    }

    @Test
    void tokensOfARateLimitThatIsTheSameAreNotFilledUp() throws Exception {
        String routes = "routes = [{ prefix = \"/\", cluster = one }]";
        apply(main(limit(2), routes) + clusters(first, second));
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(status(browser)).isEqualTo("1");
            apply(main(limit(2), "routes = [{ prefix = \"/\", cluster = two }]") + clusters(first, second));
            assertThat(status(browser)).isEqualTo("2");
            assertThat(status(browser)).isEqualTo("8");
            apply(main(limit(3), routes) + clusters(first, second));
            assertThat(status(browser)).isEqualTo("1");
        }
    }

    private static String limit(int tokens) {
        return "filters = [cors, grpc-web, { type = rate-limit, bucket { max = " + tokens
                + ", fill = 1, interval = 1h } }, router]";
    }
}
