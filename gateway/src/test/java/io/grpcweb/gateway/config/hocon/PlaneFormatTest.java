package io.grpcweb.gateway.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.DynamicConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ResourceSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A control plane in the gateway's own format. */
final class PlaneFormatTest {
    private static final String CLUSTER = "clusters.plane.endpoints = [\"plane.example:18000\"]\n";

    private static GatewayConfig read(String text) throws ConfigException {
        return Configs.parse(text, "gateway.conf");
    }

    @Test
    void theShortestGivesEverything() throws ConfigException {
        DynamicConfig config =
                read(CLUSTER + "control-plane { cluster = plane }").dynamic();

        assertThat(config.aggregated()).contains(new ControlPlane("plane", "", true, true, List.of()));
        assertThat(config.clusters())
                .contains(new ResourceSource(new ResourceSource.Aggregated(), Duration.ofSeconds(15)));
        assertThat(config.listeners()).isEqualTo(config.clusters());
        assertThat(config.reader()).isPresent();
    }

    @Test
    void everythingThatMayBeSaid() throws ConfigException {
        GatewayConfig config = read(CLUSTER + """
                listeners.main { listen = "127.0.0.1:0" }
                allow-unknown-clusters = true
                control-plane {
                  cluster = plane, authority = plane.example, changes-only = false, gives-listeners = false, wait = 0s
                  headers = ["x-token: a:b", { name = x-zone, value = eu }], metadata { role = edge, deep { weight = 3 } }
                }""");

        assertThat(config.dynamic().aggregated())
                .contains(new ControlPlane(
                        "plane",
                        "plane.example",
                        false,
                        true,
                        List.of(new ControlPlane.Field("x-token", "a:b"), new ControlPlane.Field("x-zone", "eu"))));
        assertThat(config.dynamic().clusters())
                .contains(new ResourceSource(new ResourceSource.Aggregated(), Duration.ZERO));
        assertThat(config.dynamic().listeners()).isEmpty();
        assertThat(config.dynamic().node()).isEqualTo(Map.of("role", "edge", "deep", Map.of("weight", 3)));
        DynamicConfig again = read(Configs.write(config)).dynamic();
        assertThat(again.isSame(config.dynamic())).isTrue();
    }

    @Test
    void withoutOneNothingComesFromElsewhere() throws ConfigException {
        assertThat(read(CLUSTER + "listeners.main { listen = \"127.0.0.1:0\" }").dynamic())
                .isEqualTo(DynamicConfig.NONE);
    }

    @Test
    void whatOnlyABootstrapCanSayIsNamed() throws ConfigException {
        DynamicConfig files = new DynamicConfig(
                Optional.empty(),
                Optional.of(new ResourceSource(
                        new ResourceSource.InFile("/etc/lds.yaml", Optional.empty()), Duration.ofSeconds(15))),
                Optional.empty(),
                Map.of(),
                Optional.empty());
        assertThat(GatewayConf.leftOut(GatewayConf.USUAL.with(files)))
                .containsExactly("dynamic_resources: only a stream for all kinds of resources (ads) has a form here");
        GatewayConfig config = read(CLUSTER + "control-plane { cluster = plane }");
        assertThat(GatewayConf.leftOut(config)).isEmpty();
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThatThrownBy(() -> read("control-plane { cluster = plan, wiat = 1s, headers = [\"x\"] }\n" + CLUSTER))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "gateway.conf:1",
                        "there is no cluster 'plan'",
                        "unknown key",
                        "\"NAME: VALUE\" is expected, not 'x'");
        assertThatThrownBy(() -> read(CLUSTER + "control-plane {}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("control-plane { cluster = NAME }");
        assertThatThrownBy(() -> read(CLUSTER + "control-plane { cluster = plane, gives-listeners = false }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least one listener is required");
    }
}
