package io.grpcweb.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.testing.EnvoyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of the page about policies is taken, in the format that it is written in. */
class PoliciesPageTest {
    private static final Path PAGE = Path.of("docs/policies.md");
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern OWN = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL);

    /** The clusters that the examples name. */
    private static final String[] CLUSTERS = {"issuer", "authz", "rls", "shop", "api", "reports"};

    private static Stream<Arguments> examples(Pattern fence) {
        try {
            return Arrays.stream(Files.readString(PAGE).split("(?m)^## "))
                    .skip(1)
                    .flatMap(section -> fence.matcher(section)
                            .results()
                            .map(found ->
                                    Arguments.of(section.lines().findFirst().orElseThrow(), text(found))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(MatchResult found) {
        return found.group(1).strip();
    }

    static Stream<Arguments> envoys() {
        return examples(YAML);
    }

    static Stream<Arguments> own() {
        return examples(OWN);
    }

    private static HttpConfig http(GatewayConfig config) {
        return config.listeners().get(0).chains().get(0).http();
    }

    @ParameterizedTest
    @MethodSource("envoys")
    void anEnvoyFileWithTheExampleIsTaken(String section, String example) throws ConfigException {
        EnvoyFile file = new EnvoyFile(1).with("FILTERS", example);
        for (String cluster : CLUSTERS) {
            file.cluster(cluster, 1, "");
        }
        GatewayConfig config =
                EnvoyBootstrap.read(Optional.empty(), Optional.of(file.text()), Configs.envoy(false, false));
        assertThat(http(config).filters()).as(section).hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("own")
    void aFileOfTheOwnFormatWithTheExampleIsTaken(String section, String example) throws ConfigException {
        boolean filter = example.startsWith("{");
        int end = example.indexOf("\n\n");
        String chain =
                filter ? "filters = [" + (end < 0 ? example : example.substring(0, end)) + ", grpc-web, router]" : "";
        String rest = !filter ? example : end < 0 ? "" : example.substring(end);
        String routes = rest.contains("routes = ") ? "" : "routes = [{ cluster = api }]";
        StringBuilder clusters = new StringBuilder();
        for (String cluster : CLUSTERS) {
            clusters.append("clusters.").append(cluster).append(".endpoints = [\"127.0.0.1:1\"]\n");
        }
        GatewayConfig config = Configs.parse(
                "listeners.main { listen = \"127.0.0.1:0\"\n" + chain + "\n" + rest + "\n" + routes + "\n}\n"
                        + clusters,
                section);
        assertThat(http(config).filters()).as(section).hasSizeGreaterThanOrEqualTo(3);
    }
}
