package io.grpcweb.gateway.config.hocon;

import java.util.LinkedHashMap;
import java.util.Map;

/** Percents by the name of what they are of. */
public final class PercentFormat {
    private PercentFormat() {}

    /** {@code KEY { NAME = 50 }}. */
    public static Map<String, Integer> field(Fields own, String key, Map<String, Integer> given) {
        return own.by(given, section -> read(section, key), (tree, percents) -> {
            if (!percents.isEmpty()) {
                tree.put(key, percents);
            }
        });
    }

    private static Map<String, Integer> read(Section owner, String key) {
        Map<String, Integer> found = new LinkedHashMap<>();
        owner.section(key).ifPresent(section -> section.keys()
                .forEach(name -> found.put(name, section.integer(name, 0, 0, 100))));
        return found;
    }
}
