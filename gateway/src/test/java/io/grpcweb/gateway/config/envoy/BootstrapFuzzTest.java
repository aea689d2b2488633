package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Configurations: each is read, or refused with what is wrong with it. */
class BootstrapFuzzTest {
    private static final Schema SCHEMA = Schema.load(FilterKinds.ALL.list());
    private static final List<String> RESOURCES = List.of(
            "envoy.config.cluster.v3.Cluster",
            "envoy.config.listener.v3.Listener",
            "envoy.config.route.v3.RouteConfiguration",
            "envoy.config.endpoint.v3.ClusterLoadAssignment",
            "envoy.extensions.transport_sockets.tls.v3.Secret");

    @FuzzTest(maxDuration = "15m")
    void aBootstrapIsReadOrRefused(byte[] input) {
        try {
            EnvoyBootstrap.read(
                    Optional.empty(),
                    Optional.of(new String(input, StandardCharsets.UTF_8)),
                    Configs.envoy(false, false));
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty();
        }
    }

    @FuzzTest(maxDuration = "15m")
    void aFileOfTheOwnFormatIsReadOrRefused(byte[] input) {
        try {
            Configs.parse(new String(input, StandardCharsets.UTF_8), "fuzz.conf");
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty();
        }
    }

    /** What a control plane sends; the first byte says of which type. */
    @FuzzTest(maxDuration = "15m")
    void aResourceIsReadOrRefused(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] message = java.util.Arrays.copyOfRange(input, 1, input.length);
        String type = RESOURCES.get((input[0] & 0xff) % RESOURCES.size());
        Problems problems = new Problems();
        try {
            Yaml.Mapping tree = BinaryReader.read("resource", message, type, SCHEMA);
            new Checker(SCHEMA, Support.load(FilterKinds.ALL.list()), problems, true).check(type, tree);
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty();
        }
    }
}
