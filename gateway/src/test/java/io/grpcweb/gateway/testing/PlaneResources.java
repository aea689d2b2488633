package io.grpcweb.gateway.testing;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The resources that a {@link ScriptedPlane} sends, and the bootstrap of a gateway that asks for them. */
public final class PlaneResources {
    private static final String ROUTER = "envoy.extensions.filters.http.router.v3.Router";
    private static final String NETWORK = "envoy.extensions.filters.network.http_connection_manager.v3.";

    /** A {@code ConfigSource}: over the stream that all kinds share. */
    public static final Consumer<ProtoBytes> SHARED = source -> source.message(3, ads -> {});

    private PlaneResources() {}

    /** Leaves a message as it is. */
    private static void nothing(ProtoBytes message) {}

    /** A {@code ConfigSource}: over a stream of its own to the cluster. */
    public static Consumer<ProtoBytes> streamed(String cluster) {
        return source -> source.message(2, api -> api.number(1, 2)
                .message(
                        4,
                        service ->
                                service.message(1, grpc -> grpc.text(1, cluster).text(2, cluster)))
                .number(8, 2));
    }

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
        return cluster(name, SHARED);
    }

    /** The same, with endpoints from this source. */
    public static ProtoBytes cluster(String name, Consumer<ProtoBytes> source) {
        return new ProtoBytes()
                .text(1, name)
                .number(2, 3)
                .message(3, eds -> eds.message(1, source))
                .message(4, timeout -> timeout.number(1, 5))
                .message(14, http2 -> {});
    }

    /** The same with another time to connect, in seconds. */
    public static ProtoBytes cluster(String name, int connectSeconds) {
        // The last one of a field that stands twice counts.
        return cluster(name, SHARED).message(4, timeout -> timeout.number(1, connectSeconds));
    }

    /** A {@code ClusterLoadAssignment} of one endpoint. */
    public static ProtoBytes assignment(String name, int port) {
        return assignment(name, List.of(new Endpoint("127.0.0.1", port)));
    }

    /** A {@code ClusterLoadAssignment} of one locality. */
    public static ProtoBytes assignment(String name, List<Endpoint> endpoints) {
        return new ProtoBytes().text(1, name).message(2, place -> {
            for (Endpoint one : endpoints) {
                place.message(
                        2,
                        endpoint -> endpoint.message(
                                1,
                                content -> content.bytes(
                                        1, address(one.host(), one.port()).toBytes())));
            }
        });
    }

    /** A {@code Secret} with a certificate. */
    public static ProtoBytes secret(String name, Certificates certificates) {
        return new ProtoBytes().text(1, name).message(2, pair -> pair.message(
                        1, chain -> chain.text(3, certificates.chain()))
                .message(2, key -> key.text(3, certificates.key())));
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
        return listener(name, 0, SHARED, filter, PlaneResources::nothing, PlaneResources::nothing);
    }

    private static ProtoBytes listener(
            String name,
            int port,
            Consumer<ProtoBytes> source,
            String filter,
            Consumer<ProtoBytes> manager,
            Consumer<ProtoBytes> chain) {
        return new ProtoBytes()
                .text(1, name)
                .bytes(2, address("127.0.0.1", port).toBytes())
                .message(3, one -> {
                    one.message(
                            3, network -> network.text(1, "http").any(4, NETWORK + "HttpConnectionManager", http -> {
                                http.text(2, "web")
                                        .message(
                                                3, rds -> rds.message(1, source).text(2, "main"))
                                        .message(5, web -> web.text(1, "envoy.filters.http.grpc_web")
                                                .any(
                                                        4,
                                                        "envoy.extensions.filters.http.grpc_web.v3.GrpcWeb",
                                                        nothing -> {}))
                                        .message(5, last -> last.text(1, filter).any(4, filter, nothing -> {}));
                                manager.accept(http);
                            }));
                    chain.accept(one);
                });
    }

    /** With routes by the name {@code main}, on a port that the system chooses. */
    public static ProtoBytes listener(String name) {
        return listener(name, 0);
    }

    /** On a port. */
    public static ProtoBytes listener(String name, int port) {
        return listener(name, port, SHARED, ROUTER, PlaneResources::nothing, PlaneResources::nothing);
    }

    /** With another time that streams may be idle, in seconds. */
    public static ProtoBytes idleListener(String name, int seconds) {
        return listener(
                name,
                0,
                SHARED,
                ROUTER,
                manager -> manager.message(24, idle -> idle.number(1, seconds)),
                PlaneResources::nothing);
    }

    /** With a certificate by SDS. */
    public static ProtoBytes tlsListener(String name, String secret) {
        return listener(
                name,
                0,
                SHARED,
                ROUTER,
                PlaneResources::nothing,
                chain -> chain.message(6, socket -> socket.text(1, "tls")
                        .any(
                                3,
                                "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
                                tls -> tls.message(
                                        1,
                                        common -> common.message(
                                                6, sds -> sds.text(1, secret).message(2, SHARED))))));
    }

    /** With routes from this source. */
    public static ProtoBytes listener(String name, Consumer<ProtoBytes> source) {
        return listener(name, 0, source, ROUTER, PlaneResources::nothing, PlaneResources::nothing);
    }
}
