package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.Subsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The endpoints of a cluster by the values that requests may ask for: as many groups as there are values. Never changed. */
final class SubsetIndex {
    private final Map<Map<String, Object>, HostSet> groups = new HashMap<>();
    private final HostSet defaults;

    SubsetIndex(HostSet whole, Subsets config) {
        Map<Map<String, Object>, List<Host>> members = new HashMap<>();
        List<Host> usual = new ArrayList<>();
        for (Host host : whole.all()) {
            Map<?, ?> said = host.metadata().of(Subsets.READER);
            for (Subsets.Selector selector : config.selectors()) {
                Map<String, Object> key = values(said, selector.keys());
                if (key != null) {
                    List<Host> group = members.computeIfAbsent(key, values -> new ArrayList<>());
                    // Two selectors may have the same keys.
                    if (!group.contains(host)) {
                        group.add(host);
                    }
                }
            }
            if (said.entrySet().containsAll(config.defaults().entrySet())) {
                usual.add(host);
            }
        }
        members.forEach((values, hosts) -> groups.put(values, whole.only(hosts)));
        defaults = whole.only(usual);
    }

    /** Null where the endpoint does not have all of them. */
    private static Map<String, Object> values(Map<?, ?> said, Set<String> keys) {
        Map<String, Object> values = new HashMap<>();
        for (String key : keys) {
            Object value = said.get(key);
            if (value == null) {
                return null;
            }
            values.put(key, value);
        }
        return values;
    }

    /** The endpoints that have all of these; null where there are none, or no selector has these keys. */
    HostSet of(Map<String, Object> values) {
        return groups.get(values);
    }

    /** The endpoints of the default subset; may be empty. */
    HostSet defaults() {
        return defaults;
    }

    int size() {
        return groups.size();
    }
}
