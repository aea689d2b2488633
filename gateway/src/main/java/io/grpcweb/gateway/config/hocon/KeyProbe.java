package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigFactory;
import io.grpcweb.gateway.config.FilesRead;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Finds out which keys a reader asks for that says it nowhere: it is given a section without anything, then one with what it has
 * asked for, and so on. What stands behind the keys is not found out, but that some are sections.
 */
final class KeyProbe {
    private static final int ROUNDS = 5;

    private KeyProbe() {}

    /** The keys, each with a schema that says as much as is known. */
    static Map<String, Object> keys(Function<Section, ?> reader) {
        Keys tree = new Keys();
        for (int round = 0; round < ROUNDS; round++) {
            Findings findings = new Findings("", new FilesRead());
            // What is made of it is nothing; what is asked for counts.
            Object unused = reader.apply(
                    new Section(ConfigFactory.parseMap(tree.sections()).root(), "", findings));
            findings.sections().forEach(section -> section.known().forEach(tree.at(section.path())::below));
        }
        return tree.schemas();
    }

    /** The keys of a section that have been asked for. */
    private static final class Keys {
        private final Map<String, Keys> inner = new TreeMap<>();

        Keys below(String key) {
            return inner.computeIfAbsent(key, name -> new Keys());
        }

        /** The section at a path such as {@code a.b[0]}. */
        Keys at(String path) {
            Keys found = this;
            for (String key : path.split("\\.", -1)) {
                if (!key.isEmpty()) {
                    found = found.below(key.replaceAll("\\[\\d+]$", ""));
                }
            }
            return found;
        }

        /** Each key with a section behind it; dots in keys are none between keys. */
        Map<String, Object> sections() {
            Map<String, Object> found = new TreeMap<>();
            inner.forEach((key, keys) -> found.put('"' + key + '"', keys.sections()));
            return found;
        }

        Map<String, Object> schemas() {
            Map<String, Object> found = new TreeMap<>();
            inner.forEach((key, keys) ->
                    found.put(key, keys.inner.isEmpty() ? Map.of() : Map.of("properties", keys.schemas())));
            return found;
        }
    }
}
