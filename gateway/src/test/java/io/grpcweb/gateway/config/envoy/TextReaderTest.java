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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextReaderTest {
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
        return TextReader.read(
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

    @Test
    void whatIsWrongWithAValueIsToldWithItsLineAlsoInAnExtension() throws Exception {
        Yaml.Mapping tree = tree(BOOTSTRAP
                .replace("stat_prefix: \"x\"", "stat_prefix: \"x\" max_request_headers_kb { value: 0 }")
                .replace("type: STRICT_DNS", "type: STRICT_DNS connect_timeout { seconds: 0 }"));
        Problems problems = new Problems();
        Schema schema = Schema.load(FilterKinds.ALL.list());
        new Checker(schema, Support.load(FilterKinds.ALL.list()), problems, false)
                .check("envoy.config.bootstrap.v3.Bootstrap", tree);

        assertThat(problems.errors())
                .extracting(Object::toString)
                .containsExactly(
                        "x.pb_text:13: static_resources.listeners[0].filter_chains[0].filters[0].typed_config."
                                + "max_request_headers_kb: must be >0, not 0",
                        "x.pb_text:31: static_resources.clusters[0].connect_timeout: must be >0s, not 0s");
    }

    @Test
    void aFieldThatEnvoyDoesNotHaveIsRefusedWithItsLine() {
        assertThatThrownBy(() -> tree("node {\n  ident: \"a\"\n}"))
                .hasMessageStartingWith("x.pb_text:2: not valid protobuf text: ")
                .hasMessageContaining("ident");
    }

    @Test
    void mapsListsAndFreeStructuresHaveTheirLines() throws Exception {
        Yaml.Mapping node = tree("""
                node {
                  id: "a"
                  metadata {
                    fields { key: "x" value { number_value: 3 } }
                  }
                  dynamic_parameters {
                    key: "type"
                    value { params { key: "p" value: "1" } }
                  }
                  client_features: ["f", "g"]
                }
                """).mapping("node");

        assertThat(node.mapping("metadata").get("x")).isEqualTo(new Yaml.Scalar("3", false, new Mark("x.pb_text", 3)));
        assertThat(node.mapping("dynamic_parameters")
                        .mapping("type")
                        .mapping("params")
                        .get("p"))
                .isEqualTo(new Yaml.Scalar("1", true, new Mark("x.pb_text", 8)));
        assertThat(Yaml.items(node.get("client_features")).get(1))
                .isEqualTo(new Yaml.Scalar("g", true, new Mark("x.pb_text", 10)));
    }

    @Test
    void everyMessageOfTheTableHasADescriptor() throws Exception {
        Schema schema = Schema.load(FilterKinds.ALL.list());
        List<String> names = SchemaTest.messages();

        assertThat(new TableDescriptors(schema).of(names))
                .hasSizeGreaterThanOrEqualTo(names.size())
                .allSatisfy(descriptor -> assertThat(descriptor.getFields())
                        .hasSameSizeAs(
                                schema.type(descriptor.getFullName()).fields().values()));
    }
}
