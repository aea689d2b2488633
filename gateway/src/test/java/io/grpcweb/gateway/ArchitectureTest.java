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
 * that is not in the table fails; filters are alike and need no line.
 */
class ArchitectureTest {
    private static final String BASE = "io.grpcweb.gateway";
    private static final JavaClasses CLASSES =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages(BASE);

    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            entry("config", Set.of()),
            entry("config.hocon", Set.of("config", "schema")),
            entry("config.envoy", Set.of("config", "config.hocon")),
            entry("http", Set.of("config")),
            entry("schema", Set.of()),
            entry("stats", Set.of("config", "http")),
            entry("format", Set.of("config", "http")),
            entry("telemetry", Set.of("config", "http", "stats", "format")),
            entry("telemetry.export", Set.of("config", "http")),
            entry("telemetry.logs", Set.of("config", "http", "stats", "format", "telemetry.export")),
            entry("telemetry.tracing", Set.of("config", "http", "stats", "format", "telemetry.export")),
            entry("net", Set.of("config", "http", "stats")),
            entry("route", Set.of("config", "http")),
            entry("files", Set.of("config", "http")),
            entry("match", Set.of("config", "config.hocon", "config.envoy", "http")),
            entry("overload", Set.of("config", "stats")),
            entry("downstream", Set.of("config", "http", "net", "overload", "stats")),
            entry(
                    "tcp",
                    Set.of(
                            "config",
                            "downstream",
                            "http",
                            "net",
                            "overload",
                            "stats",
                            "upstream",
                            "upstream.host",
                            "upstream.pool")),
            entry("downstream.websocket", Set.of("config", "downstream", "http")),
            entry(
                    "filter",
                    Set.of("config", "config.hocon", "config.envoy", "http", "stats", "telemetry", "upstream.pool")),
            entry("filter.service", aFilter()),
            entry("filter.descriptors", aFilter()),
            entry("filter.coding", aFilter()),
            entry("filter.compressor", aFilter("filter.coding")),
            entry("filter.decompressor", aFilter("filter.coding")),
            entry("filter.grpcweb", aFilter("filter.coding")),
            entry("filter.extauthz", aFilter("filter.service")),
            entry("filter.grpcjsontranscoder", aFilter("schema", "filter.reflection")),
            entry("filter.reflection", aFilter("schema")),
            entry("filter.methoddefaults", aFilter("schema", "filter.reflection")),
            entry("filter.recorder", aFilter()),
            entry("filter.ratelimit", aFilter("filter.descriptors")),
            entry("filter.ratelimitservice", aFilter("filter.service", "filter.descriptors")),
            entry("filter.statefulsession", aFilter("filter.service", "upstream.host")),
            entry("filter.cors", aFilter("telemetry")),
            entry("filter.connect", aFilter("schema")),
            entry(
                    "filter.router",
                    aFilter(
                            "files",
                            "filter.reflection",
                            "schema",
                            "telemetry",
                            "upstream",
                            "upstream.host",
                            "upstream.pool")),
            entry("upstream.host", Set.of("config", "http", "net", "stats")),
            entry("upstream.discovery", Set.of("config", "net", "stats", "upstream.host")),
            entry("upstream.health", Set.of("config", "http", "net", "stats", "upstream.host")),
            entry(
                    "upstream",
                    Set.of("config", "http", "net", "stats", "upstream.host", "upstream.discovery", "upstream.health")),
            entry("upstream.pool", Set.of("config", "http", "net", "stats", "upstream", "upstream.host")),
            entry("dynamic", Set.of("config", "net", "source.xds", "upstream.pool")),
            entry("explain", Set.of("config", "filter.cors", "route")),
            entry(
                    "check",
                    Set.of(
                            "config",
                            "config.hocon",
                            "downstream",
                            "filter.cors",
                            "filter.grpcweb",
                            "filter.reflection",
                            "http",
                            "net",
                            "route",
                            "schema",
                            "upstream.discovery",
                            "upstream.host")),
            entry("devtls", Set.of("config")),
            entry("selftest", Set.of("config", "http")),
            entry("console", Set.of("filter.recorder", "filter.reflection", "http", "schema")),
            entry("admin", Set.of("config", "console", "dynamic", "explain", "http", "net", "stats", "telemetry")),
            entry("logging", Set.of()),
            entry("process", Set.of("config")),
            entry("source", Set.of("config", "net")),
            entry("source.xds", Set.of("config", "stats", "source.xds.proto")),
            entry("source.xds.proto", Set.of()),
            entry("source.xds.channel", Set.of("config", "net", "source.xds", "upstream.host")),
            entry("runtime", allBut("", "runtime", "cli")),
            entry("", Set.of("config", "config.hocon", "filter", "runtime", "telemetry")),
            entry("cli", allBut("cli", "")));

    /** What a filter may know; nothing more where it has no line in the table. */
    private static Set<String> aFilter(String... more) {
        Set<String> names = new TreeSet<>(
                Set.of("config", "config.hocon", "config.envoy", "filter", "format", "http", "match", "stats"));
        names.addAll(Set.of(more));
        return names;
    }

    /** The filters of the chain and the packages that only wiring names. */
    private static Set<String> allBut(String... names) {
        return packagesOfClasses().stream()
                .filter(name -> !Set.of(names).contains(name))
                .collect(Collectors.toSet());
    }

    static Set<String> packagesOfClasses() {
        Set<String> names = new TreeSet<>();
        CLASSES.forEach(type -> names.add(nameOf(type)));
        return names;
    }

    private static boolean isFilter(String name) {
        return name.startsWith("filter.");
    }

    @Test
    void everyPackageIsInTheTable() {
        assertThat(packagesOfClasses())
                .containsAll(MAY_KNOW.keySet())
                .allMatch(name -> MAY_KNOW.containsKey(name) || isFilter(name));
    }

    @ParameterizedTest
    @MethodSource("packagesOfClasses")
    void aPackageKnowsOnlyWhatIsBelowIt(String name) {
        noClasses()
                .that()
                .resideInAPackage(name.isEmpty() ? BASE : BASE + "." + name)
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("are above it or beside it") {
                    @Override
                    public boolean test(JavaClass other) {
                        return other.getPackageName().startsWith(BASE)
                                && !nameOf(other).equals(name)
                                && !MAY_KNOW.getOrDefault(name, aFilter()).contains(nameOf(other));
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
