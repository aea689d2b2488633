package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.ConfigException;
import java.util.stream.Collectors;

/** What is wrong with a resource, all of it in one line: a control plane logs it. */
final class Reasons {
    private Reasons() {}

    static String of(ConfigException e) {
        return e.problems().stream()
                .map(problem -> problem.path().isEmpty() ? problem.text() : problem.path() + ": " + problem.text())
                .collect(Collectors.joining("; "));
    }
}
