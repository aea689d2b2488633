package io.grpcweb.gateway.wire;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.QuickStart;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Configurations of gateways in front of scripted backends. */
final class Setup {
    private Setup() {}

    /** One listener on a free port, one cluster of these backends, deadlines of callers in force. */
    static GatewayConfig of(ErrorFormat format, int... backendPorts) {
        List<Endpoint> backends = IntStream.of(backendPorts)
                .mapToObj(port -> new Endpoint("127.0.0.1", port))
                .toList();
        try {
            List<String> origins = List.of("https://app.example");
            return with(QuickStart.of(new Endpoint("127.0.0.1", 0), backends, origins, Optional.empty()), format);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private static GatewayConfig with(GatewayConfig base, ErrorFormat format) {
        return new GatewayConfig(
                base.listeners(), base.clusters(), base.admin(), format, base.drain(), base.node(), base.warnings());
    }
}
