package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.hocon.Spelling;
import java.util.Deque;
import java.util.List;

/** What a person may have meant: for a field or a type that does not exist. */
final class Suggestions {
    private final Schema schema;

    Suggestions(Schema schema) {
        this.schema = schema;
    }

    /**
     * @param around the messages around the field, the innermost (its own) first
     * @return a sentence to append, or nothing
     */
    String forField(Schema.Type type, String key, Deque<Schema.Type> around) {
        for (Schema.Field field : type.fields().values()) {
            Schema.Type child = field.kind().equals("message") ? schema.type(field.type()) : null;
            if (child != null
                    && !child.name().equals(type.name())
                    && child.fields().containsKey(key)) {
                return "; it belongs under '" + field.name() + "'";
            }
        }
        for (Schema.Type outer : around) {
            if (!outer.name().equals(type.name()) && outer.fields().containsKey(key)) {
                return "; it belongs to " + outer.shortName() + ": look at the indentation";
            }
        }
        return Spelling.hint(key, type.fields().keySet());
    }

    /** A hint at the fields of a message that was expected. */
    String fields(Schema.Type type) {
        List<String> names = type.fields().keySet().stream().limit(4).toList();
        return names.isEmpty() ? ": write {}" : " (with fields such as " + String.join(", ", names) + ")";
    }

    String forType(String name) {
        int dot = name.lastIndexOf('.');
        boolean old = name.contains(".v2.") || name.contains(".v2alpha.") || name.contains(".v1.");
        return old
                ? "; the v2 API of Envoy is gone, write the v3 type of '" + name.substring(dot + 1) + "'"
                : "; look at the spelling";
    }
}
