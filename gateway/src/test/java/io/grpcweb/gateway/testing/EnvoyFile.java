package io.grpcweb.gateway.testing;

import java.nio.file.Path;

/**
 * The usual bootstrap in front of one backend, with pieces put in where a test wants them. A piece is YAML and takes the
 * place of its mark and of what the usual file has there; its column is that of the mark.
 */
public final class EnvoyFile {
    private static final String TEXT = """
            static_resources:
              @RESOURCES@
              listeners:
              - name: edge
                address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                @LISTENER@
                filter_chains:
                - filters:
                  @NETWORK@
                  - name: envoy.filters.network.http_connection_manager
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: edge
                      @MANAGER@
                      route_config:
                        @TABLE@
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          @HOST@
                          routes:
                          @ROUTES@
                      http_filters:
                      @FILTERS@
                      - name: envoy.filters.http.grpc_web
                        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_web.v3.GrpcWeb }
                      @BEHIND@
                      - name: envoy.filters.http.router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                          @ROUTER@
                  @CHAIN@
              clusters:
              - name: backend
                connect_timeout: 5s
                @CLUSTER@
                load_assignment:
                  cluster_name: backend
                  endpoints:
                  - lb_endpoints:
                    @ENDPOINTS@
              @CLUSTERS@
            """;
    private static final String ROUTES = """
            - match: { prefix: "/" }
              route: { cluster: backend, timeout: 0s }
            """;

    private static final String FILE_LOG = """
            - name: file
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                path: %s
                log_format: { text_format_source: { inline_string: "%s\\n" } }
            """;

    private String text;
    private boolean http2 = true;

    /** In front of backends on these ports, which speak HTTP/2 unless told otherwise. */
    public EnvoyFile(int... backends) {
        text = TEXT;
        for (int port : backends) {
            with(
                    "ENDPOINTS",
                    "- endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }"
                            .formatted(port));
        }
    }

    /** One entry of {@code access_log}: a file with these operators, one line a call. */
    public static String fileLog(Path file, String operators) {
        return FILE_LOG.formatted(file, operators);
    }

    /** The backend speaks HTTP/1.1. */
    public EnvoyFile http1() {
        http2 = false;
        return this;
    }

    public EnvoyFile with(String place, String piece) {
        String mark = "@" + place + "@";
        int at = text.indexOf(mark);
        if (at < 0) {
            throw new IllegalArgumentException("nothing may be put at " + mark + " any more");
        }
        String indent = text.substring(text.lastIndexOf('\n', at) + 1, at);
        http2 &= !place.equals("CLUSTER") || !piece.contains("_protocol_options:");
        // The mark stays behind it, so that more can be put there.
        text = text.replace(mark, piece.strip().replace("\n", "\n" + indent) + "\n" + indent + mark);
        return this;
    }

    /** Another cluster in front of a backend on 127.0.0.1. */
    public EnvoyFile cluster(String name, int port, String piece) {
        return with("CLUSTERS", """
                - name: %s
                  connect_timeout: 5s
                  %s
                  load_assignment:
                    cluster_name: %s
                    endpoints:
                    - lb_endpoints:
                      - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                """.formatted(name, piece.strip().replace("\n", "\n  "), name, port));
    }

    public String text() {
        if (!text.contains("- match:") && !text.contains("- { match:")) {
            with("ROUTES", ROUTES);
        }
        if (http2) {
            with("CLUSTER", "http2_protocol_options: {}");
        }
        return text.replaceAll("(?m)^ *@[A-Z]+@\\n", "");
    }
}
