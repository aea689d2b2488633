package io.grpcweb.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.runtime.RunningGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an Envoy file is given to in tests: the gateway, the gateway by way of its own format, and a real Envoy where there
 * is one ({@code -Denvoy.binary=PATH}), so that a test says what Envoy does and not what somebody thinks it does.
 */
public enum Subject {
    GATEWAY,
    IMPORTED,
    ENVOY;

    private static final String ADMIN =
            "\nadmin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }\n";

    static Stream<Subject> all() {
        return Stream.of(values())
                .filter(one -> one != ENVOY || !RealEnvoy.binary().isEmpty());
    }

    /** A started program. */
    public interface Running extends AutoCloseable {
        /** Of its first listener. */
        int port();

        /** Its admin listener. */
        int adminPort();

        /** A page of the admin listener. */
        default String page(String path) {
            return Http1Browser.once(adminPort(), "GET", path).text();
        }

        /** Has the admin listener do something; what it says to that. */
        default String order(String path) {
            return Http1Browser.once(adminPort(), "POST", path, "content-length", "0")
                    .text();
        }

        /** The counters and gauges of the cluster "backend" whose names fit, without the prefix. */
        default Map<String, String> stats(Pattern names) {
            Map<String, String> found = new TreeMap<>();
            page("/stats").lines().forEach(line -> {
                int colon = line.indexOf(": ");
                if (line.startsWith("cluster.backend.") && colon > 0) {
                    String name = line.substring("cluster.backend.".length(), colon);
                    if (names.matcher(name).matches()) {
                        found.put(name, line.substring(colon + 2));
                    }
                }
            });
            return found;
        }

        /** Says that it is not well. */
        default void fail() {
            assertThat(order("/healthcheck/fail")).isEqualTo("OK\n");
        }

        @Override
        void close();
    }

    public Running start(EnvoyFile file) {
        return start(file.text());
    }

    /** With an admin listener, if the text has none. */
    public Running start(String text) {
        String yaml = text.startsWith("admin:") ? text : text + ADMIN;
        try {
            return this == ENVOY ? new RealEnvoy(yaml) : gateway(yaml);
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage() + "\n" + yaml, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Running gateway(String yaml) throws ConfigException {
        GatewayConfig config = EnvoyBootstrap.read(Optional.empty(), Optional.of(yaml), Configs.envoy(false, false));
        if (this == IMPORTED) {
            config = Configs.parse(Configs.write(config), "imported");
        }
        RunningGateway gateway = RunningGateway.of(config);
        return new Running() {
            @Override
            public int port() {
                return gateway.port();
            }

            @Override
            public int adminPort() {
                return gateway.adminPort();
            }

            @Override
            public void close() {
                gateway.close();
            }
        };
    }
}
