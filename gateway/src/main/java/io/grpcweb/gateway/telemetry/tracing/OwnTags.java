package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.config.TagRule;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tags that the configuration adds to spans. */
final class OwnTags {
    private final Key[] keys;
    private final Substitution[] values;
    private final String[] otherwise;

    /** Those of the listener, and those of the route, which count before others of the same name. */
    OwnTags(List<TagRule> listener, List<TagRule> route, Substitution.Compiler compiler) {
        Map<String, TagRule> all = new LinkedHashMap<>();
        listener.forEach(rule -> all.put(rule.name(), rule));
        route.forEach(rule -> all.put(rule.name(), rule));
        keys = all.keySet().stream().map(Key::new).toArray(Key[]::new);
        values = all.values().stream().map(rule -> compiler.field(rule.value())).toArray(Substitution[]::new);
        otherwise = all.values().stream().map(TagRule::otherwise).toArray(String[]::new);
    }

    /** The values for an exchange; null where a tag is left out. */
    String[] values(StreamInfo info) {
        String[] found = new String[keys.length];
        for (int i = 0; i < keys.length; i++) {
            String value = values[i].of(info);
            found[i] = !value.isEmpty() ? value : otherwise[i].isEmpty() ? null : otherwise[i];
        }
        return found;
    }

    /** The names that have values. */
    Set<String> names(String[] found) {
        if (found.length == 0) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < found.length; i++) {
            if (found[i] != null) {
                names.add(keys[i].name());
            }
        }
        return names;
    }

    void write(String[] found, Attributes to) {
        for (int i = 0; i < found.length; i++) {
            if (found[i] != null) {
                to.own(keys[i], found[i]);
            }
        }
    }
}
