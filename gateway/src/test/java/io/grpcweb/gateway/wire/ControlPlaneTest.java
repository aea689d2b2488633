package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryRequest;
import io.grpcweb.gateway.source.xds.proto.DiscoveryRequest;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ProtoBytes;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.ScriptedPlane;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway whose listeners, routes, clusters and endpoints come from a control plane. */
class ControlPlaneTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String NETWORK = "envoy.extensions.filters.network.http_connection_manager.v3.";

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

    private static GatewayConfig bootstrap(int port, String kind, String wait) throws ConfigException {
        String text = """
                node: { id: test, cluster: tests }
                admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
                dynamic_resources:
                  ads_config:
                    api_type: %s
                    transport_api_version: V3
                    set_node_on_first_message_only: true
                    grpc_services: [{ envoy_grpc: { cluster_name: xds } }]
                  cds_config: { ads: {}, initial_fetch_timeout: %s }
                  lds_config: { ads: {}, initial_fetch_timeout: %s }
                static_resources:
                  clusters:
                  - name: xds
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: { http2_protocol_options: {} }
                    load_assignment:
                      cluster_name: xds
                      endpoints:
                      - lb_endpoints:
                        - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                """.formatted(kind, wait, wait, port);
        return EnvoyBootstrap.read(
                Optional.empty(), Optional.of(text), new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list()));
    }

    private void start(int port, String kind, String wait) throws Exception {
        gateway = Gateway.start(bootstrap(port, kind, wait), 1);
    }

    private static ProtoBytes address(String host, int port) {
        return new ProtoBytes().message(1, socket -> socket.text(2, host).number(3, port));
    }

    /** An {@code envoy.config.cluster.v3.Cluster} of type EDS that speaks HTTP/2. */
    private static ProtoBytes cluster(String name) {
        return new ProtoBytes()
                .text(1, name)
                .number(2, 3)
                .message(3, eds -> eds.message(1, source -> source.message(3, ads -> {})))
                .message(4, timeout -> timeout.number(1, 5))
                .message(14, http2 -> {});
    }

    private static ProtoBytes assignment(String name, int port) {
        return new ProtoBytes()
                .text(1, name)
                .message(
                        2,
                        place -> place.message(
                                2,
                                endpoint -> endpoint.message(
                                        1,
                                        content -> content.bytes(
                                                1, address("127.0.0.1", port).toBytes()))));
    }

    private static ProtoBytes routes(String name, String prefix, String cluster) {
        return new ProtoBytes().text(1, name).message(2, host -> host.text(1, "all")
                .text(2, "*")
                .message(3, route -> route.message(1, match -> match.text(1, prefix))
                        .message(2, action -> action.text(1, cluster))));
    }

    private static ProtoBytes listener(String name, String filter) {
        return new ProtoBytes()
                .text(1, name)
                .bytes(2, address("127.0.0.1", 0).toBytes())
                .message(
                        3,
                        chain -> chain.message(3, network -> network.text(1, "http")
                                .any(4, NETWORK + "HttpConnectionManager", manager -> manager.text(2, "web")
                                        .message(3, rds -> rds.message(1, source -> source.message(3, ads -> {}))
                                                .text(2, "main"))
                                        .message(5, web -> web.text(1, "envoy.filters.http.grpc_web")
                                                .any(
                                                        4,
                                                        "envoy.extensions.filters.http.grpc_web.v3.GrpcWeb",
                                                        nothing -> {}))
                                        .message(5, last -> last.text(1, filter).any(4, filter, nothing -> {})))));
    }

    private static ProtoBytes listener(String name) {
        return listener(name, "envoy.extensions.filters.http.router.v3.Router");
    }

    /** Sends the first configuration: everything goes to the first backend. */
    private void serve(ScriptedPlane plane) throws InterruptedException {
        plane.request(ResourceType.CLUSTER);
        plane.send(ResourceType.CLUSTER, "1", cluster("echo"), cluster("other"));
        assertThat(plane.request(ResourceType.ENDPOINTS).getResourceNamesList()).containsExactly("echo", "other");
        plane.send(ResourceType.ENDPOINTS, "1", assignment("echo", one.port()), assignment("other", two.port()));
        plane.request(ResourceType.LISTENER);
        plane.send(ResourceType.LISTENER, "1", listener("web"));
        assertThat(plane.request(ResourceType.ROUTES).getResourceNamesList()).containsExactly("main");
        plane.send(ResourceType.ROUTES, "1", routes("main", "/", "echo"));
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

            plane.send(ResourceType.ROUTES, "2", routes("main", "/", "other"));
            assertThat(plane.request(ResourceType.ROUTES).getVersionInfo()).isEqualTo("1");
            DiscoveryRequest taken = plane.request(ResourceType.ROUTES);
            assertThat(taken.getVersionInfo()).isEqualTo("2");
            assertThat(taken.getResponseNonce()).isEqualTo("ROUTES2");
            assertThat(call()).isEqualTo("2");

            plane.send(ResourceType.ENDPOINTS, "2", assignment("echo", one.port()), assignment("other", one.port()));
            await().atMost(LONG).until(() -> call().equals("1"));
            assertThat(page("/config_dump?include_eds").text())
                    .contains("dynamic_active_clusters", "dynamic_listeners", "dynamic_endpoint_configs");
        }
    }

    @Test
    void whatIsRefusedLeavesTheOldInForce() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            start(plane.port(), "GRPC", "15s");
            serve(plane);
            plane.request(ResourceType.LISTENER);

            plane.send(ResourceType.LISTENER, "2", listener("web", "acme.filters.Magic"));

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
            again.send(ResourceType.ROUTES, "9", routes("main", "/", "other"));
            await().atMost(LONG).until(() -> call().equals("2"));
        }
    }

    @Test
    void changesAlone() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            start(plane.port(), "DELTA_GRPC", "15s");
            plane.delta(ResourceType.CLUSTER);
            plane.change(ResourceType.CLUSTER, "1", "echo", cluster("echo"));
            assertThat(plane.delta(ResourceType.ENDPOINTS).getResourceNamesSubscribeList())
                    .containsExactly("echo");
            plane.change(ResourceType.ENDPOINTS, "1", "echo", assignment("echo", one.port()));
            plane.delta(ResourceType.LISTENER);
            plane.change(ResourceType.LISTENER, "1", "web", listener("web"));
            plane.delta(ResourceType.ROUTES);
            plane.change(ResourceType.ROUTES, "1", "main", routes("main", "/", "echo"));
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
