package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Subsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Groups of endpoints: {@code lb_subset_config} of a cluster, and the policy {@code Subset} with the same fields. */
final class SubsetConfigs {
    private final Reading reading;

    SubsetConfigs(Reading reading) {
        this.reading = reading;
    }

    /** Empty where there are no selectors, without which nothing is chosen, as in Envoy. */
    Optional<Subsets> read(Msg config) {
        List<Subsets.Selector> selectors = new ArrayList<>();
        config.messages("subset_selectors").forEach(one -> selectors.add(selector(one)));
        return selectors.isEmpty()
                ? Optional.empty()
                : Optional.of(new Subsets(
                        switch (config.text("fallback_policy", "NO_FALLBACK")) {
                            case "ANY_ENDPOINT" -> Subsets.Fallback.ANY;
                            case "DEFAULT_SUBSET" -> Subsets.Fallback.DEFAULT;
                            default -> Subsets.Fallback.NONE;
                        },
                        Reading.fields(config.tree("default_subset")),
                        selectors));
    }

    private Subsets.Selector selector(Msg selector) {
        Set<String> keys = new HashSet<>(selector.texts("keys"));
        Set<String> fewer = new HashSet<>(selector.texts("fallback_keys_subset"));
        Optional<Subsets.Fallback> fallback =
                switch (selector.text("fallback_policy", "NOT_DEFINED")) {
                    case "NO_FALLBACK" -> Optional.of(Subsets.Fallback.NONE);
                    case "ANY_ENDPOINT" -> Optional.of(Subsets.Fallback.ANY);
                    case "DEFAULT_SUBSET" -> Optional.of(Subsets.Fallback.DEFAULT);
                    case "KEYS_SUBSET" -> Optional.of(Subsets.Fallback.KEYS);
                    default -> Optional.empty();
                };
        Subsets.Selector found = new Subsets.Selector(keys, fallback, fewer);
        if (!found.isSound()) {
            reading.error(selector, "fallback_keys_subset", "some of the keys are expected, and not all of them");
        }
        return found;
    }
}
