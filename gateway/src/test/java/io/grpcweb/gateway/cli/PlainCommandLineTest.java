package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of a line stand here with {@code |} between them. */
final class PlainCommandLineTest {
    /** What the full command line makes of it; empty where it does not come to a start. */
    private static Optional<CommandOptions> full(String name, String[] words) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        List<CommandOptions> read = new ArrayList<>();
        new FullCommandLine(name, nowhere, nowhere).run(words, options -> read.add(options) ? 0 : 1);
        return read.stream().findFirst();
    }

    private static void assertSameReading(String line, boolean equals) {
        String[] words = line.isEmpty() ? new String[0] : line.split("\\|", -1);
        Optional<CommandOptions> plain = PlainCommandLine.read(words, equals);

        assertThat(plain).isPresent();
        assertThat(plain.orElseThrow())
                .usingRecursiveComparison()
                .ignoringFields("meaningless")
                .isEqualTo(full(equals ? "gateway" : "envoy", words).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-c|gateway.conf",
                "--config-path|/etc/envoy/envoy.yaml|-l|debug|--concurrency|2",
                "--config-path|dir/../x.yaml|--mode|validate|--drain-time-s|600",
                "--config-yaml|admin: {path: \"@x\"}\nb: ['$c', '${d}', a=b]|--service-cluster|c|--service-node|n",
                "--service-zone|z|--admin-address-path|a|--log-path|l|--component-log-level|http:debug,main:info",
                "--log-level|a b|--disable-hot-restart|--base-id|1|--restart-epoch|0",
                "--backend|a:1,b:2|--listen|0.0.0.0:80|--admin|:1|--allow-origin|https://x.example,*",
                "--disable-hot-restart|-c|%x",
            })
    void aPlainLineMeansTheSameAsInFull(String line) {
        assertSameReading(line, true);
        assertSameReading(line, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--backend=a:1,b:2|--allow-origin=https://x.example",
                "--config-path=a=b|--concurrency=1",
                "-c=x|-l=info|--restart-epoch=1",
            })
    void aValueMayStandBehindASign(String line) {
        assertSameReading(line, true);
        assertThat(PlainCommandLine.read(line.split("\\|", -1), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-c",
                "-cx",
                "-c|",
                "-c|-l|info",
                "-c|a|--config-path|b",
                "-l|off|-l|off",
                "--backend|a:1|--backend|b:1",
                "--backend|\"a,b\":1",
                "--backend|a:1,",
                "--concurrency|0x10",
                "--concurrency|010",
                "--concurrency|99999999999",
                "--concurrency|two",
                "--mode|@file",
                "@file",
                "import|-c|x",
                "--service-node|import",
                "--bogus|1",
                "--",
                "word",
                "--disable-hot-restart|--disable-hot-restart",
                "--disable-hot-restart=true",
                "--log-format|%v",
            })
    void allElseIsReadInFull(String line) {
        assertThat(PlainCommandLine.read(line.split("\\|", -1), true)).isEmpty();
    }
}
