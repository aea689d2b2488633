package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Resources in bytes: the same tree as from YAML, and what becomes of bytes that are no such resource. */
final class BinaryReaderTest {
    private static final String CLUSTER = "envoy.config.cluster.v3.Cluster";
    private static final String OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private final Schema schema = Schema.load(FilterKinds.ALL.list());

    private Yaml.Mapping tree(String type, Proto message) throws ConfigException {
        return BinaryReader.read("cds echo @ 7", message.bytes(), type, schema);
    }

    private Map<String, Object> document(String type, Proto message) throws ConfigException {
        return new Document(schema).of(tree(type, message), type);
    }

    @Test
    void aClusterMeansWhatItMeansInYaml() throws Exception {
        Proto cluster = new Proto()
                .text(1, "echo")
                .number(2, 1)
                .message(4, new Proto().number(1, 2).number(2, 500_000_000))
                .message(5, new Proto().number(1, 32_768))
                .message(
                        36,
                        new Proto()
                                .text(1, OPTIONS)
                                .any(
                                        2,
                                        OPTIONS,
                                        new Proto()
                                                .message(
                                                        3,
                                                        new Proto()
                                                                .message(
                                                                        2,
                                                                        new Proto()
                                                                                .message(
                                                                                        2,
                                                                                        new Proto().number(1, 7))))));
        Problems problems = new Problems();
        Msg read = new Checker(schema, Support.load(FilterKinds.ALL.list()), problems, false)
                .check(CLUSTER, tree(CLUSTER, cluster));

        assertThat(read.text("name")).isEqualTo("echo");
        assertThat(read.text("type")).isEqualTo("STRICT_DNS");
        assertThat(read.duration("connect_timeout")).isEqualTo(Optional.of(Duration.ofMillis(2500)));
        assertThat(read.number("per_connection_buffer_limit_bytes", 0)).isEqualTo(32_768);
        Msg options = read.map("typed_extension_protocol_options").get(OPTIONS);
        assertThat(options.type()).isEqualTo(OPTIONS);
        assertThat(options.message("explicit_http_config")
                        .flatMap(one -> one.message("http2_protocol_options"))
                        .map(one -> one.number("max_concurrent_streams", 0)))
                .contains(7L);
        assertThat(read.place()).startsWith("cds echo @ 7: ");
        assertThat(problems.errors()).isEmpty();
    }

    @Test
    void freeStructuresKeepTheirValues() throws Exception {
        Proto struct = new Proto()
                .message(1, entry("none", new Proto().number(1, 0)))
                .message(1, entry("whole", new Proto().fixed64(2, 3)))
                .message(1, entry("part", new Proto().fixed64(2, 0.5)))
                .message(1, entry("text", new Proto().text(3, "true")))
                .message(1, entry("flag", new Proto().number(4, 1)))
                .message(
                        1,
                        entry(
                                "deep",
                                new Proto().message(5, new Proto().message(1, entry("a", new Proto().text(3, "b"))))))
                .message(1, entry("list", new Proto().message(6, new Proto().message(1, new Proto().text(3, "x")))));
        Proto metadata = new Proto().message(1, new Proto().text(1, "envoy.lb").message(2, struct));

        assertThat(document("envoy.config.core.v3.Metadata", metadata).toString())
                .isEqualTo("{filter_metadata={envoy.lb={none=null, whole=3, part=0.5, text=true, flag=true,"
                        + " deep={a=b}, list=[x]}}}");
        Yaml.Mapping read = tree("envoy.config.core.v3.Metadata", metadata)
                .mapping("filter_metadata")
                .mapping("envoy.lb");
        assertThat(read.get("text")).isEqualTo(new Yaml.Scalar("true", true, read.mark()));
    }

    private static Proto entry(String key, Proto value) {
        return new Proto().text(1, key).message(2, value);
    }

    @Test
    void numbersOfAListMayBePackedTogether() throws Exception {
        String type = "envoy.config.route.v3.RetryPolicy";

        assertThat(document(type, new Proto().bytes(7, new byte[] {(byte) 0xf6, 3, (byte) 0xf7, 3})))
                .containsEntry("retriable_status_codes", List.of(502L, 503L));
        assertThat(document(type, new Proto().number(7, 502).number(7, 503)))
                .containsEntry("retriable_status_codes", List.of(502L, 503L));
    }

    @Test
    void bytesTextsAndNegativeNumbersAreKept() throws Exception {
        assertThat(document("envoy.config.core.v3.DataSource", new Proto().bytes(2, new byte[] {0, (byte) 0xff})))
                .containsEntry("inline_bytes", "AP8=");
        assertThat(document(
                        "envoy.config.core.v3.SocketOption",
                        new Proto().number(2, -1).number(4, -5)))
                .containsEntry("level", "-1")
                .containsEntry("int_value", "-5");
    }

