package io.grpcweb.gateway.config.envoy;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The numbers of Envoy's runtime that mean something here, from the static layers of a bootstrap; later layers count first. */
final class RuntimeKeys {
    static final String MIN_FLUSH_SPANS = "tracing.opentelemetry.min_flush_spans";
    static final String FLUSH_INTERVAL = "tracing.opentelemetry.flush_interval_ms";
    static final String CLIENT_SAMPLING = "tracing.client_enabled";
    static final String RANDOM_SAMPLING = "tracing.random_sampling";
    static final String OVERALL_SAMPLING = "tracing.global_enabled";

    private static final Set<String> KNOWN =
            Set.of(MIN_FLUSH_SPANS, FLUSH_INTERVAL, CLIENT_SAMPLING, RANDOM_SAMPLING, OVERALL_SAMPLING);

    private final Map<String, String> values = new TreeMap<>();
    private final Set<String> others = new TreeSet<>();

    /** Reads the layers. */
    void read(Msg bootstrap) {
        bootstrap.message("layered_runtime").ifPresent(runtime -> {
            for (Msg layer : runtime.messages("layers")) {
                layer.tree("static_layer").ifPresent(tree -> add("", tree));
            }
        });
    }

    /** Says which keys have no meaning. */
    void warn(Msg bootstrap, Reading reading) {
        if (!others.isEmpty()) {
            reading.warn(
                    bootstrap,
                    "layered_runtime",
                    "these runtime keys switch nothing here: " + String.join(", ", others));
        }
    }

    private void add(String prefix, Yaml tree) {
        if (tree instanceof Yaml.Mapping mapping) {
            mapping.entries().forEach((key, entry) -> add(prefix.isEmpty() ? key : prefix + "." + key, entry.value()));
        } else if (tree instanceof Yaml.Scalar scalar && KNOWN.contains(prefix)) {
            values.put(prefix, scalar.text());
        } else {
            others.add(prefix);
        }
    }

    /** The number of a key; empty where it is not set, or no number. */
    OptionalDouble number(String key) {
        String text = values.get(key);
        try {
            return text == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
