package io.grpcweb.gateway.config;

import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.config.hocon.FilterFormats;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.config.hocon.QuickStart;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads and writes configurations with the filters that the gateway has of its own. */
public final class Configs {
    public static final FilterFormats FILTERS = FilterKinds.ALL.ownFormats();

    private Configs() {}

    public static GatewayConfig read(Path file) throws ConfigException {
        return GatewayConf.read(file, FILTERS);
    }

    public static GatewayConfig parse(String text, String name) throws ConfigException {
        return GatewayConf.parse(text, name, FILTERS);
    }

    public static String write(GatewayConfig config) {
        return GatewayConf.write(config, FILTERS);
    }

    public static GatewayConfig quickStart(
            Endpoint listen, List<Endpoint> backends, List<String> origins, Optional<Endpoint> admin)
            throws ConfigException {
        return QuickStart.of(listen, backends, origins, admin, FILTERS);
    }

    public static EnvoyBootstrap.Options envoy(boolean allowUnknown, boolean strictUpstreamTls) {
        return new EnvoyBootstrap.Options(allowUnknown, strictUpstreamTls, FilterKinds.ALL.list());
    }
}
