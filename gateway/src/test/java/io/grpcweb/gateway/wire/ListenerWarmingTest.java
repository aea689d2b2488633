package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.PlaneResources;
import io.grpcweb.gateway.testing.ScriptedPlane;
import io.grpcweb.gateway.testing.Tokens;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens before the port of a listener from elsewhere opens. */
class ListenerWarmingTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Tokens TOKENS = new Tokens();

    @TempDir
    private Path folder;

    private Gateway gateway;

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.stop();
        }
    }

    private Answer page(String path) {
        return Http1Browser.once(gateway.adminAddress().getPort(), "GET", path, "host", "admin");
    }

    private static String listener(String name, String issuer) {
        return """
                - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
                  name: %s
                  address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                  filter_chains:
                  - filters:
                    - name: http
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                        stat_prefix: web
                        route_config: { virtual_hosts: [ { name: all, domains: ["*"], routes: [ { match: { prefix: / }, direct_response: { status: 200 } } ] } ] }
                        http_filters:
                        - name: jwt
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
                            providers:
                              main:
                                issuer: %s
                                remote_jwks: { http_uri: { uri: "http://keys.example/%s", cluster: keys, timeout: 5s }, async_fetch: { fast_listener: false } }
                            rules: [ { match: { prefix: / }, requires: { provider_name: main } } ]
                        - name: router
                          typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                """.formatted(name, issuer, name);
    }

    private GatewayConfig bootstrap(Path listeners, int keys) throws Exception {
        String text = """
                node: { id: test, cluster: tests }
                admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
                dynamic_resources: { lds_config: { path_config_source: { path: "%s" } } }
                static_resources:
                  clusters:
                  - name: keys
                    load_assignment:
                      cluster_name: keys
                      endpoints:
                      - lb_endpoints:
                        - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                """.formatted(listeners, keys);
        return EnvoyBootstrap.read(
                Optional.empty(), Optional.of(text), new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list()));
    }

    private int status(int listener) {
        int port = ((InetSocketAddress) gateway.addresses().get(listener)).getPort();
        return Http1Browser.once(port, "GET", "/", "host", "a", "authorization", "Bearer " + TOKENS.good())
                .status();
    }

    @Test
    void itsFiltersFetchWhatTheyNeed() throws Exception {
        Path file = Files.writeString(
                folder.resolve("lds.yaml"), "resources:\n" + listener("one", "https://issuer.example"));
        Gate first = new Gate();
        Gate second = new Gate();
        try (Http1Backend keys = new Http1Backend(request -> {
            try {
                (request.path().equals("/one") ? first : second).pass();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            String set = TOKENS.keys("RS256");
            return "HTTP/1.1 200 OK\r\ncontent-length: " + set.length() + "\r\n\r\n" + set;
        })) {
            gateway = Gateway.start(bootstrap(file, keys.port()), 1);
            assertThat(keys.next().path()).isEqualTo("/one");
            assertThat(page("/ready").text()).isEqualTo("INITIALIZING\n");
            assertThat(page("/init_dump").text()).contains("HTTP filters");
            assertThat(gateway.addresses()).isEmpty();

            first.open();

            await().atMost(LONG).until(() -> page("/ready").status() == 200);
            assertThat(status(0)).isEqualTo(200);

            Path next = Files.writeString(
                    folder.resolve("next.yaml"),
                    "resources:\n" + listener("one", "https://issuer.example")
                            + listener("two", "https://issuer.example"));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            assertThat(keys.next().path()).isEqualTo("/two");
            assertThat(gateway.addresses()).hasSize(1);

            second.open();

            await().atMost(LONG).until(() -> gateway.addresses().size() == 2);
            assertThat(status(1)).isEqualTo(200);
        }
    }

    /** Long before the gateway is live and the port would open. */
    @Test
    void aPortThatIsTakenIsTold() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedPlane plane = new ScriptedPlane()) {
            gateway = Gateway.start(PlaneResources.bootstrap(plane.port(), "GRPC", "15s"), 1);
            plane.request(ResourceType.CLUSTER);
            plane.send(ResourceType.CLUSTER, "1");
            plane.request(ResourceType.LISTENER);

            plane.send(
                    ResourceType.LISTENER,
                    "1",
                    PlaneResources.listener("one", taken.getLocalPort()),
                    PlaneResources.listener("two"));

            assertThat(plane.request(ResourceType.LISTENER).getErrorDetail().getMessage())
                    .contains("one: cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use")
                    .doesNotContain("two");
            assertThat(page("/ready").text()).isEqualTo("INITIALIZING\n");
        }
    }
}
