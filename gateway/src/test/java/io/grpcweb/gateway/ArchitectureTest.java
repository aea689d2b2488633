package io.grpcweb.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which package may know which: the command line knows all, nobody knows it, and filters do not know each other. A package
 * that is not in the table fails.
 */
class ArchitectureTest {
    private static final String BASE = "io.grpcweb.gateway";
    private static final JavaClasses CLASSES =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages(BASE);

    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            entry("config", Set.of()),
            entry("config.hocon", Set.of("config")),
            entry("config.envoy", Set.of("config", "config.hocon")),
            entry("http", Set.of("config")),
            entry("stats", Set.of("config", "http")),
            entry("format", Set.of("config", "http")),
            entry("telemetry", Set.of("config", "http", "stats", "format")),
            entry("net", Set.of("config", "http", "stats")),
            entry("route", Set.of("config", "http")),
            entry("downstream", Set.of("config", "http", "net", "stats")),
            entry("filter", Set.of("http")),
            entry("filter.cors", Set.of("config", "http", "stats", "telemetry")),
            entry("filter.grpcstats", Set.of("config", "http", "stats")),
            entry("filter.grpcweb", Set.of("config", "http")),
            entry("filter.healthcheck", Set.of("config", "http")),
            entry("filter.ratelimit", Set.of("config", "http", "stats")),
            entry("filter.router", Set.of("config", "http", "stats", "upstream", "upstream.host", "upstream.pool")),
            entry("upstream.host", Set.of("config", "http", "net", "stats")),
            entry("upstream.discovery", Set.of("config", "net", "stats", "upstream.host")),
            entry("upstream.health", Set.of("config", "http", "net", "stats", "upstream.host")),
            entry(
                    "upstream",
                    Set.of("config", "http", "net", "stats", "upstream.host", "upstream.discovery", "upstream.health")),
            entry("upstream.pool", Set.of("config", "http", "net", "stats", "upstream", "upstream.host")),
            entry("admin", Set.of("config", "http", "net", "stats", "telemetry")),
            entry("logging", Set.of()),
            entry("source", Set.of("config", "net")),
            entry("runtime", allBut("runtime", "cli", "config.hocon", "config.envoy")),
            entry("cli", allBut("cli")));

    /** The filters of the chain and the packages that only wiring names. */
    private static Set<String> allBut(String... names) {
        return packagesOfClasses().stream()
                .filter(name -> !Set.of(names).contains(name))
                .collect(Collectors.toSet());
    }

    private static Set<String> packagesOfClasses() {
        Set<String> names = new TreeSet<>();
        CLASSES.forEach(type -> names.add(nameOf(type)));
        return names;
    }

    static Set<String> packages() {
        return new TreeSet<>(MAY_KNOW.keySet());
    }

    @Test
    void everyPackageIsInTheTable() {
        assertThat(packages()).isEqualTo(packagesOfClasses());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageKnowsOnlyWhatIsBelowIt(String name) {
        noClasses()
                .that()
                .resideInAPackage(BASE + "." + name)
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("are above it or beside it") {
                    @Override
                    public boolean test(JavaClass other) {
                        return other.getPackageName().startsWith(BASE)
                                && !nameOf(other).equals(name)
                                && !MAY_KNOW.get(name).contains(nameOf(other));
                    }
                })
                .check(CLASSES);
    }

    @Test
    void packagesKnowEachOtherInOneDirection() {
        slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void configurationIsReadWithoutNetty() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".config..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    private static String nameOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(BASE) ? "" : name.substring(BASE.length() + 1);
    }
}
