package io.grpcweb.gateway.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where and how a check is made.
 *
 * @param words of the format that the configuration is written in
 * @param inContainer whether this process has a loopback of its own
 * @param patience with each endpoint
 * @param ports whether it is looked whether the ports of the listeners are free; not where a gateway runs already
 * @param origins pages that are to call, beside those that the configuration names
 */
public record Surroundings(Words words, boolean inContainer, Duration patience, boolean ports, List<String> origins) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    public Surroundings {
        origins = List.copyOf(origins);
    }

    /** Those of this process. */
    public static Surroundings here(Words words, boolean ports, List<String> origins) {
        return new Surroundings(words, container(), PATIENCE, ports, origins);
    }

    /** As Docker and Podman mark it, or as the control groups of others tell. */
    private static boolean container() {
        if (Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"))) {
            return true;
        }
        try {
            String groups = Files.readString(Path.of("/proc/1/cgroup"));
            return List.of("docker", "kubepods", "containerd", "libpod").stream()
                    .anyMatch(groups::contains);
        } catch (IOException e) {
            // Another system, or nobody may look: then it counts as a machine.
            return false;
        }
    }
}
