package io.grpcweb.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What reads a configuration knows nothing of what runs by it. */
final class ConfigurationArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.grpcweb.gateway.config", "io.grpcweb.gateway.envoy");

    @Test
    void neitherReaderKnowsNetty() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    @Test
    void theOwnFormatKnowsNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("io.grpcweb.gateway.config")
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("other packages of ours") {
                    @Override
                    public boolean test(JavaClass type) {
                        return type.getPackageName().startsWith("io.grpcweb")
                                && !type.getPackageName().equals("io.grpcweb.gateway.config");
                    }
                })
                .check(CLASSES);
    }

    @Test
    void theEnvoyReaderKnowsTheRecordsOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.grpcweb.gateway.envoy")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.grpcweb.gateway",
                        "io.grpcweb.gateway.http..",
                        "io.grpcweb.gateway.route..",
                        "io.grpcweb.gateway.upstream..",
                        "io.grpcweb.gateway.downstream..",
                        "io.grpcweb.gateway.telemetry..",
                        "io.grpcweb.gateway.admin..")
                .check(CLASSES);
    }
}
