package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A section of the gateway's own format that is being written. What equals its default is left out. */
public final class Tree implements Fields {
    private final Map<String, Object> entries = new LinkedHashMap<>();
    private final boolean usual;

    public Tree() {
        this(false);
    }

    /**
     * Without entries.
     *
     * @param usual whether it is for what holds anyway, and for nothing but to be compared with
     */
    private Tree(boolean usual) {
        this.usual = usual;
    }

    /** A text that stands without quotation marks: a duration or a size. */
    record Bare(String text) {}

    /** A section that is there for some of the fields of the section around it. */
    private record Part(Tree tree) {}

    Map<String, Object> entries() {
        return entries;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Adds the fields of a value that are not as in the base, which is what a reader begins with. */
    public <T> Tree add(T value, T base, Description<T> fields) {
        Tree all = new Tree();
        fields.of(all, value);
        Tree otherwise = new Tree(true);
        fields.of(otherwise, base);
        return addOther(all, otherwise);
    }

    private Tree addOther(Tree all, Tree than) {
        all.entries.forEach((key, value) -> {
            Object otherwise = than.entries.get(key);
            if (value instanceof Part part) {
                section(key, new Tree().addOther(part.tree(), otherwise instanceof Part one ? one.tree() : new Tree()));
            } else if (!value.equals(otherwise)) {
                entries.put(key, value);
            }
        });
        return this;
    }

    @Override
    public boolean writing() {
        return true;
    }

    @Override
    public boolean has(String key) {
        return entries.containsKey(key);
    }

    @Override
    public void error(String key, String text) {
        // What was read already is right.
    }

    @Override
    public Origin origin() {
        return Origin.NONE;
    }

    @Override
    public <T> T field(String key, T value, Kind<T> kind) {
        put(key, value);
        return value;
    }

    @Override
    public <T> Optional<T> field(String key, Optional<T> value, Kind<T> kind) {
        put(key, value);
        return value;
    }

    @Override
    public Tree in(String key) {
        return ((Part) entries.computeIfAbsent(key, name -> new Part(new Tree(usual)))).tree();
    }

    @Override
    public <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields) {
        value.ifPresent(present -> put(key, new Tree().add(present, base, fields)));
        return value;
    }

    @Override
    public <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields, Brief<T> brief) {
        value.ifPresent(present -> put(key, item(present, base, fields, brief)));
        return value;
    }

    private static <T> Object item(T item, T base, Description<T> fields, Brief<T> brief) {
        return brief.write(item).<Object>map(text -> text).orElseGet(() -> new Tree().add(item, base, fields));
    }

    @Override
    public <T> Optional<T> ifWritten(String key, Optional<T> value, T base, Description<T> fields) {
        return value.map(present -> fields.of(this, present));
    }

    @Override
    public <T> List<T> named(
            String key, List<T> values, Function<T, String> name, Function<String, T> base, Description<T> fields) {
        Tree sections = new Tree();
        values.forEach(one -> sections.put(name.apply(one), new Tree().add(one, base.apply(name.apply(one)), fields)));
        put(key, sections);
        return values;
    }

    @Override
    public <T> List<T> sections(String key, List<T> values, T base, Description<T> fields) {
        put(key, values.stream().map(one -> new Tree().add(one, base, fields)).toList());
        return values;
    }

    @Override
    public <T> List<T> sections(String key, List<T> values, T base, Description<T> fields, Brief<T> brief) {
        put(key, values.stream().map(one -> item(one, base, fields, brief)).toList());
        return values;
    }

    @Override
    public <T> T by(T value, Function<Section, T> read, BiConsumer<Tree, T> write) {
        if (!usual) {
            write.accept(this, value);
        }
        return value;
    }

    /**
     * A key with its value: a text, a number, a flag, a duration, an enum, a list, a tree, or one of these that may be
     * absent.
     */
    public Tree put(String key, Object value) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(present -> put(key, present));
        } else if (value instanceof OptionalInt number) {
            number.ifPresent(present -> put(key, present));
        } else {
            entries.put(key, plain(value));
        }
        return this;
    }

    /** The same, unless the value equals the default. */
    public Tree put(String key, Object value, Object otherwise) {
        return value.equals(otherwise) ? this : put(key, value);
    }

    /** A key that says {@code off}. */
    public Tree off(String key) {
        return put(key, new Bare("off"));
    }

    /** A list, unless it is empty. */
    public Tree list(String key, List<?> values) {
        return values.isEmpty() ? this : put(key, values);
    }

    /** A list of what {@code write} makes of the values, unless it is empty. */
    public <T> Tree list(String key, List<T> values, Function<T, Object> write) {
        List<Object> written = new ArrayList<>();
        values.forEach(value -> written.add(write.apply(value)));
        return list(key, written);
    }

    /** A section, unless it is empty. */
    public Tree section(String key, Tree section) {
        return section.isEmpty() ? this : put(key, section);
    }

    /** How a value of an enum is written. */
    public static String enumText(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Object plain(Object value) {
        if (value instanceof Enum<?> one) {
            return new Bare(enumText(one));
        }
        if (value instanceof Duration duration) {
            return new Bare(durationText(duration));
        }
        if (value instanceof Endpoint endpoint) {
            return text(endpoint);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Tree::plain).toList();
        }
        return value;
    }

    static String text(Endpoint address) {
        return (address.isPipe() ? "unix:" : "") + address;
    }

    static String durationText(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.toNanosPart() % 1_000_000 != 0) {
            return duration.toNanos() + "ns";
        }
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + "ms";
        }
        if (duration.toSeconds() % 60 != 0) {
            return duration.toSeconds() + "s";
        }
        return duration.toMinutes() % 60 != 0 ? duration.toMinutes() + "m" : duration.toHours() + "h";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tree tree && entries.equals(tree.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }
}
