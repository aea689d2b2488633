package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryRequest;
import io.grpcweb.gateway.source.xds.proto.DiscoveryRequest;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.PlaneResources;
import io.grpcweb.gateway.testing.ProtoBytes;
import io.grpcweb.gateway.testing.Relay;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.ScriptedPlane;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway whose listeners, routes, clusters and endpoints come from a control plane. */
class ControlPlaneTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final Duration LONG = Duration.ofSeconds(20);

    private ScriptedBackend one;
    private ScriptedBackend two;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        one = new ScriptedBackend().on(PATH, seen -> seen.trailersOnly("grpc-status", "1"));
        two = new ScriptedBackend().on(PATH, seen -> seen.trailersOnly("grpc-status", "2"));
    }

    @AfterEach
    void stop() throws Exception {
        if (gateway != null) {
            gateway.stop();
        }
        one.close();
        two.close();
    }

    private void start(int port, String kind, String wait) throws Exception {
        gateway = Gateway.start(PlaneResources.bootstrap(port, kind, wait), 1);
    }

    /** Sends the first configuration: everything goes to the first backend. */
    private void serve(ScriptedPlane plane) throws InterruptedException {
        plane.request(ResourceType.CLUSTER);
        plane.send(ResourceType.CLUSTER, "1", PlaneResources.cluster("echo"), PlaneResources.cluster("other"));
        assertThat(plane.request(ResourceType.ENDPOINTS).getResourceNamesList()).containsExactly("echo", "other");
        plane.send(
                ResourceType.ENDPOINTS,
                "1",
                PlaneResources.assignment("echo", one.port()),
                PlaneResources.assignment("other", two.port()));
        plane.request(ResourceType.LISTENER);
        plane.send(ResourceType.LISTENER, "1", PlaneResources.listener("web"));
        assertThat(plane.request(ResourceType.ROUTES).getResourceNamesList()).containsExactly("main");
        plane.send(ResourceType.ROUTES, "1", PlaneResources.routes("main", "/", "echo"));
        await().atMost(LONG).until(() -> !gateway.addresses().isEmpty());
    }

    private String call() {
        int port = ((InetSocketAddress) gateway.addresses().get(0)).getPort();
        return Http1Browser.once(port, "POST", PATH, WEB).grpcStatus();
    }

    private Answer page(String path) {
        return Http1Browser.once(gateway.adminAddress().getPort(), "GET", path, "host", "admin");
    }

    @Test
    void theFirstConfigurationAndWhatChangesOfIt() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            start(plane.port(), "GRPC", "15s");
            assertThat(page("/ready").text()).isEqualTo("PRE_INITIALIZING\n");
            serve(plane);
            assertThat(call()).isEqualTo("1");
            await().atMost(LONG).until(() -> page("/ready").status() == 200);

            plane.send(ResourceType.ROUTES, "2", PlaneResources.routes("main", "/", "other"));
            assertThat(plane.request(ResourceType.ROUTES).getVersionInfo()).isEqualTo("1");
            DiscoveryRequest taken = plane.request(ResourceType.ROUTES);
            assertThat(taken.getVersionInfo()).isEqualTo("2");
            assertThat(taken.getResponseNonce()).isEqualTo("ROUTES2");
            assertThat(call()).isEqualTo("2");

            plane.send(
                    ResourceType.ENDPOINTS,
                    "2",
                    PlaneResources.assignment("echo", one.port()),
                    PlaneResources.assignment("other", one.port()));
            await().atMost(LONG).until(() -> call().equals("1"));
            assertThat(page("/config_dump?include_eds").text())
                    .contains("dynamic_active_clusters", "dynamic_listeners", "dynamic_endpoint_configs");
        }
    }

    @Test
    void aFileOfTheOwnFormatThatNamesOne() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            gateway = Gateway.start(Configs.parse("""
                            node { id = edge-1, cluster = shop }
                            admin.listen = "127.0.0.1:0"
                            clusters.plane.endpoints = ["127.0.0.1:%d"]
                            control-plane { cluster = plane, changes-only = false, headers = ["x-token: secret"] }
                            """.formatted(plane.port()), "gateway.conf"), 1);
            serve(plane);
            assertThat(call()).isEqualTo("1");
        }
    }

    @Test
    void whatIsRefusedLeavesTheOldInForce() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            start(plane.port(), "GRPC", "15s");
            serve(plane);
            plane.request(ResourceType.LISTENER);

            plane.send(ResourceType.LISTENER, "2", PlaneResources.listener("web", "acme.filters.Magic"));

            DiscoveryRequest refused = plane.request(ResourceType.LISTENER);
            assertThat(refused.getVersionInfo()).isEqualTo("1");
            assertThat(refused.getErrorDetail().getCode()).isEqualTo(13);
            assertThat(refused.getErrorDetail().getMessage())
                    .startsWith("Error adding/updating listener(s) web: ")
                    .contains("acme.filters.Magic");
            assertThat(call()).isEqualTo("1");
            assertThat(page("/config_dump?resource=dynamic_listeners").text()).contains("error_state");
        }
    }

    @Test
    void aControlPlaneThatDiesAndComesBackFindsEverythingInForce() throws Exception {
        int port;
        try (ScriptedPlane plane = new ScriptedPlane()) {
            port = plane.port();
            start(port, "GRPC", "15s");
            serve(plane);
            plane.request(ResourceType.ROUTES);
        }
        assertThat(call()).isEqualTo("1");
        try (ScriptedPlane again = new ScriptedPlane(port)) {
            DiscoveryRequest first = again.request(ResourceType.CLUSTER);
            assertThat(first.getVersionInfo()).isEqualTo("1");
            assertThat(first.getResponseNonce()).isEmpty();
            assertThat(first.getNode().getId()).isEqualTo("test");
            again.request(ResourceType.ROUTES);
            again.send(ResourceType.ROUTES, "9", PlaneResources.routes("main", "/", "other"));
            await().atMost(LONG).until(() -> call().equals("2"));
        }
    }

    @Test
    void changesAlone() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            start(plane.port(), "DELTA_GRPC", "15s");
            plane.delta(ResourceType.CLUSTER);
            plane.change(ResourceType.CLUSTER, "1", "echo", PlaneResources.cluster("echo"));
            assertThat(plane.delta(ResourceType.ENDPOINTS).getResourceNamesSubscribeList())
                    .containsExactly("echo");
            plane.change(ResourceType.ENDPOINTS, "1", "echo", PlaneResources.assignment("echo", one.port()));
            plane.delta(ResourceType.LISTENER);
            plane.change(ResourceType.LISTENER, "1", "web", PlaneResources.listener("web"));
            plane.delta(ResourceType.ROUTES);
            plane.change(ResourceType.ROUTES, "1", "main", PlaneResources.routes("main", "/", "echo"));
            await().atMost(LONG).until(() -> !gateway.addresses().isEmpty());
            assertThat(call()).isEqualTo("1");

            plane.drop();

            DeltaDiscoveryRequest again;
            do {
                again = plane.delta(ResourceType.CLUSTER);
            } while (!again.getResponseNonce().isEmpty());
            assertThat(again.getInitialResourceVersionsMap()).containsEntry("echo", "1");
            assertThat(call()).isEqualTo("1");
        }
    }

    /** Half of an answer is nothing; the whole of it comes with the next stream. */
    @Test
    void oneThatIsKilledInTheMiddleOfAnAnswer() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane();
                Relay way = new Relay(plane.port())) {
            start(Endpoint.parse(way.address()).orElseThrow().port(), "GRPC", "15s");
            serve(plane);
            ProtoBytes many = PlaneResources.routes("main", "/" + "x".repeat(60_000), "other");

            way.breakAfter(40_000);
            plane.send(ResourceType.ROUTES, "2", many);

            DiscoveryRequest again;
            do {
                again = plane.request(ResourceType.ROUTES);
            } while (!again.getResponseNonce().isEmpty());
            assertThat(again.getVersionInfo()).isEqualTo("1");
            assertThat(again.getErrorDetail().getMessage()).isEmpty();
            assertThat(call()).isEqualTo("1");

            plane.send(ResourceType.ROUTES, "3", PlaneResources.routes("main", "/", "other"));
            await().atMost(LONG).until(() -> call().equals("2"));
        }
    }

    @Test
    void aMessageThatIsTooLargeEndsTheStreamAlone() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            start(plane.port(), "GRPC", "15s");
            serve(plane);

            plane.raw(new byte[64 << 20]);

            assertThat(plane.request(ResourceType.CLUSTER).getResponseNonce()).isEmpty();
            assertThat(call()).isEqualTo("1");
        }
    }

    @Test
    void bytesThatAreNoMessageEndTheStreamAlone() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            start(plane.port(), "GRPC", "15s");
            serve(plane);

            plane.raw(new byte[] {-1, -1, -1, -1});

            assertThat(plane.request(ResourceType.CLUSTER).getResponseNonce()).isEmpty();
            assertThat(call()).isEqualTo("1");
        }
    }

    @Test
    void oneThatSaysNothingIsWaitedForNoLongerThanItsTime() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            start(mute.getLocalPort(), "GRPC", "0.3s");
            await().atMost(LONG).until(() -> page("/ready").status() == 200);
            assertThat(gateway.addresses()).isEmpty();
            assertThat(page("/stats?filter=init_fetch_timeout").text())
                    .contains(
                            "cluster_manager.cds.init_fetch_timeout: 1", "listener_manager.lds.init_fetch_timeout: 1");
        }
    }

    @Test
    void oneThatSpeaksAnotherProtocolIsTriedAgain() throws Exception {
        int port;
        try (ServerSocket strange = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = strange.getLocalPort();
            start(port, "GRPC", "15s");
            try (Socket peer = strange.accept()) {
                peer.getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            }
        }
        try (ScriptedPlane plane = new ScriptedPlane(port)) {
            serve(plane);
            assertThat(call()).isEqualTo("1");
        }
    }
}
