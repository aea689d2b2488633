package io.grpcweb.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may know which: the root knows all, nobody knows the root, and the filters do not know each other. */
class ArchitectureTest {
    private static final String BASE = "io.grpcweb.gateway";
    private static final JavaClasses CLASSES =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages(BASE);

    private static final Map<String, List<String>> MAY_KNOW = Map.of(
            "config", List.of(),
            "http", List.of("config"),
            "stats", List.of("http", "config"),
            "net", List.of("http", "config", "stats"),
            "envoy", List.of("config"),
            "route", List.of("http", "config", "net", "stats"),
            "cors", List.of("http", "config", "net", "stats"),
            "grpcweb", List.of("http", "config", "net", "stats"),
            "downstream", List.of("http", "config", "net", "stats"),
            "upstream", List.of("http", "config", "net", "stats"));

    static List<String> packages() {
        return MAY_KNOW.keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageKnowsOnlyWhatIsBelowIt(String name) {
        noClasses()
                .that()
                .resideInAPackage(BASE + "." + name)
                .should()
                .dependOnClassesThat(described(other -> ours(other)
                        && !other.getPackageName().equals(BASE + "." + name)
                        && !MAY_KNOW.get(name).contains(room(other))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void telemetryKnowsNothingOfTheWayOfBytes() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".telemetry")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(all("downstream", "upstream", "route", "cors", "grpcweb", "net", "envoy"))
                .check(CLASSES);
    }

    @Test
    void onlyTheRootKnowsTheAdminPages() {
        noClasses()
                .that()
                .resideOutsideOfPackages(BASE, BASE + ".admin")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + ".admin")
                .check(CLASSES);
    }

    @Test
    void nobodyKnowsTheRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE)
                .check(CLASSES);
    }

    @Test
    void configurationIsReadWithoutNetty() {
        noClasses()
                .that()
                .resideInAnyPackage(all("config", "envoy"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    private static String[] all(String... names) {
        return Arrays.stream(names).map(name -> BASE + "." + name + "..").toArray(String[]::new);
    }

    private static boolean ours(JavaClass type) {
        return type.getPackageName().startsWith(BASE);
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(BASE) ? "" : name.substring(BASE.length() + 1);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> described(Predicate<JavaClass> predicate) {
        return com.tngtech.archunit.base.DescribedPredicate.describe("are above it or beside it", predicate);
    }
}
