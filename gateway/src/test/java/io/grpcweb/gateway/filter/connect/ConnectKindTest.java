package io.grpcweb.gateway.filter.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.RouteConfig.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code connect} as a setting of places, in the gateway's own format. */
class ConnectKindTest {
    private static GatewayConfig config(String listener) throws ConfigException {
        return Configs.parse(
                "listeners.main {\n listen = \"127.0.0.1:8080\"\n" + listener
                        + "\n}\nclusters.backend.endpoints = [\"127.0.0.1:1\"]\n",
                "x.conf");
    }

    private static List<Route> routes(String listener) throws ConfigException {
        return config(listener)
                .listeners()
                .get(0)
                .chains()
                .get(0)
                .http()
                .routes()
                .virtualHosts()
                .get(0)
                .routes();
    }

    private static ConnectConfig of(Route route) {
        return (ConnectConfig) ((FilterOverride.Replaced) route.filters().get("connect")).filter();
    }

    @Test
    void whatAPlaceSaysHoldsBelowIt() throws ConfigException {
        List<Route> routes = routes("connect { held = 1KiB, get = [\"a.B/*\"] }, routes = [{ path = \"/a\" },"
                + " { path = \"/b\", connect = off }, { path = \"/c\", connect { require-version = true } }]");
        assertThat(of(routes.get(0)))
                .isEqualTo(new ConnectConfig(
                        "connect", true, Dialect.CONNECT, false, 1024, List.of("a.B/*"), Optional.empty(), true));
        assertThat(of(routes.get(1)).on()).isFalse();
        assertThat(of(routes.get(2)))
                .isEqualTo(new ConnectConfig(
                        "connect", true, Dialect.CONNECT, true, 1024, List.of("a.B/*"), Optional.empty(), true));
    }

    @Test
    void nothingIsSaidWhereNothingIsWritten() throws ConfigException {
        assertThat(routes("").get(0).filters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connect = on",
                "connect { held = 1KiB }, routes = [{ path = \"/a\" }, { path = \"/b\", connect = off }]",
                "routes = [{ connect { get = [\"a.B/C\"], require-version = true } }]",
                "virtual-hosts = [{ domains = [a], connect = on, routes = [{ connect { held = 2KiB } }] },"
                        + " { domains = [b], routes = [{}] }]",
                "filters = [cors, { type = connect, name = bridge, on = true, dialect = envoy }, grpc-web]"
            })
    void itIsWrittenAsItIsRead(String listener) throws ConfigException {
        GatewayConfig read = config(listener);
        assertThat(Configs.parse(Configs.write(read), "again.conf").listeners()).isEqualTo(read.listeners());
    }

    @Test
    void itNeedsItsFilter() {
        assertThatThrownBy(() -> config("filters = [cors, grpc-web], connect = on"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("listeners.main.connect")
                .hasMessageContaining("does not have the filter 'connect'");
    }

    @Test
    void brokenDescriptorsAreReported(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.pb"), "no descriptors");
        assertThatThrownBy(() -> config("connect { descriptors = [\"" + broken + "\", \"" + folder + "/none.pb\"] }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("x.conf:3: listeners.main.connect.descriptors")
                .hasMessageContaining("broken.pb")
                .hasMessageContaining("none.pb");
    }
}
