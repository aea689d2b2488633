package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** A section of the gateway's own format that is being written. What equals its default is left out. */
public final class Tree {
    private final Map<String, Object> entries = new LinkedHashMap<>();

    /** A text that stands without quotation marks: a duration or a size. */
    record Bare(String text) {}

    Map<String, Object> entries() {
        return entries;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** A key with its value: a text, a number, a flag, a duration, an enum, a list or a tree. */
    public Tree put(String key, Object value) {
        entries.put(key, plain(value));
        return this;
    }

    /** The same, unless the value equals the default. */
    public Tree put(String key, Object value, Object otherwise) {
        return value.equals(otherwise) ? this : put(key, value);
    }

    /** The same, where there is a value. */
    public Tree put(String key, Optional<?> value) {
        value.ifPresent(present -> put(key, present));
        return this;
    }

    /** The same, where there is a number. */
    public Tree put(String key, OptionalInt value) {
        value.ifPresent(present -> put(key, present));
        return this;
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

    static String enumText(Enum<?> value) {
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
            return (endpoint.isPipe() ? "unix:" : "") + endpoint;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Tree::plain).toList();
        }
        return value;
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
}
