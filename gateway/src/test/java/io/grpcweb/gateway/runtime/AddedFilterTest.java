package io.grpcweb.gateway.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.filter.greeting.GreetingKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A list with a kind of filter that is not the gateway's own: it is read from both formats, written and run. */
class AddedFilterTest {
    private static final FilterKinds KINDS = FilterKinds.ALL.with(new GreetingKind());
    private static final String OWN = """
            node.cluster = edges
            listeners.main {
              listen = "127.0.0.1:0"
              access-log = []
              filters = [%s]
              routes = [
                { prefix = "/plain", respond { status = 200 } }
                { prefix = "/off", respond { status = 200 }, filters { greeting = off } }
                { prefix = "/other", respond { status = 200 }, filters { greeting { text = other } } }
                { prefix = "/typed", respond { status = 200 }
                  filters { greeting { type = envoy, typed-config { "@type" = "x/example.GreetingOfRoute", text = route } } } }
              ]
            }
            """;
    private static final String ENVOY = """
            node: { id: a, cluster: edges }
            static_resources:
              listeners:
              - name: edge
                address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                filter_chains:
                - filters:
                  - name: envoy.filters.network.http_connection_manager
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: edge
                      http_filters:
                      - name: greeting
                      - name: envoy.filters.http.router
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          typed_per_filter_config:
                            greeting: { "@type": x/example.GreetingOfRoute, text: host }
                          routes:
                          - match: { prefix: /typed }
                            direct_response: { status: 200 }
                            typed_per_filter_config:
                              greeting: { "@type": x/example.GreetingOfRoute, text: route }
                          - match: { prefix: /plain }
                            direct_response: { status: 200 }
            """;

    private final HttpClient client = HttpClient.newHttpClient();

    private static GatewayConfig own(String filter) throws ConfigException {
        return GatewayConf.parse(OWN.formatted(filter), "own.conf", KINDS.ownFormats());
    }

    private static GatewayConfig envoy() throws ConfigException {
        return EnvoyBootstrap.read(
                Optional.empty(), Optional.of(ENVOY), new EnvoyBootstrap.Options(false, false, KINDS.list()));
    }

    private String greeting(RunningGateway gateway, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.headers().firstValue("x-greeting").orElse("none");
    }

    @Test
    void itRunsWithTheSettingsOfItsPlace() throws Exception {
        try (RunningGateway gateway = RunningGateway.of(own("cors, { type = greeting, text = hi }"), 1, KINDS)) {
            assertThat(greeting(gateway, "/plain")).isEqualTo("hi from edges");
            assertThat(greeting(gateway, "/off")).isEqualTo("none");
            assertThat(greeting(gateway, "/other")).isEqualTo("other from edges");
            assertThat(greeting(gateway, "/typed")).isEqualTo("hi, route from edges");
        }
    }

    @Test
    void itRunsAsAMessageOfEnvoyInTheOwnFormat() throws Exception {
        GatewayConfig config =
                own("{ type = envoy, name = greeting, typed-config { \"@type\" = \"x/example.Greeting\" } }");
        try (RunningGateway gateway = RunningGateway.of(config, 1, KINDS)) {
            assertThat(greeting(gateway, "/plain")).isEqualTo("hello from edges");
        }
    }

    @Test
    void itRunsFromAFileOfEnvoyAndItsKindJoinsTheSettingsOfAllPlaces() throws Exception {
        try (RunningGateway gateway = RunningGateway.of(envoy(), 1, KINDS)) {
            assertThat(greeting(gateway, "/plain")).isEqualTo("hello, host from edges");
            assertThat(greeting(gateway, "/typed")).isEqualTo("hello, route, host from edges");
        }
    }

    @Test
    void itIsWrittenAndReadBack() throws ConfigException {
        GatewayConfig config = envoy();
        String text = GatewayConf.write(config, KINDS.ownFormats());

        assertThat(GatewayConf.parse(text, "imported", KINDS.ownFormats())
                        .listeners()
                        .get(0)
                        .chains()
                        .get(0)
                        .http()
                        .filters())
                .isEqualTo(config.listeners().get(0).chains().get(0).http().filters());
        assertThat(text).contains("type = \"greeting\"");
    }

    @Test
    void theGatewaysOwnListDoesNotHaveIt() {
        assertThatThrownBy(() -> GatewayConf.parse(OWN.formatted("greeting"), "own.conf", FilterKinds.ALL.ownFormats()))
                .hasMessageContaining("'greeting' is none of the filters cors, grpc-web, router");
    }
}
