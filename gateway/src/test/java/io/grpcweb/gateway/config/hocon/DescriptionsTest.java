package io.grpcweb.gateway.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** All that is said once of the fields of the own format: it is read as it is written, and the manual knows it. */
final class DescriptionsTest {
    private static final Path REFERENCE = Path.of("../config/gateway.conf");

    private record Described<T>(String name, T base, Description<T> fields) {

        Set<String> keys() {
            return OtherValues.keys(base, fields);
        }

        void assertRoundTrips() {
            List<T> others = OtherValues.of(base, fields);
            assertThat(others).doesNotContain(base).doesNotHaveDuplicates();
            for (T other : others) {
                String text = HoconText.of(new Tree().add(other, base, fields));
                Section written =
                        new Section(ConfigFactory.parseString(text).root(), "", new Findings("text", new FilesRead()));
                assertThat(fields.of(written, base)).describedAs(text).isEqualTo(other);
            }
            assertThat(HoconText.of(new Tree().add(base, base, fields))).isEmpty();
        }
    }

    private static List<Described<?>> all() {
        List<Described<?>> all = new ArrayList<>(List.of(
                new Described<>("breakers", ClusterConfig.Breakers.DEFAULT, ResilienceFormat::breakers),
                new Described<>(
                        "outlier detection", ClusterConfig.OutlierDetection.DEFAULT, ResilienceFormat::outliers),
                new Described<>("health check", HealthCheckFormat.USUAL, HealthCheckFormat::fields),
                new Described<>("header rules", HeaderRules.NONE, HeaderFormat::rules)));
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
