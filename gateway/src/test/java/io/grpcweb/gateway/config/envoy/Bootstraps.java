package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.hocon.FirstListener;
import java.util.Optional;

/** The usual bootstrap with pieces put in; columns count, since it is YAML. */
final class Bootstraps {
    private static final String TEXT = """
            static_resources:
              listeners:
              - name: edge
                address: { socket_address: { address: 127.0.0.1, port_value: 8080 } }
                filter_chains:
                - filters:
                  - name: envoy.filters.network.http_connection_manager
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: edge
                      @MANAGER@
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          @HOST@
                          routes:
                          - match: { prefix: "/" }
                            route: { @ROUTE@ }
                      http_filters:
                      @FILTERS@
                      - name: envoy.filters.http.router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
              clusters:
              - name: backend
                @CLUSTER@
                load_assignment:
                  cluster_name: backend
                  @ASSIGNMENT@
                  endpoints:
                  - lb_endpoints:
                    - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 50051 } } }
            """;

    private String text = TEXT;

    Bootstraps with(String place, String piece) {
        String mark = "@" + place + "@";
        int at = text.indexOf(mark);
        int lineStart = text.lastIndexOf('\n', at) + 1;
        String indent = text.substring(lineStart, at);
        text = text.replace(mark, indent.isBlank() ? piece.strip().replace("\n", "\n" + indent) : piece);
        return this;
    }

    String text() {
        return text.replace("@ROUTE@", "cluster: backend, timeout: 0s")
                .replace("@CLUSTER@", "http2_protocol_options: {}")
                .replaceAll("(?m)^ *@[A-Z]+@\\n", "");
    }

    GatewayConfig read() throws ConfigException {
        return read(text());
    }

    static GatewayConfig read(String yaml) throws ConfigException {
        return EnvoyBootstrap.read(Optional.empty(), Optional.of(yaml), Configs.envoy(false, false));
    }

    HttpConfig http() throws ConfigException {
        return FirstListener.http(read());
    }

    RouteConfig.Route route() throws ConfigException {
        return FirstListener.route(read());
    }

    RouteConfig.Forward forward() throws ConfigException {
        return (RouteConfig.Forward) route().action();
    }
}
