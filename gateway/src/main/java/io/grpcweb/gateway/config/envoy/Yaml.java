package io.grpcweb.gateway.config.envoy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node of the file, with the place where it stands. */
sealed interface Yaml {

    Mark mark();

    /** Nothing after the colon, or {@code null} or {@code ~}: Envoy takes it for a field that is not set. */
    default boolean isNull() {
        return false;
    }

    /** A text; quoted ones are never anything else. */
    record Scalar(String text, boolean quoted, Mark mark) implements Yaml {
        @Override
        public boolean isNull() {
            return !quoted
                    && (text.isEmpty()
                            || text.equals("~")
                            || text.equals("null")
                            || text.equals("Null")
                            || text.equals("NULL"));
        }
    }

    /** A list; the upgrade of older spellings may change it. */
    record Sequence(List<Yaml> items, Mark mark) implements Yaml {}

    /** A mapping in the order of the file; the upgrade of older spellings may change it. */
    record Mapping(Map<String, Entry> entries, Mark mark) implements Yaml {
        Mapping(Mark mark) {
            this(new LinkedHashMap<>(), mark);
        }

        Yaml get(String key) {
            Entry entry = entries.get(key);
            return entry == null || entry.value().isNull() ? null : entry.value();
        }

        boolean has(String key) {
            return entries.containsKey(key);
        }

        /** The mapping under the key, or null. */
        Mapping mapping(String key) {
            return get(key) instanceof Mapping mapping ? mapping : null;
        }

        /** The text under the key, or an empty one. */
        String text(String key) {
            return get(key) instanceof Scalar scalar ? scalar.text() : "";
        }

        void put(String key, Mark keyMark, Yaml value) {
            entries.put(key, new Entry(keyMark, value));
        }

        /** Takes the entry out and returns its value, or null. */
        Yaml remove(String key) {
            Entry entry = entries.remove(key);
            return entry == null ? null : entry.value();
        }

        /** Moves what stands under one key to another. */
        void rename(String from, String to) {
            Entry entry = entries.remove(from);
            if (entry != null) {
                entries.put(to, entry);
            }
        }
    }

    /** A value of a mapping, and where its key stands. */
    record Entry(Mark keyMark, Yaml value) {}

    /** The mappings of a list; one that stands alone counts as a list of one, as in Envoy. */
    static List<Mapping> mappings(Yaml value) {
        List<Mapping> found = new ArrayList<>();
        if (value instanceof Mapping mapping) {
            found.add(mapping);
        } else if (value instanceof Sequence sequence) {
            for (Yaml item : sequence.items()) {
                if (item instanceof Mapping mapping) {
                    found.add(mapping);
                }
            }
        }
        return found;
    }

    /** The items of a list; a single value counts as a list of one. */
    static List<Yaml> items(Yaml value) {
        if (value == null || value.isNull()) {
            return List.of();
        }
        return value instanceof Sequence sequence ? sequence.items() : List.of(value);
    }

    /** As maps, lists, texts, whole numbers and flags; nothing is an empty text. */
    static Object plain(Yaml tree) {
        if (tree instanceof Yaml.Mapping mapping) {
            Map<String, Object> map = new LinkedHashMap<>();
            mapping.entries().forEach((key, entry) -> map.put(key, plain(entry.value())));
            return map;
        }
        if (tree instanceof Yaml.Sequence sequence) {
            return sequence.items().stream().map(Yaml::plain).toList();
        }
        Yaml.Scalar scalar = (Yaml.Scalar) tree;
        if (scalar.quoted()) {
            return scalar.text();
        }
        if (scalar.isNull()) {
            return "";
        }
        // As Envoy reads YAML: such as 2.5 and 1e3 are texts.
        Optional<Long> number =
                scalar.text().matches("[-+]?[0-9]+") ? Scalars.whole(scalar.text(), "int64") : Optional.empty();
        if (number.isPresent()) {
            return number.get();
        }
        Optional<Boolean> flag = Scalars.flag(scalar.text());
        return flag.isPresent() ? flag.get() : scalar.text();
    }
}
