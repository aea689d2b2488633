package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.ResourceType;
import java.util.Map;
import java.util.stream.Collectors;

/** The words in which a control plane is told what is refused: every resource with its reason. */
final class Refusals {
    private Refusals() {}

    static String text(ResourceType type, Map<String, String> problems) {
        return switch (type) {
            case LISTENER ->
                "Error adding/updating listener(s) "
                        + problems.entrySet().stream()
                                .map(one -> one.getKey() + ": " + one.getValue() + "\n")
                                .collect(Collectors.joining());
            case CLUSTER -> "Error adding/updating cluster(s) " + joined(problems, ", ");
            default -> joined(problems, "\n");
        };
    }

    private static String joined(Map<String, String> problems, String between) {
        return problems.entrySet().stream()
                .map(one -> one.getKey() + ": " + one.getValue())
                .collect(Collectors.joining(between));
    }
}
