package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Configs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are no configuration, and values that no clock can count: refused with their place, in both formats. */
class NonsenseTest {
    @TempDir
    Path folder;

    private record File(String name, String text, int line) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<File> files() {
        int many = 100_000;
        StringBuilder blocks = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            blocks.append(" ".repeat(i)).append("a:\n");
        }
        StringBuilder chain = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            chain.append("a").append(i).append(" = ${a").append(i + 1).append("}\n");
        }
        return Stream.of(
                new File("blocks.yaml", blocks.toString(), 201),
                new File("lists.yaml", "x: 1\na: " + "[".repeat(many) + "]".repeat(many), 2),
                new File("mappings.json", "{\"a\": ".repeat(many), 1),
                new File("dashes.yaml", "- ".repeat(many), 1),
                new File("self.yaml", "a: &a [*a]", 1),
                new File("line.yaml", "a: " + "x".repeat(8_000_000), 1),
                new File("word.yaml", "a: \"" + "x".repeat(8_000_000) + "\"", 1),
                new File("nul.yaml", "\0".repeat(1000), 1),
                new File("sections.conf", "a = 1\n" + "a {".repeat(many), 2),
                new File("lists.conf", "a = " + "[".repeat(many), 1),
                new File("path.conf", "a.".repeat(many) + "a = 1", 0),
                new File("chain.conf", chain + "a20000 = 1", 0),
                new File("loop.conf", "a = ${b}\nb = ${a}", 2),
                new File("key.conf", "x".repeat(1_000_000) + " = 1", 1),
                new File("messages.pb_text", "a ".repeat(0) + "a { ".repeat(many), 1),
                new File("lists.pb_text", "a: " + "[".repeat(many), 1),
                new File("nul.pb_text", "\n\0", 2),
                new File("again.pb_text", "a: 1 ".repeat(500_000), 1));
    }

    private ConfigException refused(String name, byte[] bytes) throws Exception {
        Path file = Files.write(folder.resolve(name), bytes);
        return catchThrowableOfType(ConfigException.class, () -> read(file));
    }

    private static void read(Path file) throws ConfigException {
        if (file.toString().endsWith(".conf")) {
            Configs.read(file);
        } else {
            EnvoyBootstrap.read(Optional.of(file), Optional.empty(), Configs.envoy(false, false));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    @Timeout(60)
    void isRefusedWithFileAndLine(File file) throws Exception {
        ConfigException refused = refused(file.name, file.text.getBytes(StandardCharsets.UTF_8));

        assertThat(refused).isNotNull();
        ConfigProblem first = refused.problems().get(0);
        assertThat(first.file()).endsWith(file.name);
        assertThat(first.line()).isEqualTo(file.line);
        assertThat(first.toString()).hasSizeLessThan(10_000);
    }

    @ParameterizedTest
    @CsvSource({"large.yaml", "large.json", "large.conf", "large.pb_text"})
    void whatIsLargerThanAnyConfigurationIsNotReadOn(String name) throws Exception {
        assertThat(refused(name, new byte[20_000_000]).getMessage()).contains("20000000 bytes", "16777216 (16 MiB)");
    }

    @ParameterizedTest
    @CsvSource({"folder.yaml", "folder.conf", "folder.pb_text"})
    void aDirectoryIsCalledOne(String name) throws Exception {
        Path directory = Files.createDirectory(folder.resolve(name));

        assertThatThrownBy(() -> read(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("this is a directory");
    }

    @ParameterizedTest
    @CsvSource({
        "-1s, must not be negative",
        "-0.000000001s, must not be negative",
        "9223372037s, 9223372036.854775807s",
        "9300000000s, 9300000000s is longer",
        "315576000000s, 315576000000s is longer",
        "999999999999s, 999999999999s is longer"
    })
    void durationsThatNoClockCountsAreRefusedInBothFormats(String duration, String text) {
        assertThatThrownBy(() -> new Bootstraps()
                        .with("ROUTE", "cluster: backend, timeout: " + duration)
                        .read())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("routes[0].route.timeout: ")
                .hasMessageContaining(text);
        assertThatThrownBy(() -> new Bootstraps()
                        .with("MANAGER", "stream_idle_timeout: " + duration)
                        .read())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("stream_idle_timeout: ")
                .hasMessageContaining(text);
        assertThatThrownBy(() -> Configs.parse(
                        "listeners.main.timeouts.stream-idle = " + duration
                                + "\nclusters.backend.endpoints = [\"a:1\"]",
                        "own.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("own.conf:1: listeners.main.timeouts.stream-idle: ");
    }

    @ParameterizedTest
    @CsvSource({
        "'{ seconds: -1 }'",
        "'{ seconds: 9223372036854775807, nanos: 999999999 }'",
        "'{ seconds: -9223372036854775808, nanos: -1 }'",
        "'{ seconds: 1, nanos: 1000000000 }'"
    })
    void theLongFormOfADurationHasTheSameBounds(String duration) {
        assertThatThrownBy(() -> new Bootstraps()
                        .with("MANAGER", "stream_idle_timeout: " + duration)
                        .read())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("stream_idle_timeout");
    }

    @Test
    void centuriesThatAClockCountsAreDecades() throws ConfigException {
        Duration read = new Bootstraps()
                .with("MANAGER", "stream_idle_timeout: 9223372036s")
                .http()
                .timeouts()
                .streamIdle();

        assertThat(read).isGreaterThan(Duration.ofDays(365 * 70));
        assertThat(System.nanoTime() + 2 * read.toNanos()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "listeners.main.routes, '[{ prefix = \"/\", respond.status = 99999 }]', respond.status",
        "listeners.main.routes, '[{ prefix = \"/\", respond.status = 0 }]', respond.status",
        "clusters.backend.balancer.choices, 0, choices",
        "clusters.backend.balancer.table-size, 0, table-size"
    })
    void numbersThatWouldThrowInARequestAreRefused(String key, String value, String named) {
        assertThatThrownBy(() -> Configs.parse(
                        key + " = " + value + "\nlisteners.main.listen = \"127.0.0.1:0\"\n"
                                + "clusters.backend.endpoints = [\"a:1\"]",
                        "own.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("own.conf:1: ")
                .hasMessageContaining(named + ": must be between");
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-1", "1.5"})
    void aShareIsBetweenNoneAndAll(String share) {
        assertThatThrownBy(() -> Configs.parse(
                        "listeners.main.cors { origins = [\"https://a.example\"], enabled = \"" + share
                                + "\" }\nclusters.backend.endpoints = [\"a:1\"]",
                        "own.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("own.conf:1: listeners.main.cors.enabled");
    }
}
