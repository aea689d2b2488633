package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Walks descriptions and notes which keys they ask for and what may stand behind each, in the words of JSON Schema. What is read by
 * hand is tried with {@link KeyProbe}.
 */
final class Outline implements Fields {
    /** How often a key may stand inside itself: conditions hold conditions. */
    private static final int DEEPEST = 2;

    private static final Object SCALAR = Map.of("type", List.of("string", "number", "boolean"));
    private static final Object FLAG = Map.of("enum", List.of(true, false, "true", "false", "on", "off", "yes", "no"));
    private static final Object INTEGER = Map.of("type", List.of("integer", "string"));
    private static final Object NUMBER = Map.of("type", List.of("number", "string"));
    private static final Object TEXT = Map.of("type", "string");
    private static final Object OBJECT = Map.of("type", "object");
    private static final Object ANYTHING = Map.of();

    private final Map<String, Object> properties = new TreeMap<>();
    private final Map<String, Outline> parts = new TreeMap<>();
    private final Deque<String> around;
    private final Map<Class<?>, Object> known;
    private final boolean written;

    /** @param written what is said of every key: whether it is there */
    private Outline(Deque<String> around, Map<Class<?>, Object> known, boolean written) {
        this.around = around;
        this.known = known;
        this.written = written;
    }

    /**
     * The section of a description.
     *
     * @param known what stands behind a key that is read by hand into a record of this class
     */
    static <T> Map<String, Object> of(T base, Description<T> fields, Map<Class<?>, Object> known) {
        return section(new ArrayDeque<>(), known, base, fields);
    }

    private static <T> Map<String, Object> section(
            Deque<String> around, Map<Class<?>, Object> known, T base, Description<T> fields) {
        Map<String, Object> all = new TreeMap<>();
        // Some keys are asked for where others are there, or are not.
        for (boolean written : new boolean[] {false, true}) {
            Outline outline = new Outline(around, known, written);
            fields.of(outline, base);
            outline.result().forEach((key, schema) -> all.merge(key, schema, Outline::better));
        }
        return object(all);
    }

    /** Of two things that are known of a key, the one that says more. */
    private static Object better(Object one, Object other) {
        return one.toString().length() >= other.toString().length() ? one : other;
    }

    private Map<String, Object> result() {
        parts.forEach((key, part) -> put(key, object(part.result())));
        return properties;
    }

    static Map<String, Object> object(Map<String, Object> properties) {
        Map<String, Object> schema = new TreeMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Object anyOf(Object... schemas) {
        return Map.of("anyOf", List.of(schemas));
    }

    private static Object listOf(Object item) {
        return anyOf(item, Map.of("type", "array", "items", item));
    }

    private void put(String key, Object schema) {
        properties.merge(key, schema, Outline::better);
    }

    private <T> T put(String key, Object schema, T value) {
        put(key, schema);
        return value;
    }

    private <T> Object inside(String key, T base, Description<T> fields) {
        if (Collections.frequency(around, key) >= DEEPEST) {
            return OBJECT;
        }
        around.push(key);
        Object schema = section(around, known, base, fields);
        around.pop();
        return schema;
    }

    @Override
    public boolean writing() {
        return false;
    }

    @Override
    public boolean has(String key) {
        properties.putIfAbsent(key, ANYTHING);
        return written;
    }

    @Override
    public void error(String key, String text) {
        // Nothing is written here that could be wrong.
    }

    @Override
    public Origin origin() {
        return Origin.NONE;
    }

    @Override
    public <T> T field(String key, T value, Kind<T> kind) {
        return put(key, schemaOf(value), value);
    }

    @Override
    public <T> Optional<T> field(String key, Optional<T> value, Kind<T> kind) {
        return put(key, value.map(Outline::schemaOf).orElse(ANYTHING), value);
    }

    private static Object schemaOf(Object value) {
        if (value instanceof Enum<?> one) {
            return Map.of(
                    "enum",
                    Arrays.stream(one.getDeclaringClass().getEnumConstants())
                            .map(each -> Tree.enumText((Enum<?>) each))
                            .toList());
        }
        if (value instanceof Boolean) {
            return FLAG;
        }
        if (value instanceof Integer || value instanceof Long) {
            return INTEGER;
        }
        if (value instanceof Double) {
            return NUMBER;
        }
        if (value instanceof Duration) {
            return SCALAR;
        }
        return value instanceof List<?> ? listOf(SCALAR) : value instanceof Map<?, ?> ? OBJECT : SCALAR;
    }

    @Override
    public Optional<String> text(String key, Optional<String> value) {
        return put(key, SCALAR, value);
    }

    @Override
    public OptionalInt integer(String key, OptionalInt value) {
        return put(key, INTEGER, value);
    }

    @Override
    public Optional<Long> signed(String key, Optional<Long> value) {
        return put(key, INTEGER, value);
    }

    @Override
    public Optional<Duration> duration(String key, Optional<Duration> value) {
        return put(key, SCALAR, value);
    }

    @Override
    public OptionalInt bytes(String key, OptionalInt value) {
        return put(key, INTEGER, value);
    }

    @Override
    public Optional<Endpoint> endpoint(String key, Optional<Endpoint> value) {
        return put(key, TEXT, value);
    }

    @Override
    public Fields in(String key) {
        return parts.computeIfAbsent(key, name -> new Outline(around, known, written));
    }

    @Override
    public <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields) {
        return put(key, inside(key, base, fields), value);
    }

    @Override
    public <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields, Brief<T> brief) {
        return put(key, anyOf(inside(key, base, fields), SCALAR), value);
    }

    /** Its fields are those of this section. */
    @Override
    public <T> Optional<T> ifWritten(String key, Optional<T> value, T base, Description<T> fields) {
        if (Collections.frequency(around, key) < DEEPEST) {
            around.push(key);
            fields.of(this, base);
            around.pop();
        }
        return value;
    }

    @Override
    public <T> List<T> named(
            String key, List<T> values, Function<T, String> name, Function<String, T> base, Description<T> fields) {
        Object one = inside(key, base.apply("name"), fields);
        return put(key, Map.of("type", "object", "additionalProperties", one), values);
    }

    @Override
    public <T> List<T> sections(String key, List<T> values, T base, Description<T> fields) {
        return put(key, listOf(inside(key, base, fields)), values);
    }

    @Override
    public <T> List<T> sections(String key, List<T> values, T base, Description<T> fields, Brief<T> brief) {
        return put(key, listOf(anyOf(inside(key, base, fields), SCALAR)), values);
    }

    @Override
    public <T> T by(T value, Function<Section, T> read, BiConsumer<Tree, T> write) {
        Map<String, Object> found = new TreeMap<>(KeyProbe.keys(read));
        Object special = known.get(value.getClass());
        if (special != null) {
            found.put("filters", special);
        }
        found.forEach(this::put);
        return value;
    }

    /** What stands in a list of filters. */
    static Object filters(List<String> types, List<Object> sections) {
        List<Object> either = new ArrayList<>();
        either.add(Map.of("enum", types));
        either.addAll(sections);
        return listOf(Map.of("anyOf", either));
    }
}
