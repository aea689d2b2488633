package io.grpcweb.gateway.config.envoy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds each field of a tree against Envoy's list of fields and against the table of what the gateway does about it, and
 * turns what is honoured into {@link Msg}. Everything that is wrong is reported, and what is wrong is left out.
 */
final class Checker {
    private static final String TYPE = "@type";

    private final Schema schema;
    private final Support support;
    private final Problems problems;
    private final boolean allowUnknown;
    private static final String LUA = "envoy.extensions.filters.http.lua.v3.";

    private final Suggestions suggestions;
    private final ScalarChecker scalars;
    private final Deque<Schema.Type> around = new ArrayDeque<>();
    private final Deque<Yaml.Mapping> trees = new ArrayDeque<>();

    Checker(Schema schema, Support support, Problems problems, boolean allowUnknown) {
        this.schema = schema;
        this.support = support;
        this.problems = problems;
        this.allowUnknown = allowUnknown;
        this.suggestions = new Suggestions(schema);
        this.scalars = new ScalarChecker(schema, support, problems);
    }

    Msg check(String typeName, Yaml.Mapping tree) {
        return message(schema.type(typeName), tree, "", tree.mark(), true);
    }

    /** The message of an extension, by its {@code @type}; empty where it is broken, which is reported. */
    Optional<Msg> extension(Yaml.Mapping tree, String path) {
        return any(tree, path, true, false) instanceof Msg message ? Optional.of(message) : Optional.empty();
    }

    /** @param look whether verdicts count; inside of what is ignored only unknown fields are reported */
    private Msg message(Schema.Type type, Yaml.Mapping tree, String path, Mark mark, boolean look) {
        Msg message = new Msg(type, path, mark);
        Map<String, String> groups = new HashMap<>();
        around.push(type);
        trees.push(tree);
        tree.entries().forEach((key, entry) -> {
            if (key.equals(TYPE)) {
                return;
            }
            String here = path.isEmpty() ? key : path + "." + key;
            Schema.Field field = type.fields().get(snake(key));
            if (field == null) {
                unknown(type, key, here, entry.keyMark());
            } else if (!entry.value().isNull()) {
                if (!field.oneof().isEmpty()) {
                    String other = groups.put(field.oneof(), key);
                    if (other != null) {
                        problems.error(
                                entry.keyMark(), here, "only one of '" + other + "' and '" + key + "' may be set");
                    }
                }
                field(message, type, field, entry, here, look);
            }
        });
        around.pop();
        trees.pop();
        if (look) {
            required(message, type, tree, groups.keySet());
        }
        return message;
    }

    private void unknown(Schema.Type type, String key, String path, Mark mark) {
        boolean number = !key.isEmpty() && Character.isDigit(key.charAt(0));
        String text = "unknown field: Envoy has no field " + (number ? "number " + key : "'" + key + "'") + " in "
                + type.shortName() + (number ? "" : suggestions.forField(type, key, around));
        if (allowUnknown) {
            problems.warn(mark, path, text);
        } else {
            problems.error(mark, path, text);
        }
    }

    /** @param groups those of which a field is set */
    private void required(Msg message, Schema.Type type, Yaml.Mapping tree, Set<String> groups) {
        for (Schema.Field field : type.required()) {
            if (tree.get(field.name()) == null && tree.get(camel(field.name())) == null) {
                problems.error(
                        message.mark(),
                        message.path(),
                        "'" + field.name() + "' is required in " + type.shortName() + " and not set");
            }
        }
        type.oneofs().forEach((group, isRequired) -> {
            if (isRequired && !groups.contains(group)) {
                List<String> choices = type.fields().values().stream()
                        .filter(field -> field.oneof().equals(group))
                        .map(Schema.Field::name)
                        .toList();
                problems.error(
                        message.mark(),
                        message.path(),
                        "one of " + String.join(", ", choices) + " is required in " + type.shortName());
            }
        });
    }

    private void field(Msg message, Schema.Type type, Schema.Field field, Yaml.Entry entry, String path, boolean look) {
        boolean inside = look;
        if (look) {
            Support.Rule rule = support.field(type.name(), field.name());
            if (rule.verdict() == Support.Verdict.REFUSED) {
                if (!isDefault(field, entry.value())) {
                    problems.error(entry.keyMark(), path, rule.refusal(field.name()));
                }
                return;
            }
            if (rule.verdict() == Support.Verdict.IGNORED) {
                problems.warn(entry.keyMark(), path, "accepted without effect: " + rule.reason());
                inside = false;
                if (field.kind().equals("enum") && entry.value() instanceof Yaml.Scalar scalar) {
                    scalars.enumValue(type, field, scalar, path, true);
                    return;
                }
            }
        }
        Object value =
                switch (field.count()) {
                    case LIST -> list(type, field, entry.value(), path, inside);
                    case MAP -> map(type, field, entry.value(), path, inside);
                    case ONE -> value(type, field, entry.value(), path, inside);
                };
        if (value != null && inside) {
            message.set(field.name(), value, entry.keyMark());
        }
    }

