package io.grpcweb.gateway.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which endpoints of a cluster a request may go to, by what the configuration says of them for {@link #READER} (Envoy's
 * {@code lb_subset_config}). A request that asks for certain values goes to the endpoints that have all of them, where the keys
 * that it asks by are those of a selector.
 *
 * @param fallback where a request goes for which there are no such endpoints, or that asks for nothing
 * @param defaults what the endpoints have that {@link Fallback#DEFAULT} means
 */
public record Subsets(Fallback fallback, Map<String, Object> defaults, List<Selector> selectors) {
    /** In whose name metadata of endpoints says what subset they belong to. */
    public static final String READER = "envoy.lb";

    public static final Subsets NONE = new Subsets(Fallback.NONE, Map.of(), List.of());

    public Subsets {
        defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
        selectors = List.copyOf(selectors);
    }

    /** Keys that requests may ask by, all of them together. */
    public record Selector(Set<String> keys, Optional<Fallback> fallback, Set<String> fallbackKeys) {
        public static final Selector NONE = new Selector(Set.of(), Optional.empty(), Set.of());

        public Selector {
            keys = Set.copyOf(keys);
            fallbackKeys = Set.copyOf(fallbackKeys);
        }

        /** Whether a fallback to fewer keys has some, and fewer; true for every other fallback. */
        public boolean isSound() {
            return !fallback.equals(Optional.of(Fallback.KEYS))
                    || !fallbackKeys.isEmpty() && keys.containsAll(fallbackKeys) && fallbackKeys.size() < keys.size();
        }
    }

    /** Where requests go for which there are no endpoints. */
    public enum Fallback {
        /** Nowhere. */
        NONE,
        /** To any endpoint. */
        ANY,
        /** To those that have {@link #defaults}. */
        DEFAULT,
        /** To those that have the values of fewer keys: only of a selector. */
        KEYS
    }

    /** The selector with exactly these keys. */
    public Optional<Selector> selector(Set<String> keys) {
        return selectors.stream().filter(one -> one.keys().equals(keys)).findFirst();
    }
}
