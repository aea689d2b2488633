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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads the file that the distribution ships, starts a second gateway in front of the one that runs, has both serve
 * {@link RehearsalCalls}, and starts a third one under a control plane, so that the classes of all that are loaded when
 * the archive of classes is made ({@code -Dgateway.rehearsal=ROUNDS}). One round loads the classes; an archive that keeps
 * profiles takes more, so that what a call runs has been compiled with a profile.
 */
final class Rehearsal {
    private static final int MOST_LOOKS = 200;
    private static final long PAUSE_MILLIS = 20;

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

    private final HttpClient client = HttpClient.newHttpClient();

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
        call("http:/" + front.addresses().get(0), "http:/" + front.adminAddress());
        front.stop();
        new Rehearsal().underControlPlane(served.getPort());
        backend.shutDown();
    }

    /** A third gateway, which has everything from a control plane. */
    private void underControlPlane(int backend) throws ConfigException, IOException, InterruptedException {
        try (RehearsalPlane plane = new RehearsalPlane(backend)) {
            Gateway governed = Gateway.start(
                    EnvoyBootstrap.read(
                            Optional.empty(),
                            Optional.of(UNDER_CONTROL_PLANE.formatted(plane.port())),
                            new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list())),
                    1);
            String ready = "http:/" + governed.adminAddress() + "/ready";
            for (int i = 0; i < MOST_LOOKS; i++) {
                HttpResponse<String> answer = client.send(
                        request(ready).version(HttpClient.Version.HTTP_1_1).build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    break;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
            client.send(
                    request("http:/" + governed.adminAddress() + "/config_dump")
                            .GET()
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            governed.stop();
        }
    }

    /** In a process of its own: the profiles are to be those of a gateway. */
    private static void call(String calls, String admin) throws IOException, InterruptedException {
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RehearsalCalls.class.getName(),
                        calls,
                        admin,
                        System.getProperty("gateway.rehearsal"))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("a call of the rehearsal failed");
        }
    }

    private static HttpRequest.Builder request(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(10));
    }
}