    @Test
    void whatStandsLastOfAGroupCountsAndMessagesAreMerged() throws Exception {
        String type = "envoy.config.core.v3.Address";
        Proto first = new Proto().text(2, "127.0.0.1");
        Proto second = new Proto().number(3, 8080);

        assertThat(document(
                        type,
                        new Proto().message(2, new Proto().text(1, "/pipe")).message(1, first)))
                .containsOnlyKeys("socket_address");
        assertThat(document(type, new Proto().message(1, first).message(1, second)))
                .containsEntry("socket_address", Map.of("address", "127.0.0.1", "port_value", 8080L));
    }

    @Test
    void aFieldThatEnvoyDoesNotHaveIsNamedByItsNumber() throws Exception {
        Proto cluster = new Proto().text(1, "echo").number(19_999, 1);

        for (boolean allowed : new boolean[] {true, false}) {
            Problems problems = new Problems();
            new Checker(schema, Support.load(FilterKinds.ALL.list()), problems, allowed)
                    .check(CLUSTER, tree(CLUSTER, cluster));
            List<String> said = allowed
                    ? problems.warnings()
                    : problems.errors().stream().map(ConfigProblem::toString).toList();
            assertThat(said)
                    .containsExactly("cds echo @ 7: 19999: unknown field: Envoy has no field number 19999 in Cluster");
        }
    }

    @Test
    void aFieldInAnotherFormIsUnknownAsInProtobuf() throws Exception {
        assertThat(tree(CLUSTER, new Proto().number(1, 5)).entries()).containsOnlyKeys("1");
    }

    @Test
    void bytesThatAreNoMessageAreRefusedWithTheType() {
        assertThatThrownBy(() -> tree(CLUSTER, new Proto().bytes(0, new byte[0])))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("cds echo @ 7: Unable to unpack as " + CLUSTER + ": ");
        assertThatThrownBy(() -> BinaryReader.read("x", new byte[] {10, 5, 'a'}, CLUSTER, schema))
                .hasMessageContaining("Unable to unpack as " + CLUSTER);
        assertThatThrownBy(() -> tree(CLUSTER, new Proto().bytes(1, new byte[] {(byte) 0xff})))
                .hasMessageContaining("UTF-8");
        Proto broken = new Proto()
                .message(
                        24,
                        new Proto()
                                .text(1, "tls")
                                .message(
                                        3,
                                        new Proto()
                                                .text(1, "type.googleapis.com/" + OPTIONS)
                                                .text(2, "no message")));
        assertThatThrownBy(() -> tree(CLUSTER, broken))
                .hasMessageContaining("Unable to unpack as " + CLUSTER + ": " + OPTIONS + ": ");
    }

    @Test
    void nestingHasABound() {
        String matcher = "envoy.config.rbac.v3.Principal";
        Proto not = new Proto();
        for (int i = 0; i < 101; i++) {
            not = new Proto().message(8, not);
        }
        Proto deep = not;
        assertThatThrownBy(() -> tree(matcher, deep)).hasMessageContaining("messages are nested deeper than 100");
        Proto value = new Proto();
        for (int i = 0; i < 200; i++) {
            value = new Proto().message(6, new Proto().message(1, value));
        }
        Proto struct =
                new Proto().message(1, new Proto().text(1, "a").message(2, new Proto().message(1, entry("b", value))));
        assertThatThrownBy(() -> tree("envoy.config.core.v3.Metadata", struct)).hasMessageContaining("nested too deep");
    }

    @Test
    void anExtensionOfAnUnknownTypeIsNamed() throws Exception {
        Proto cluster = new Proto()
                .text(1, "echo")
                .message(24, new Proto().text(1, "magic").any(3, "acme.filters.Magic", new Proto().number(1, 1)));
        Problems problems = new Problems();
        new Checker(schema, Support.load(FilterKinds.ALL.list()), problems, true)
                .check(CLUSTER, tree(CLUSTER, cluster));

        assertThat(problems.errors())
                .extracting(ConfigProblem::toString)
                .containsExactly("cds echo @ 7: transport_socket.typed_config: unknown type: Envoy has no"
                        + " 'acme.filters.Magic'; look at the spelling");
    }

    @Test
    void aSecretIsTakenOutOfWhatIsShown() throws Exception {
        Proto secret = new Proto()
                .text(1, "server")
                .message(2, new Proto().message(2, new Proto().bytes(2, "key".getBytes(StandardCharsets.UTF_8))));

        assertThat(document("envoy.extensions.transport_sockets.tls.v3.Secret", secret)
                        .toString())
                .contains("W3JlZGFjdGVkXQ==");
    }
}
