package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects all that is wrong with a file, and all that deserves a warning. */
final class Problems {
    private final Set<ConfigProblem> errors = new LinkedHashSet<>();
    private final Set<ConfigProblem> warnings = new LinkedHashSet<>();

    void error(Mark mark, String path, String text) {
        errors.add(new ConfigProblem(mark.file(), mark.line(), path, text));
    }

    void warn(Mark mark, String path, String text) {
        warnings.add(new ConfigProblem(mark.file(), mark.line(), path, text));
    }

    boolean any() {
        return !errors.isEmpty();
    }

    /** Whether something was wrong there. */
    boolean anyAt(String path) {
        return errors.stream().anyMatch(one -> one.path().equals(path));
    }

    /** Throws what was collected, in the order of the lines. */
    void throwIfAny() throws ConfigException {
        if (any()) {
            throw new ConfigException(sorted(errors));
        }
    }

    List<ConfigProblem> errors() {
        return sorted(errors);
    }

    List<String> warnings() {
        return sorted(warnings).stream().map(ConfigProblem::toString).toList();
    }

    private static List<ConfigProblem> sorted(Set<ConfigProblem> problems) {
        List<ConfigProblem> sorted = new ArrayList<>(problems);
        sorted.sort((one, other) -> Integer.compare(one.line(), other.line()));
        return sorted;
    }
}
