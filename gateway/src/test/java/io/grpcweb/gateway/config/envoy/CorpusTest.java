package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Public configurations of others, where a folder of them is at hand ({@code -Denvoy.corpus=DIR}). */
final class CorpusTest {
    private static final EnvoyBootstrap.Options OPTIONS = Configs.envoy(false, false);

    @TestFactory
    Stream<DynamicTest> importingAndReadingBackGivesTheSameRecords() throws IOException {
        String folder = System.getProperty("envoy.corpus", "");
        if (folder.isEmpty()) {
            return Stream.of();
        }
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                Optional<GatewayConfig> config = read(file);
                config.ifPresent(one ->
                        tests.add(DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> comesBack(one))));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static Optional<GatewayConfig> read(Path file) {
        try {
            return Optional.of(EnvoyBootstrap.read(Optional.of(file), Optional.empty(), OPTIONS));
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    private static void comesBack(GatewayConfig config) throws ConfigException {
        String text = Configs.write(config);
        GatewayConfig back;
        try {
            back = Configs.parse(text, "imported");
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage() + "\n" + text, e);
        }
        assertThat(back)
                .as(text)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes("(.*\\.)?places?", "document", "warnings")
                .withEqualsForType((one, other) -> one.pattern().equals(other.pattern()), Pattern.class)
                .isEqualTo(config);
    }
}