    /** A field that says what holds anyway does no harm, whether it is supported or not. */
    private static boolean isDefault(Schema.Field field, Yaml value) {
        if (field.count() != Schema.Count.ONE) {
            return value instanceof Yaml.Sequence sequence && sequence.items().isEmpty();
        }
        return value instanceof Yaml.Scalar scalar
                && switch (field.kind()) {
                    case "bool", "Bool" -> Scalars.flag(scalar.text()).equals(Optional.of(false));
                    case "string" -> scalar.text().isEmpty();
                    case "uint32", "uint64", "int32", "int64" -> scalar.text().equals("0");
                    default -> false;
                };
    }

    private Object list(Schema.Type type, Schema.Field field, Yaml value, String path, boolean look) {
        List<Object> values = new ArrayList<>();
        List<Yaml> items = Yaml.items(value);
        boolean whole = true;
        for (int i = 0; i < items.size(); i++) {
            String here = path + "[" + i + "]";
            if (look && isLeftOut(items.get(i), here)) {
                continue;
            }
            Object one = value(type, field, items.get(i), here, look);
            if (one == null) {
                whole = false;
            } else if (!isWithoutEffect(one)) {
                values.add(one);
            }
        }
        if (whole) {
            scalars.report(RuleChecker.many(field.rules(), values), value.mark(), path);
        }
        return values;
    }

    /** An extension that does nothing, or an entry of a list that is there for one and that nothing can turn on. */
    private static boolean isWithoutEffect(Object value) {
        return value instanceof Msg message
                && (message.isWithoutEffect()
                        || message.message("typed_config")
                                .map(typed -> typed.isWithoutEffect()
                                        && !(typed.isInert() && message.type().equals(Filters.HTTP_FILTER)))
                                .orElse(false));
    }

