package io.grpcweb.gateway.config.envoy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** A message that was checked: fields that are set, with their Java values and their places. */
public final class Msg {
    private final Schema.Type type;
    private final String path;
    private final Mark mark;
    private final Use use;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, Mark> marks = new LinkedHashMap<>();

    Msg(Schema.Type type, String path, Mark mark) {
        this(type, path, mark, Use.READ);
    }

    /** What becomes of it. */
    private enum Use {
        READ,
        WITHOUT_EFFECT,
        UNSUPPORTED
    }

    private Msg(Schema.Type type, String path, Mark mark, Use use) {
        this.type = type;
        this.path = path;
        this.mark = mark;
        this.use = use;
    }

    /** An extension that is taken and does nothing. */
    static Msg withoutEffect(String type, String path, Mark mark) {
        return new Msg(new Schema.Type(type, Map.of(), Map.of()), path, mark, Use.WITHOUT_EFFECT);
    }

    boolean isWithoutEffect() {
        return use == Use.WITHOUT_EFFECT;
    }

    /** An extension that is not supported, at a place where that is no error as long as nobody needs it. */
    static Msg unsupported(String type, String path, Mark mark) {
        return new Msg(new Schema.Type(type, Map.of(), Map.of()), path, mark, Use.UNSUPPORTED);
    }

    boolean isUnsupported() {
        return use == Use.UNSUPPORTED;
    }

    void set(String field, Object value, Mark where) {
        values.put(field, value);
        marks.put(field, where);
    }

    /** The full name of its type. */
    public String type() {
        return type.name();
    }

    String path() {
        return path;
    }

    Mark mark() {
        return mark;
    }

    /** The place of a field: its own where it is set, that of the message where it is not. */
    Mark mark(String field) {
        return marks.getOrDefault(field, mark);
    }

    String path(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /** File, line and path: how records name the place that decided something. */
    public String place() {
        String line = mark.line() > 0 ? ":" + mark.line() : "";
        return (mark.file().isEmpty() ? "" : mark.file() + line + ": ") + path;
    }

    /** Whether the field is set. */
    public boolean has(String field) {
        return values.containsKey(field);
    }

    /** The one field of a group that is set, or an empty text. */
    public String which(String oneof) {
        return values.keySet().stream()
                .filter(field -> type.fields().get(field).oneof().equals(oneof))
                .findFirst()
                .orElse("");
    }

    /** The message in a field; absent where it is not set. */
    public Optional<Msg> message(String field) {
        return values.get(field) instanceof Msg message ? Optional.of(message) : Optional.empty();
    }

    /** The messages of a list field. */
    public List<Msg> messages(String field) {
        return list(field, Msg.class);
    }

    /** The texts of a list field. */
    public List<String> texts(String field) {
        return list(field, String.class);
    }

    /** The numbers of a list field. */
    public List<Long> numbers(String field) {
        return list(field, Long.class);
    }

    private <T> List<T> list(String field, Class<T> kind) {
        return values.get(field) instanceof List<?> list
                ? list.stream().filter(kind::isInstance).map(kind::cast).collect(Collectors.toList())
                : List.of();
    }

    /** The messages of a map field by key. */
    public Map<String, Msg> map(String field) {
        Map<String, Msg> found = new LinkedHashMap<>();
        if (values.get(field) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof Msg message) {
                    found.put((String) key, message);
                }
            });
        }
        return found;
    }

    /** The texts of a map field by key. */
    public Map<String, String> textsByKey(String field) {
        Map<String, String> found = new LinkedHashMap<>();
        if (values.get(field) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof String text) {
                    found.put((String) key, text);
                }
            });
        }
        return found;
    }

    /** A text or an enum value; empty where it is not set. */
    public String text(String field) {
        return values.get(field) instanceof String text ? text : "";
    }

    public String text(String field, String otherwise) {
        return values.get(field) instanceof String text ? text : otherwise;
    }

    /** A text; absent where it is not set or empty. */
    public Optional<String> filled(String field) {
        return Optional.of(text(field)).filter(text -> !text.isEmpty());
    }

    public boolean flag(String field, boolean otherwise) {
        return values.get(field) instanceof Boolean flag ? flag : otherwise;
    }

    public Optional<Boolean> flag(String field) {
        return values.get(field) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
    }

    public long number(String field, long otherwise) {
        return values.get(field) instanceof Long number ? number : otherwise;
    }

    /** A number that is capped where it does not fit. */
    public int integer(String field, int otherwise) {
        return (int) Math.min(Integer.MAX_VALUE, number(field, otherwise));
    }

    public OptionalInt integer(String field) {
        return has(field) ? OptionalInt.of(integer(field, 0)) : OptionalInt.empty();
    }

    public OptionalLong number(String field) {
        return values.get(field) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    }

    public double decimal(String field, double otherwise) {
        return values.get(field) instanceof Double number ? number : otherwise;
    }

    public Duration duration(String field, Duration otherwise) {
        return values.get(field) instanceof Duration duration ? duration : otherwise;
    }

    public Optional<Duration> duration(String field) {
        return values.get(field) instanceof Duration duration ? Optional.of(duration) : Optional.empty();
    }

    /** A single value of a field that may hold any, as it is written; empty where it is none. */
    public String scalar(String field) {
        return values.get(field) instanceof Yaml.Scalar scalar ? scalar.text() : "";
    }

    /** A struct as it stands in the file. */
    Optional<Yaml> tree(String field) {
        return values.get(field) instanceof Yaml tree ? Optional.of(tree) : Optional.empty();
    }

    /** The structs of a map field by key. */
    Map<String, Yaml> trees(String field) {
        Map<String, Yaml> found = new LinkedHashMap<>();
        if (values.get(field) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof Yaml tree) {
                    found.put((String) key, tree);
                }
            });
        }
        return found;
    }
}
