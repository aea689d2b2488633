package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The process that the rehearsal of a start under a control plane talks to. */
class RehearsalPlaneTest {
    @Test
    void itsFirstLineIsItsPortAndItEndsWithItsInput() throws Exception {
        // What the tests set for the log is not there in the process.
        String path = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        Process plane = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        path,
                        RehearsalPlane.class.getName(),
                        "1")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(plane.inputReader(StandardCharsets.US_ASCII).readLine()).matches("[0-9]{1,5}");
            plane.outputWriter().close();
            assertThat(plane.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(plane.exitValue()).isZero();
        } finally {
            plane.destroyForcibly();
        }
    }
}
