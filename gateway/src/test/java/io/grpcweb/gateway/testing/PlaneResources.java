package io.grpcweb.gateway.testing;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.util.Optional;

/** The resources that a {@link ScriptedPlane} sends, and the bootstrap of a gateway that asks for them. */
public final class PlaneResources {
    private static final String NETWORK = "envoy.extensions.filters.network.http_connection_manager.v3.";

    private PlaneResources() {}

    /**
     * A bootstrap that has everything from a control plane, over one stream.
     *
     * @param kind {@code GRPC} or {@code DELTA_GRPC}
     * @param wait how long the first clusters and listeners are waited for, such as {@code 15s}
     */
    public static GatewayConfig bootstrap(int port, String kind, String wait) throws ConfigException {
        String text = """
                node: { id: test, cluster: tests }
                admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
                dynamic_resources:
                  ads_config:
                    api_type: %s
                    transport_api_version: V3
                    set_node_on_first_message_only: true
                    grpc_services: [{ envoy_grpc: { cluster_name: xds } }]
                  cds_config: { ads: {}, initial_fetch_timeout: %s }
                  lds_config: { ads: {}, initial_fetch_timeout: %s }
                static_resources:
                  clusters:
                  - name: xds
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: { http2_protocol_options: {} }
                    load_assignment:
                      cluster_name: xds
                      endpoints:
                      - lb_endpoints:
                        - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                """.formatted(kind, wait, wait, port);
        return EnvoyBootstrap.read(
                Optional.empty(), Optional.of(text), new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list()));
    }

    public static ProtoBytes address(String host, int port) {
        return new ProtoBytes().message(1, socket -> socket.text(2, host).number(3, port));
    }

    /** An {@code envoy.config.cluster.v3.Cluster} of type EDS that speaks HTTP/2. */
    public static ProtoBytes cluster(String name) {
        return new ProtoBytes()
                .text(1, name)
                .number(2, 3)
                .message(3, eds -> eds.message(1, source -> source.message(3, ads -> {})))
                .message(4, timeout -> timeout.number(1, 5))
                .message(14, http2 -> {});
    }

    /** A {@code ClusterLoadAssignment} of one endpoint. */
    public static ProtoBytes assignment(String name, int port) {
        return new ProtoBytes()
                .text(1, name)
                .message(
                        2,
                        place -> place.message(
                                2,
                                endpoint -> endpoint.message(
                                        1,
                                        content -> content.bytes(
                                                1, address("127.0.0.1", port).toBytes()))));
    }

    /** A {@code RouteConfiguration} of one route. */
    public static ProtoBytes routes(String name, String prefix, String cluster) {
        return new ProtoBytes().text(1, name).message(2, host -> host.text(1, "all")
                .text(2, "*")
                .message(3, route -> route.message(1, match -> match.text(1, prefix))
                        .message(2, action -> action.text(1, cluster))));
    }

    /** On a port that the system chooses, with a last filter of this type. */
    public static ProtoBytes listener(String name, String filter) {
        return listener(name, 0, filter);
    }

    private static ProtoBytes listener(String name, int port, String filter) {
        return new ProtoBytes()
                .text(1, name)
                .bytes(2, address("127.0.0.1", port).toBytes())
                .message(
                        3,
                        chain -> chain.message(3, network -> network.text(1, "http")
                                .any(4, NETWORK + "HttpConnectionManager", manager -> manager.text(2, "web")
                                        .message(3, rds -> rds.message(1, source -> source.message(3, ads -> {}))
                                                .text(2, "main"))
                                        .message(5, web -> web.text(1, "envoy.filters.http.grpc_web")
                                                .any(
                                                        4,
                                                        "envoy.extensions.filters.http.grpc_web.v3.GrpcWeb",
                                                        nothing -> {}))
                                        .message(5, last -> last.text(1, filter).any(4, filter, nothing -> {})))));
    }

    /** With routes by the name {@code main}, on a port that the system chooses. */
    public static ProtoBytes listener(String name) {
        return listener(name, 0);
    }

    /** On a port. */
    public static ProtoBytes listener(String name, int port) {
        return listener(name, port, "envoy.extensions.filters.http.router.v3.Router");
    }
}