    private Object map(Schema.Type type, Schema.Field field, Yaml value, String path, boolean look) {
        if (!(value instanceof Yaml.Mapping mapping)) {
            problems.error(value.mark(), path, "a mapping is expected");
            return null;
        }
        Rules keys = field.key().equals("string") ? field.rules().each("keys") : Rules.NONE;
        Map<String, Object> values = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> {
            if (field.kind().equals("any")
                    && entry.value() instanceof Yaml.Mapping any
                    && any.entries().isEmpty()) {
                // Nobody would miss it: that an entry is there says that something is meant.
                untyped(any, path + "." + key);
            } else if (!entry.value().isNull()) {
                scalars.report(RuleChecker.text(keys, key), entry.keyMark(), path + "." + key);
                Object one = value(type, field, entry.value(), path + "." + key, look);
                if (!isWithoutEffect(one)) {
                    values.put(key, one);
                }
            }
        });
        scalars.report(RuleChecker.many(field.rules(), List.copyOf(values.keySet())), value.mark(), path);
        return values;
    }

    private Object value(Schema.Type type, Schema.Field field, Yaml value, String path, boolean look) {
        switch (field.kind()) {
            case "message" -> {
                if (value instanceof Yaml.Mapping mapping) {
                    return message(schema.type(field.type()), mapping, path, value.mark(), look);
                }
                problems.error(
                        value.mark(), path, "a mapping is expected" + suggestions.fields(schema.type(field.type())));
                return null;
            }
            case "any" -> {
                return any(value, path, look, isDormant(type, field));
            }
            case "struct", "value", "listvalue", "empty" -> {
                return value;
            }
            case "timestamp" -> {
                return null;
            }
            case "duration" -> {
                if (value instanceof Yaml.Mapping mapping) {
                    return scalars.bounded(field, value, path, Scalars.duration(mapping), "a duration such as 5s");
                }
            }
            default -> {
                if (value instanceof Yaml.Mapping mapping
                        && Character.isUpperCase(field.kind().charAt(0))
                        && mapping.entries().size() == 1
                        && mapping.get("value") != null) {
                    return value(type, field, mapping.get("value"), path, look);
                }
            }
        }
        if (!(value instanceof Yaml.Scalar scalar)) {
            problems.error(value.mark(), path, "a single value is expected");
            return null;
        }
        return scalars.check(type, field, scalar, path, look);
    }

    /**
     * Whether an extension that is not supported may stand in a field: a filter that is off, and settings of a route, which may
     * be for a filter that the listener does not have. Who reads them reports those that are needed.
     */
    private boolean isDormant(Schema.Type owner, Schema.Field field) {
        return switch (field.name()) {
            case "typed_config" ->
                owner.name().equals(Filters.HTTP_FILTER)
                        && Scalars.flag(trees.element().text("disabled")).orElse(false);
            case "typed_per_filter_config" -> true;
            case "config" -> owner.name().equals(Filters.OVERRIDE);
            default -> false;
        };
    }

    private void untyped(Yaml value, String path) {
        problems.error(
                value.mark(),
                path,
                "needs \"@type\": the name of a message, such as \"type.googleapis.com/"
                        + "envoy.extensions.filters.http.router.v3.Router\"");
    }

    private Object any(Yaml value, String path, boolean look, boolean dormant) {
        if (!(value instanceof Yaml.Mapping mapping)) {
            problems.error(value.mark(), path, "a mapping with \"@type\" is expected");
            return null;
        }
        if (mapping.entries().isEmpty()) {
            // As good as not written; what needs one says so.
            return null;
        }
        String url = mapping.text(TYPE);
        String name = url.substring(url.lastIndexOf('/') + 1);
        if (name.endsWith(".TypedStruct")) {
            Yaml.Mapping content = mapping.mapping("value");
            Yaml.Mapping typed = content == null ? new Yaml.Mapping(mapping.mark()) : content;
            typed.put(TYPE, mapping.mark(), new Yaml.Scalar(mapping.text("type_url"), true, mapping.mark()));
            return any(typed, path + ".value", look, dormant);
        }
        if (name.isEmpty()) {
            untyped(value, path);
            return null;
        }
        Schema.Type type = schema.type(name);
        Support.Rule rule = support.extension(name).rule(mapping);
        if (!look || (rule.verdict() == Support.Verdict.HONOURED && type != null)) {
            return type == null ? null : message(type, mapping, path, mapping.mark(), look);
        }
        if (rule.verdict() != Support.Verdict.IGNORED && dormant && (type != null || isOptional())) {
            if (type != null) {
                message(type, mapping, path, mapping.mark(), false);
            }
            return Msg.unsupported(name, path, mapping.mark());
        }
        if (rule.verdict() != Support.Verdict.IGNORED) {
            problems.error(mapping.mark(), path, refusedType(name, hint(name, mapping, rule)));
            return null;
        }
        if (!rule.reason().isEmpty()) {
            problems.warn(mapping.mark(), path, name + " is accepted without effect: " + rule.reason());
        }
        return withoutEffect(type, name, mapping, path, rule.reason().isEmpty());
    }

    /** Whether the message around says that Envoy may leave out what it does not have. */
    private boolean isOptional() {
        return Scalars.flag(trees.element().text("is_optional")).orElse(false);
    }

    /** Its fields are held against Envoy's where Envoy knows the type. */
    private Msg withoutEffect(Schema.Type type, String name, Yaml.Mapping mapping, String path, boolean inert) {
        if (type != null) {
            message(type, mapping, path, mapping.mark(), false);
        }
        return inert ? Msg.inert(name, path, mapping.mark()) : Msg.withoutEffect(name, path, mapping.mark());
    }

    /** What the script of a {@code lua} filter does says more than the row. */
    private static String hint(String name, Yaml.Mapping content, Support.Rule rule) {
        String script = name.startsWith(LUA) ? LuaScript.of(content).hint() : "";
        return script.isEmpty() ? rule.reason() : "scripts are not run: " + script;
    }

    private String refusedType(String name, String hint) {
        if (schema.type(name) == null) {
            return "unknown type: Envoy has no '" + name + "'" + suggestions.forType(name);
        }
        return "not supported by this gateway: " + name + (hint.isEmpty() ? "" : ": " + hint);
    }

    /** An entry of a list that Envoy leaves out: one that is optional, of a type that Envoy does not have. */
    private boolean isLeftOut(Yaml item, String path) {
        if (!(item instanceof Yaml.Mapping entry)
                || !Scalars.flag(entry.text("is_optional")).orElse(false)
                || !(entry.get("typed_config") instanceof Yaml.Mapping typed)) {
            return false;
        }
        String url = typed.text(TYPE);
        String name = url.substring(url.lastIndexOf('/') + 1);
        boolean unknown = !name.isEmpty()
                && schema.type(name) == null
                && support.extension(name).rule(typed).verdict() == Support.Verdict.REFUSED;
        if (unknown) {
            problems.warn(typed.mark(), path, "left out, since it is optional and Envoy has no '" + name + "'");
        }
        return unknown;
    }

    /** Protobuf's JSON takes {@code lowerCamel} names as well. */
    static String snake(String key) {
        int at = 0;
        while (at < key.length() && !Character.isUpperCase(key.charAt(at))) {
            at++;
        }
        if (at == key.length()) {
            return key;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            out.append(Character.isUpperCase(c) ? "_" + Character.toLowerCase(c) : String.valueOf(c));
        }
        return out.toString();
    }

    static String camel(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != '_') {
                boolean raise = i > 0 && name.charAt(i - 1) == '_';
                out.append(raise ? Character.toUpperCase(name.charAt(i)) : name.charAt(i));
            }
        }
        return out.toString();
    }
}
