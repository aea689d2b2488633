package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the script in front of the JVM asks of it. */
@EnabledOnOs(OS.LINUX)
class LauncherTest {
    private static final Pattern ARCHIVE = Pattern.compile("-XX:(AOT|SharedArchive|ArchiveClasses)\\S+");

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "-Xmx16m, false",
        "-Xmx16M, false",
        "-Xmx32767k, false",
        "-Xmx33554431, false",
        "-XX:MaxHeapSize=12m, false",
        "-Xmx32m, true",
        "-Xmx1g, true",
        "-Xmx33554432, true",
        "-Xmx16m -Xmx512m, true"
    })
    void theHeapIsNotLargerAtFirstThanItMayBecome(String options, boolean asUsual, @TempDir Path home)
            throws Exception {
        String command = command(Path.of("src/dist/bin/gateway"), home, Map.of("JAVA_OPTS", options));

        assertThat(command.contains(" -Xms32m ")).isEqualTo(asUsual);
        assertThat(command).contains(" -XX:NewRatio=1 ", options);
    }

    /** Each Java takes the archive that was made for its kind, and none that another one made. */
    @ParameterizedTest
    @CsvSource({
        "17.0.15, false, -XX:SharedArchiveFile=",
        "21.0.8, false, -XX:SharedArchiveFile=",
        "25.0.3, false, -XX:AOTCache=",
        "26, false, -XX:AOTCache=",
        "17.0.15, true, -XX:ArchiveClassesAtExit=",
        "24.0.1, true, -XX:ArchiveClassesAtExit=",
        "25, true, -XX:AOTCacheOutput="
    })
    void theArchiveOfClassesIsOfTheKindThatTheJavaHas(
            String version, boolean made, String wanted, @TempDir Path java, @TempDir Path home) throws Exception {
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path script = Files.copy(
                Path.of("src/dist/bin/gateway"),
                Files.createDirectory(home.resolve("bin")).resolve("gateway"));
        Path lib = Files.createDirectory(home.resolve("lib"));
        Files.writeString(lib.resolve("gateway.jsa"), "classes");
        Files.writeString(lib.resolve("gateway.aot"), "classes and profiles");

        String command = command(script, java, made ? Map.of("GATEWAY_ARCHIVE", "gateway") : Map.of());

        assertThat(ARCHIVE.matcher(command).results().map(MatchResult::group))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(wanted);
        assertThat(command.contains("-Dgateway.rehearsal=")).isEqualTo(made);
    }

    /** A start under a control plane has an archive of its own, whichever way it is told of one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-c FILE | control-plane { cluster = plane } | control-plane",
                "-c FILE | # control-plane { | gateway",
                "-c FILE | clusters.control.plane = 1 | gateway",
                "-c FILE | dynamic_resources: {ads_config: {api_type: GRPC}} | control-plane",
                "--config-path=FILE | {\"dynamicResources\": {\"adsConfig\": {}}} | control-plane",
                "--config-path FILE | lds_config: {path_config_source: {path: a}} | gateway",
                "FILE | lds_config: {api_config_source: {}} | control-plane",
                "--config-yaml dynamic_resources:{ads_config:{}} | '' | control-plane",
                "-c /no/such/file | '' | gateway",
                "'' | '' | gateway"
            })
    void aStartUnderAControlPlaneHasAnArchiveOfItsOwn(
            String arguments, String content, String wanted, @TempDir Path java, @TempDir Path home) throws Exception {
        Path script = Files.copy(
                Path.of("src/dist/bin/gateway"),
                Files.createDirectory(home.resolve("bin")).resolve("gateway"));
        Path lib = Files.createDirectory(home.resolve("lib"));
        Files.writeString(lib.resolve("gateway.jsa"), "classes");
        Files.writeString(lib.resolve("control-plane.jsa"), "more classes");
        Path file = Files.writeString(home.resolve("a configuration"), "a = 1\n" + content + "\n");
        String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].replace("FILE", file.toString());
        }

        String command = command(script, java, Map.of(), words);

        assertThat(command).contains(" -XX:SharedArchiveFile=").contains("/lib/" + wanted + ".jsa ");
    }

    /** What a script runs with a Java in a folder that only prints its arguments. */
    private static String command(Path script, Path home, Map<String, String> environment, String... arguments)
            throws Exception {
        Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> words = new ArrayList<>(List.of("sh", script.toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder launcher = new ProcessBuilder(words).redirectErrorStream(true);
        launcher.environment()
                .keySet()
                .removeAll(Set.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "JAVA_OPTS", "GATEWAY_ARCHIVE"));
        launcher.environment().put("JAVA_HOME", home.toString());
        launcher.environment().putAll(environment);
        Process process = launcher.start();
        String command = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return command;
    }
}
