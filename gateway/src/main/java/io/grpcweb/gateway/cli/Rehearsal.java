package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.config.hocon.QuickStart;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Has the classes loaded that an archive of classes is to hold, while it is made ({@code -Dgateway.rehearsal=ROUNDS}): reads the
 * file that the distribution ships, and starts a second gateway in front of the one that runs; both serve {@link RehearsalCalls}.
 * Where the archive is that of starts under a control plane ({@code -Dgateway.rehearsal.control-plane=true}), a third gateway is
 * started under {@link RehearsalPlane}. One round loads the classes; an archive that keeps profiles takes more, so that what a
 * call runs has been compiled with a profile. Clients and the control plane are other processes: no gateway loads their classes.
 */
final class Rehearsal {
    private static final String UNDER_CONTROL_PLANE = """
            node: {id: rehearsal, cluster: rehearsal}
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            dynamic_resources:
              ads_config:
                api_type: DELTA_GRPC
                transport_api_version: V3
                grpc_services: [{envoy_grpc: {cluster_name: plane}}]
              cds_config: {ads: {}}
              lds_config: {ads: {}}
            static_resources:
              clusters:
              - name: plane
                connect_timeout: 1s
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    '@type': type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: {http2_protocol_options: {}}
                load_assignment:
                  cluster_name: plane
                  endpoints:
                  - lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]
            """;

    private Rehearsal() {}

    static boolean isWanted() {
        return Integer.getInteger("gateway.rehearsal", 0) > 0;
    }

    static void play(Gateway backend) throws ConfigException, IOException, InterruptedException {
        GatewayConf.read(
                Path.of(System.getProperty("gateway.home"), "config", "gateway.conf"), FilterKinds.ALL.ownFormats());
        Endpoint anyPort = new Endpoint("127.0.0.1", 0);
        InetSocketAddress served = (InetSocketAddress) backend.addresses().get(0);
        Gateway front = Gateway.start(
                QuickStart.of(
                        anyPort,
                        List.of(new Endpoint("127.0.0.1", served.getPort())),
                        List.of("*"),
                        Optional.of(anyPort),
                        FilterKinds.ALL.ownFormats()),
                1);
        call(
                "http:/" + front.addresses().get(0),
                "http:/" + front.adminAddress(),
                System.getProperty("gateway.rehearsal"));
        front.stop();
        if (Boolean.getBoolean("gateway.rehearsal.control-plane")) {
            underControlPlane(served.getPort());
        }
        backend.shutDown();
    }

    /** A third gateway, which has everything from a control plane. */
    private static void underControlPlane(int backend) throws ConfigException, IOException, InterruptedException {
        Process plane = process(RehearsalPlane.class, Integer.toString(backend))
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        try {
            String port = plane.inputReader(StandardCharsets.US_ASCII).readLine();
            if (port == null) {
                throw new IOException("the control plane of the rehearsal does not start");
            }
            Gateway governed = Gateway.start(
                    EnvoyBootstrap.read(
                            Optional.empty(),
                            Optional.of(UNDER_CONTROL_PLANE.formatted(Integer.parseInt(port))),
                            new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list())),
                    1);
            call("", "http:/" + governed.adminAddress(), "0");
            governed.stop();
        } finally {
            plane.destroy();
        }
    }

    private static void call(String... arguments) throws IOException, InterruptedException {
        if (process(RehearsalCalls.class, arguments).start().waitFor() != 0) {
            throw new IOException("a call of the rehearsal failed");
        }
    }

    /** A process with a main class of the rehearsal, which is to be over soon and so compiles little. */
    private static ProcessBuilder process(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).inheritIO();
    }
}
