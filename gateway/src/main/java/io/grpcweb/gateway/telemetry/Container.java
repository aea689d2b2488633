package io.grpcweb.gateway.telemetry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether the process has a container, and with it a loopback address, of its own. */
final class Container {
    /** Docker and Podman leave such a file in each container. */
    private static final List<Path> MARKS = List.of(Path.of("/.dockerenv"), Path.of("/run/.containerenv"));

    private Container() {}

    /** As runtimes of containers and Kubernetes tell it. */
    static boolean isAround() {
        return System.getenv("KUBERNETES_SERVICE_HOST") != null || MARKS.stream().anyMatch(Files::exists);
    }
}
