package io.grpcweb.gateway.logging;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the gateway writes its own log.
 *
 * @param level of everything, such as {@code debug}; empty leaves it as it is
 * @param components levels of parts, {@code NAME:LEVEL,...}; empty for none
 * @param path of the file; empty for the standard error stream
 * @param format of a line, in the signs of spdlog
 * @param escaped whether control characters of messages are written as {@code \\n} and the like
 */
public record LogSettings(
        Optional<String> level, String components, Optional<Path> path, String format, boolean escaped) {
    static final LogSettings DEFAULT =
            new LogSettings(Optional.empty(), "", Optional.empty(), LogLayout.DEFAULT, false);
}
