package io.grpcweb.gateway.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** All that is said once of the fields of the own format: it is read as it is written, and the manual knows it. */
final class DescriptionsTest {
    private static final Path REFERENCE = Path.of("../config/gateway.conf");
    private static final ListenerFormat LISTENER = new ListenerFormat(
            new HttpFormat(new RouteFormat(Map.of(), true, Set.of(), Configs.FILTERS), Configs.FILTERS));

    /**
     * A description to walk.
     *
     * @param dependent the fields that say nothing where no other one is written
     */
    private record Described<T>(String name, T base, Description<T> fields, List<String> dependent) {

        Described(String name, T base, Description<T> fields) {
            this(name, base, fields, List.of());
        }

        Set<String> keys() {
            return OtherValues.keys(base, fields);
        }

        void assertRoundTrips() {
            List<OtherValues.Changed<T>> others = OtherValues.of(base, fields);
            assertThat(others)
                    .filteredOn(other -> other.record().equals(base))
                    .extracting(OtherValues.Changed::key)
                    .containsExactlyInAnyOrderElementsOf(dependent);
            for (OtherValues.Changed<T> other : others) {
                String text = HoconText.of(new Tree().add(other.record(), base, fields));
                assertThat(fields.of(section(text), base)).describedAs(text).isEqualTo(other.record());
            }
            assertThat(HoconText.of(new Tree().add(base, base, fields))).isEmpty();
        }
    }

    private static Section section(String text) {
        return new Section(ConfigFactory.parseString(text).root(), "", new Findings("text", new FilesRead()));
    }

    private static List<Described<?>> all() {
        List<Described<?>> all = new ArrayList<>(List.of(
                new Described<>(
                        "gateway",
                        GatewayConf.USUAL,
                        new GatewayConf(Configs.FILTERS)::fields,
                        List.of("allow-unknown-clusters")),
                new Described<>(
                        "listener",
                        LISTENER.usual("name"),
                        LISTENER::fields,
                        List.of(
                                "to",
                                "from-peers",
                                "from",
                                "regex-rewrite",
                                "substitution",
                                "host-from-path",
                                "substitution",
                                "omit-empty",
                                "when")),
                new Described<>("cluster", ClusterFormat.usual("name"), ClusterFormat::fields)));
        FilterKinds.ALL.list().forEach(kind -> {
            if (kind instanceof DescribedFormat<?> format) {
                all.add(described(format));
            }
        });
        return all;
    }

    private static <C extends FilterConfig> Described<C> described(DescribedFormat<C> format) {
        return new Described<>(format.type(), format.usual("name"), format::fields);
    }

    @TestFactory
    Stream<DynamicTest> whatIsWrittenIsReadAgain() {
        return all().stream().map(one -> DynamicTest.dynamicTest(one.name(), one::assertRoundTrips));
    }

    @Test
    void theManualNamesEveryKey() throws Exception {
        String manual = Files.readString(REFERENCE);
        Set<String> missing = new TreeSet<>();
        for (Described<?> one : all()) {
            one.keys().stream()
                    .filter(key ->
                            !manual.matches("(?s).*(?<![a-z0-9-])" + key.replace(".", "\\.") + "(?![a-z0-9-]).*"))
                    .forEach(missing::add);
        }
        assertThat(missing).isEmpty();
    }
}
