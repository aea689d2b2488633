package io.grpcweb.gateway.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.grpcweb.gateway.config.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema for editors knows what the reader knows: no example is wrong by it, and slips are. */
class EditorSchemaTest {
    private static final Path REFERENCE = Path.of("../config/gateway.conf");
    private static final Path SHIPPED = Path.of("../config/gateway.schema.json");
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```([a-z]*)\\n(.*?)^```");
    private static final Map<String, Object> SCHEMA = EditorSchema.of(Configs.FILTERS);

    private static List<String> problems(String text) {
        return SchemaCheck.problems(
                SCHEMA, ConfigFactory.parseString(text).resolve().root().unwrapped());
    }

    @Test
    void theReferenceFits() throws IOException {
        assertThat(problems(Files.readString(REFERENCE))).isEmpty();
    }

    /** {@code gateway schema} writes the file that is shipped. */
    @Test
    void theShippedOneIsWhatTheReaderSays() {
        Object shipped = ConfigFactory.parseFile(
                        SHIPPED.toFile(), ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON))
                .root()
                .unwrapped();

        assertThat(shipped)
                .as("run: gateway schema > config/gateway.schema.json")
                .isEqualTo(SCHEMA);
    }

    static Stream<String> examples() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("../README.md")));
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            docs.sorted().forEach(pages::add);
        }
        List<String> found = new ArrayList<>();
        for (Path page : pages) {
            EXAMPLE.matcher(Files.readString(page))
                    .results()
                    .filter(result ->
                            result.group(1).isEmpty() || result.group(1).equals("hocon"))
                    .flatMap(result -> Stream.of(result.group(2).split("\\n\\n(?=routes =|filters =|\\{ type =)", -1)))
                    .flatMap(text -> whole(text).stream())
                    .forEach(found::add);
        }
        return found.stream();
    }

    /** An example with what is around it; empty for those of other languages. */
    private static Optional<String> whole(String text) {
        if (text.startsWith("{ type = ")) {
            return Optional.of("listeners.main.filters = [\n" + text + "]");
        }
        if (text.startsWith("routes = ") || text.startsWith("filters = ")) {
            return Optional.of("listeners.main {\n" + text + "}");
        }
        return Optional.of(text).filter(whole -> whole.matches("(?s)(listeners|clusters|node|admin)[. {].*"));
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(examples().count()).isGreaterThan(12);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void examplesOfTheDocumentationFit(String example) {
        assertThat(problems(example)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listners {}",
                "listeners.main { listn = \"127.0.0.1:1\" }",
                "listeners.main { listen = [1] }",
                "listeners.main { routes = [{ prefx = \"/\" }] }",
                "listeners.main { http2 { max-concurrent-streams = [] } }",
                "listeners.main { filters = [nonsense] }",
                "listeners.main { filters = [{ type = call-limit, mst = 1 }] }",
                "clusters.a { protocol = http4 }",
                "clusters.a { tls { verify = perhaps } }",
                "clusters.a { health-checks = [{ kind = ping }] }",
                "error-format = other"
            })
    void slipsAreSeen(String text) {
        assertThat(problems(text)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listeners.main { listen = \"127.0.0.1:1\", cors { origins = [{ suffix = \".example\" }], max-age = 5 } }",
                "listeners.main { routes = [{ path = \"/a/b\", cluster = a, timeout = 30s, filters { cors = off } }] }",
                "listeners.main { filters = [cors, { type = rate-limit, bucket { max = 5 } }, router], timeouts.drain = 0s }",
                "clusters.a { endpoints = [\"a:1\", { address = \"b:2\", weight = 3 }], tls = true }",
                "admin = off, drain { limit = 5 minutes }",
                "listeners.main.routes = [{ path = \"/a/b\", respond { message { a = [1] }, descriptors = a } }]"
            })
    void whatIsRightIsNot(String text) {
        assertThat(problems(text)).isEmpty();
    }
}
