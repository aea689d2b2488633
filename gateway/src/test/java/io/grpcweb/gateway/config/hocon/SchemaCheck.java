package io.grpcweb.gateway.config.hocon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds a value against a JSON Schema, as far as the schema of the own format goes; says where it does not fit. */
final class SchemaCheck {
    private final Map<?, ?> root;
    private final List<String> problems = new ArrayList<>();

    private SchemaCheck(Map<?, ?> root) {
        this.root = root;
    }

    static List<String> problems(Map<?, ?> schema, Object value) {
        SchemaCheck check = new SchemaCheck(schema);
        check.look(schema, value, "");
        return check.problems;
    }

    private boolean fits(Map<?, ?> schema, Object value) {
        SchemaCheck check = new SchemaCheck(root);
        check.look(schema, value, "");
        return check.problems.isEmpty();
    }

    private void look(Map<?, ?> schema, Object value, String path) {
        if (schema.get("$ref") instanceof String ref) {
            look((Map<?, ?>) ((Map<?, ?>) root.get("$defs")).get(ref.substring("#/$defs/".length())), value, path);
            return;
        }
        if (schema.get("anyOf") instanceof List<?> either
                && either.stream().noneMatch(one -> fits((Map<?, ?>) one, value))) {
            problems.add(path + ": " + value + " is none of what is possible");
        }
        if (schema.get("enum") instanceof List<?> values && !values.contains(value)) {
            problems.add(path + ": " + value + " is not one of " + values);
        }
        if (schema.containsKey("const") && !schema.get("const").equals(value)) {
            problems.add(path + ": " + value + " is not " + schema.get("const"));
        }
        Object type = schema.get("type");
        if (type instanceof String one && !is(one, value)
                || type instanceof List<?> several && several.stream().noneMatch(each -> is((String) each, value))) {
            problems.add(path + ": " + value + " is not of the type " + type);
        }
        if (value instanceof Map<?, ?> object) {
            members(schema, object, path);
        }
        if (value instanceof List<?> list && schema.get("items") instanceof Map<?, ?> item) {
            for (int i = 0; i < list.size(); i++) {
                look(item, list.get(i), path + "[" + i + "]");
            }
        }
    }

    private void members(Map<?, ?> schema, Map<?, ?> object, String path) {
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> known ? known : Map.of();
        if (schema.get("required") instanceof List<?> required) {
            required.stream()
                    .filter(key -> !object.containsKey(key))
                    .forEach(key -> problems.add(path + ": no " + key));
        }
        object.forEach((key, value) -> {
            String where = path + "/" + key;
            if (properties.get(key) instanceof Map<?, ?> known) {
                look(known, value, where);
            } else if (schema.get("additionalProperties") instanceof Map<?, ?> other) {
                look(other, value, where);
            } else if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
                problems.add(where + ": is not known");
            }
        });
    }

    private static boolean is(String type, Object value) {
        return switch (type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "integer" -> value instanceof Integer || value instanceof Long;
            case "number" -> value instanceof Number;
            default -> throw new IllegalArgumentException(type);
        };
    }
}
