package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.hocon.FirstListener;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextProtoTest {
    private static final String BOOTSTRAP = """
            # protobuf text
            node { id: "a" 'b' cluster: "c\\x21\\n" }
            admin { address { socket_address { address: "127.0.0.1" port_value: 9901 } } }
            static_resources {
              listeners {
                name: "web"
                address { socket_address { address: "0.0.0.0", port_value: 8080; } }
                filter_chains: [{
                  filters {
                    name: "hcm"
                    typed_config {
                      [type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager] {
                        stat_prefix: "x"
                        route_config {
                          virtual_hosts <
                            name: "all" domains: "a.example" domains: "*"
                            routes { match { prefix: "/" } route { cluster: "b" timeout { seconds: 2 nanos: 500000000 } } }
                          >
                        }
                        http_filters {
                          name: "r"
                          typed_config { [type.googleapis.com/envoy.extensions.filters.http.router.v3.Router] {} }
                        }
                      }
                    }
                  }
                }]
              }
              clusters {
                name: "b"
                type: STRICT_DNS
                typed_extension_protocol_options {
                  key: "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
                  value {
                    [type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions] {
                      explicit_http_config { http2_protocol_options { max_concurrent_streams { value: 7 } } }
                    }
                  }
                }
                load_assignment { cluster_name: "b" endpoints { lb_endpoints { endpoint { address {
                  socket_address { address: "b" port_value: 1 } } } } } }
              }
            }
            """;

    private static Yaml.Mapping tree(String text) throws ConfigException {
        return TextProto.read(
                "x.pb_text",
                text.getBytes(StandardCharsets.UTF_8),
                "envoy.config.bootstrap.v3.Bootstrap",
                Schema.load(FilterKinds.ALL.list()));
    }

    @Test
    void aBootstrapMeansWhatItMeansInYaml(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("envoy.pb_text"), BOOTSTRAP);
        GatewayConfig config = EnvoyBootstrap.read(Optional.of(file), Optional.empty(), Configs.envoy(false, false));

        assertThat(config.node().id()).isEqualTo("ab");
        assertThat(config.node().cluster()).isEqualTo("c!\n");
        assertThat(config.listeners().get(0).address().port()).isEqualTo(8080);
        assertThat(config.clusters().get(0).protocol()).isEqualTo(ClusterConfig.Protocol.HTTP2);
        assertThat(FirstListener.virtualHost(config).domains()).containsExactly("a.example", "*");
        assertThat(config.toString()).contains(Duration.ofMillis(2500).toString());
    }

    @Test
    void whatIsBrokenIsToldWithItsLine() {
        for (String text : new String[] {
            "\nnode {", "\nnode { id \"a\" }", "\nnode { id: \"a\n\" }", "\n[x", "\nnode: { id: \"\\q\" }", "\n}",
        }) {
            assertThatThrownBy(() -> tree(text)).isInstanceOfSatisfying(ConfigException.class, e -> assertThat(
                            e.problems().get(0).toString())
                    .startsWith("x.pb_text:2: ")
                    .contains("not valid protobuf text"));
        }
    }
}
