package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.FilterKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of Envoy's messages that the build makes: from the jar of the API, and from what is added to it. */
final class SchemaTest {
    private static final String ADDITIONS = "src/schema/envoy-1.40.txt";

    private final Schema schema = Schema.load(FilterKinds.ALL.list());

    @Test
    void aFieldHasItsNumberKindAndRules() {
        Schema.Field timeout = field("envoy.config.cluster.v3.Cluster", "connect_timeout");
        Schema.Field name = field("envoy.config.cluster.v3.Cluster", "name");

        assertThat(timeout.number()).isEqualTo(4);
        assertThat(timeout.kind()).isEqualTo("duration");
        assertThat(timeout.required()).isFalse();
        assertThat(timeout.rules().words()).containsExactly(">0s");
        assertThat(name.required()).isTrue();
        assertThat(name.rules().words()).containsExactly("min_len:1");
    }

    @Test
    void wrappersListsMapsAndGroupsAreToldApart() {
        String cluster = "envoy.config.cluster.v3.Cluster";

        assertThat(field(cluster, "per_connection_buffer_limit_bytes").kind()).isEqualTo("UInt32");
        assertThat(field(cluster, "filters").count()).isEqualTo(Schema.Count.LIST);
        assertThat(field(cluster, "typed_extension_protocol_options"))
                .extracting(Schema.Field::count, Schema.Field::key, Schema.Field::kind)
                .containsExactly(Schema.Count.MAP, "string", "any");
        assertThat(field(cluster, "type").oneof()).isEqualTo("cluster_discovery_type");
        assertThat(schema.type("envoy.config.core.v3.Address").oneofs()).containsExactly(Map.entry("address", true));
    }

    @Test
    void whatMustNotBeShownAndWhatIsOldIsMarked() {
        assertThat(field("envoy.extensions.transport_sockets.tls.v3.TlsCertificate", "private_key")
                        .sensitive())
                .isTrue();
        assertThat(field("envoy.config.cluster.v3.Cluster", "http2_protocol_options")
                        .deprecated())
                .isTrue();
    }

    @Test
    void aTextHasThePartsOfItsRuleThatSeparateWordsElsewhere() {
        Rules rules =
                field("envoy.config.route.v3.RateLimit.HitsAddend", "format").rules();

        assertThat(rules.whole()).extracting(Rules.Rule::text).contains("%");
    }

    @Test
    void valuesOfAnEnumHaveTheirNumbers() {
        assertThat(schema.values("envoy.config.core.v3.ApiConfigSource.ApiType"))
                .containsEntry("GRPC", 2)
                .containsEntry("AGGREGATED_GRPC", 5);
    }

    @Test
    void whatEnvoyDoesNotHaveAndItsSecondVersionAreUnknown() {
        assertThat(schema.type("envoy.config.cluster.v3.Moon")).isNull();
        assertThat(schema.type("envoy.api.v2.Cluster")).isNull();
        assertThat(schema.type("no name")).isNull();
        assertThat(schema.values("envoy.config.cluster.v3.Moon")).isNull();
    }

    @Test
    void everyMessageThatAFieldLeadsToIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        for (String message : messages()) {
            schema.type(message).fields().values().forEach(field -> {
                boolean there =
                        switch (field.kind()) {
                            case "message" -> schema.type(field.type()) != null;
                            case "enum" -> schema.values(field.type()) != null;
                            default -> true;
                        };
                if (!there) {
                    missing.add(message + "." + field.name() + ": " + field.type());
                }
            });
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void noTwoFieldsOfAMessageHaveOneNumber() throws IOException {
        assertThat(messages())
                .allSatisfy(message -> assertThat(schema.type(message).fields().values())
                        .as(message)
                        .extracting(Schema.Field::number)
                        .doesNotHaveDuplicates());
    }

    @Test
    void everyFieldThatIsAddedToTheJarIsThere() throws IOException {
        String message = "";
        List<String> missing = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(ADDITIONS))) {
            String[] words = line.strip().split(" ", -1);
            if (line.startsWith("message ")) {
                message = words[1];
            } else if (line.startsWith("  ") && !words[0].equals("oneof")) {
                Schema.Field field = schema.type(message).fields().get(words[0]);
                if (field == null || field.number() != Integer.parseInt(words[1])) {
                    missing.add(message + "." + words[0]);
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    private Schema.Field field(String message, String name) {
        return schema.type(message).fields().get(name);
    }

    /** All messages of the table. */
    static List<String> messages() {
        SchemaFile table = SchemaFile.load();
        List<String> names = table.packages().stream()
                .flatMap(name -> table.text(name).lines())
                .filter(line -> line.startsWith("message "))
                .map(line -> line.substring("message ".length()))
                .toList();
        assertThat(names).hasSizeGreaterThan(1300);
        return names;
    }
}
