package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the script in front of the JVM asks of it. */
@EnabledOnOs(OS.LINUX)
class LauncherTest {
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
        Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder launcher = new ProcessBuilder("sh", "src/dist/bin/gateway").redirectErrorStream(true);
        launcher.environment().put("JAVA_HOME", home.toString());
        launcher.environment().put("JAVA_OPTS", options);
        launcher.environment().remove("JDK_JAVA_OPTIONS");
        launcher.environment().remove("JAVA_TOOL_OPTIONS");

        Process process = launcher.start();
        String command = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(command.contains(" -Xms32m ")).isEqualTo(asUsual);
        assertThat(command).contains(" -XX:NewRatio=1 ", options);
    }
}
