package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.PlaneResources;
import io.grpcweb.gateway.testing.ScriptedPlane;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the admin pages show of resources that come from elsewhere. */
class ElsewherePagesTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Gateway gateway;

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.stop();
        }
    }

    private String page(String path) {
        Answer answer = Http1Browser.once(gateway.adminAddress().getPort(), "GET", path, "host", "admin");
        return answer.text();
    }

    @Test
    void clustersAreShownWhileTheStartWaitsForThem() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            gateway = Gateway.start(PlaneResources.bootstrap(plane.port(), "GRPC", "15s"), 1);
            plane.request(ResourceType.CLUSTER);
            plane.send(ResourceType.CLUSTER, "1", PlaneResources.cluster("echo"));
            plane.request(ResourceType.ENDPOINTS);

            assertThat(page("/clusters")).contains("xds::added_via_api::false", "echo::added_via_api::true");

            plane.send(ResourceType.ENDPOINTS, "1", PlaneResources.assignment("echo", 1));
            plane.request(ResourceType.LISTENER);
            plane.send(ResourceType.CLUSTER, "2", PlaneResources.cluster("echo"), PlaneResources.cluster("later"));
            plane.request(ResourceType.ENDPOINTS);
            assertThat(page("/clusters?format=json"))
                    .contains("\"added_via_api\": true", "\"echo\"")
                    .doesNotContain("later");
        }
    }

    /** The routes are of the second version, and everything else of the first one. */
    @Test
    void whatACallMeetsIsSaidWithTheResourcesThatDecide() throws Exception {
        try (ScriptedPlane plane = new ScriptedPlane()) {
            gateway = Gateway.start(PlaneResources.bootstrap(plane.port(), "GRPC", "15s"), 1);
            plane.request(ResourceType.CLUSTER);
            plane.send(ResourceType.CLUSTER, "1", PlaneResources.cluster("echo"));
            plane.request(ResourceType.ENDPOINTS);
            plane.send(ResourceType.ENDPOINTS, "1", PlaneResources.assignment("echo", 4711));
            plane.request(ResourceType.LISTENER);
            plane.send(ResourceType.LISTENER, "1", PlaneResources.listener("web"));
            plane.request(ResourceType.ROUTES);
            plane.send(ResourceType.ROUTES, "1", PlaneResources.routes("main", "/", "echo"));
            await().atMost(LONG).until(() -> page("/ready").equals("LIVE\n"));
            plane.send(ResourceType.ROUTES, "2", PlaneResources.routes("main", "/shop", "echo"));
            await().atMost(LONG).until(() -> page("/explain?method=/a.B/C").contains("none fits"));

            assertThat(page("/explain?method=/shop.S/M"))
                    .startsWith("listener web at 127.0.0.1:0\n  Listener web, version 1\n")
                    .containsPattern("route +prefix /shop\n +RouteConfiguration main, version 2")
                    .containsPattern("cluster +echo: HTTP2 to 127.0.0.1:4711\\R +Cluster echo, version 1.*;"
                            + " ClusterLoadAssignment echo, version 1\\R");
            assertThat(page("/explain?method=/shop.S/M&listener=other")).isEqualTo("There is no listener 'other'.\n");
            assertThat(page("/explain?method=/a.B/C&headers=no%20field")).contains("is not NAME: VALUE");
            assertThat(page("/explain")).contains("a method is required");
        }
    }

    private Path secret(String name, Certificates certificates) throws Exception {
        return Files.writeString(folder.resolve(name), """
                resources:
                - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
                  name: server
                  tls_certificate: %s
                """.formatted(certificates.yaml()));
    }

    @Test
    void certificatesAreThoseThatHaveComeLast() throws Exception {
        Path keys = Files.createDirectories(folder.resolve("keys"));
        Path others = Files.createDirectories(folder.resolve("others"));
        Path file = secret("sds.yaml", new Certificates(keys, "EC", "dns:one.example"));
        gateway = Gateway.start(
                EnvoyBootstrap.read(
                        Optional.empty(),
                        Optional.of("""
                                node: { id: test, cluster: tests }
                                admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
                                static_resources:
                                  listeners:
                                  - name: web
                                    address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                                    filter_chains:
                                    - transport_socket:
                                        name: tls
                                        typed_config:
                                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                                          common_tls_context:
                                            tls_certificate_sds_secret_configs:
                                            - { name: server, sds_config: { path_config_source: { path: "%s" } } }
                                      filters:
                                      - name: http
                                        typed_config:
                                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                                          stat_prefix: web
                                          route_config: { virtual_hosts: [ { name: all, domains: ["*"], routes: [ { match: { prefix: / }, direct_response: { status: 200 } } ] } ] }
                                          http_filters:
                                          - name: router
                                            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                                """.formatted(file)),
                        new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list())),
                1);
        await().atMost(LONG).until(() -> page("/certs").contains("one.example"));
        assertThat(page("/certs")).contains("\"path\": \"<inline>\"").doesNotContain("PRIVATE");

        Path next = secret("next.yaml", new Certificates(others, "EC", "dns:two.example"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

        await().atMost(LONG).until(() -> page("/certs").contains("two.example"));
        assertThat(page("/certs")).doesNotContain("one.example");
    }
}
