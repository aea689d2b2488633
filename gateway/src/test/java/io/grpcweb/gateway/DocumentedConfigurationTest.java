package io.grpcweb.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.TextFormat;
import io.grpcweb.gateway.DocumentedBlocks.Block;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.testing.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each configuration in the documentation is read in its format, without a problem. What is a part of a file is put where it
 * belongs: a filter into the list of a listener, keys of a listener into one, fields of a filter of Envoy into the message that
 * the heading names.
 */
class DocumentedConfigurationTest {
    private static final Path DESCRIPTORS = Path.of("src/test/resources/io/grpcweb/gateway/schema/shop.binpb");
    private static final Pattern LISTENER_KEYS = Pattern.compile("(?:filters|routes|access-log) = .*", Pattern.DOTALL);
    private static final Pattern OTHERS = Pattern.compile("(?m)^(?:apiVersion|containers|version_info):");

    /** What parts of files name. */
    private static final List<String> CLUSTERS = List.of(
            "backend", "reports", "api", "issuer", "authz", "rls", "shop", "otel", "als", "orders", "echo", "stable");

    /** What the documentation calls api.pb. */
    private static final String API = """
            file {
              name: "order.proto" package: "order" syntax: "proto3"
              message_type {
                name: "Order"
                field { name: "id" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
                field { name: "status" number: 5 type: TYPE_ENUM type_name: ".order.OrderStatus" label: LABEL_OPTIONAL }
              }
              enum_type {
                name: "OrderStatus"
                value { name: "ORDER_STATUS_UNSPECIFIED" number: 0 }
                value { name: "ORDER_STATUS_SHIPPED" number: 3 }
              }
              service {
                name: "OrderService"
                method { name: "GetOrder" input_type: ".order.Order" output_type: ".order.Order" }
              }
            }
            """;

    @TempDir
    static Path folder;

    /** What configurations name has to be there. */
    @BeforeAll
    static void writeFiles() throws Exception {
        Files.createDirectories(folder.resolve("dist"));
        Files.writeString(folder.resolve("cds.yaml"), "resources: []\n");
        Files.writeString(folder.resolve("lds.yaml"), "resources: []\n");
        Files.write(
                folder.resolve("api.pb"),
                TextFormat.parse(API, FileDescriptorSet.class).toByteArray());
        new Certificates(folder).write(folder.resolve("one.pem"), folder.resolve("one.key"));
    }

    static List<Block> own() {
        return DocumentedBlocks.of("hocon");
    }

    static List<Block> envoys() {
        return DocumentedBlocks.of("yaml").stream()
                .filter(block -> !OTHERS.matcher(block.text()).find())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("own")
    void theOwnFormatIsRead(Block block) {
        String text = ownFile(block.text())
                .replace("folder = dist", "folder = \"" + folder.resolve("dist") + '"')
                .replace("files = dist", "files = \"" + folder.resolve("dist") + '"')
                .replace("\"api.pb\"", "\"" + folder.resolve("api.pb") + '"')
                .replace("shop.binpb", '"' + DESCRIPTORS.toString() + '"')
                .replaceAll("\"[a-z]+\\.(pem|key)\"", '"' + folder.toString() + "/one.$1\"");

        assertThatCode(() -> Configs.parse(text, block.place())).as(text).doesNotThrowAnyException();
    }

    private static String ownFile(String block) {
        if (block.startsWith("{ type =")) {
            // A filter, and behind an empty line what a listener has beside it.
            String[] parts = block.split("\n\n", 2);
            return inListener("filters = [cors, connect, grpc-web,\n" + parts[0] + ",\nrouter]\n"
                    + (parts.length == 1 ? "" : parts[1]));
        }
        if (block.startsWith("tags =")) {
            return inListener("tracing { to = otel\n" + block + "}\n");
        }
        if (LISTENER_KEYS.matcher(block).matches()) {
            return inListener(block);
        }
        if (block.startsWith("listeners") && !block.contains("clusters")) {
            return block + clusters() + "listeners.main.listen = \"127.0.0.1:8080\"\n";
        }
        if (block.contains("tracing {")) {
            return block + clusters()
                    + "listeners.main { listen = \"127.0.0.1:8080\", routes = [{ cluster = backend }] }\n";
        }
        return block;
    }

    private static String inListener(String keys) {
        String routes = keys.contains("routes = [") ? "" : "routes = [{ cluster = backend, grpc-only = false }]\n";
        return "listeners.main { listen = \"127.0.0.1:8080\"\n" + routes + keys + "}\n" + clusters();
    }

    private static String clusters() {
        return CLUSTERS.stream()
                .map(name -> "clusters." + name + ".endpoints = [\"127.0.0.1:50051\"]\n")
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @MethodSource("envoys")
    void filesOfEnvoyAreRead(Block block) {
        String yaml = envoyFile(block)
                .replace("shop.binpb", DESCRIPTORS.toString())
                .replace("/etc/gateway", folder.toString());

        assertThatCode(() -> EnvoyBootstrap.read(Optional.empty(), Optional.of(yaml), Configs.envoy(false, false)))
                .as(yaml)
                .doesNotThrowAnyException();
    }

    private static String envoyFile(Block block) {
        String text = block.text();
        if (text.contains("_resources:")) {
            return text;
        }
        return text.startsWith("- name: envoy.filters.http.")
                ? bootstrap(text)
                : bootstrap("- name: " + block.heading() + "\n  typed_config:\n    \"@type\": type.googleapis.com/"
                        + message(block.heading()) + "\n" + text.indent(4));
    }

    /** The message of a filter, from the last part of its name in Envoy. */
    private static String message(String name) {
        String wanted = "." + name.toLowerCase(Locale.ROOT) + ".v3.";
        return FilterKinds.ALL.list().stream()
                .map(FilterKind::envoyTypes)
                .filter(types -> !types.isEmpty() && types.get(0).contains(wanted))
                .map(types -> types.get(0))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no filter of Envoy is called " + name));
    }

    private static String bootstrap(String filter) {
        String clusters = CLUSTERS.stream().map("""
                        - name: %1$s
                          load_assignment:
                            cluster_name: %1$s
                            endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1 } } } }] }]
                        """::formatted).collect(Collectors.joining());
        return """
                static_resources:
                  listeners:
                  - name: main
                    address: { socket_address: { address: 127.0.0.1, port_value: 8080 } }
                    filter_chains:
                    - filters:
                      - name: http
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: main
                          route_config:
                            virtual_hosts:
                            - { name: all, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: backend, timeout: 0s } }] }
                          http_filters:
                %s
                          - name: envoy.filters.http.router
                            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                  clusters:
                %s
                """.formatted(
                        filter.indent(10).stripTrailing(), clusters.indent(2).stripTrailing());
    }
}
