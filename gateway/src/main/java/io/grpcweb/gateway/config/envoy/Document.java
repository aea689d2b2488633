package io.grpcweb.gateway.config.envoy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A bootstrap as Envoy's dump shows it: the document that was read, with the names and forms of protobuf's JSON, and with
 * what Envoy marks as sensitive taken out.
 */
final class Document {
    private static final String REDACTED = "[redacted]";

    /** In base64, as bytes are written. */
    private static final String REDACTED_BYTES = "W3JlZGFjdGVkXQ==";

    private static final String GOOGLE = "envoy.config.core.v3.GrpcService.GoogleGrpc.";

    /** What lets somebody in as it stands, beside what Envoy's API marks as sensitive. */
    private static final Set<String> SENSITIVE = Set.of(
            GOOGLE + "CallCredentials.access_token",
            GOOGLE + "CallCredentials.google_refresh_token",
            GOOGLE + "CallCredentials.ServiceAccountJWTAccessCredentials.json_key",
            GOOGLE + "CallCredentials.GoogleIAMCredentials.authorization_token");

    private final Schema schema;
    private boolean hides;

    Document(Schema schema) {
        this.schema = schema;
    }

    /** Fields by name: texts, numbers, flags, lists and maps. */
    Map<String, Object> of(Yaml.Mapping tree, String typeName) {
        return message(tree, schema.type(typeName), false);
    }

    /** Whether something was taken out. */
    boolean hides() {
        return hides;
    }

    private Map<String, Object> message(Yaml.Mapping tree, Schema.Type declared, boolean secret) {
        Map<String, Object> out = new LinkedHashMap<>();
        String any = tree.text("@type");
        if (!any.isEmpty()) {
            out.put("@type", any);
        }
        Schema.Type type = any.isEmpty() ? declared : schema.type(any.substring(any.lastIndexOf('/') + 1));
        if (type == null) {
            out.putAll(plainEntries(tree, secret));
            return out;
        }
        tree.entries().forEach((key, entry) -> {
            Schema.Field field = type.fields().get(Checker.snake(key));
            if (field != null && !entry.value().isNull()) {
                boolean hidden = secret || field.sensitive() || SENSITIVE.contains(type.name() + "." + field.name());
                hides |= hidden;
                Object value = field(field, entry.value(), hidden);
                if (!isDefault(field, value)) {
                    out.put(field.name(), value);
                }
            }
        });
        return out;
    }

    private Object field(Schema.Field field, Yaml value, boolean secret) {
        switch (field.count()) {
            case LIST -> {
                List<Object> items = new ArrayList<>();
                Yaml.items(value).forEach(item -> items.add(single(field, item, secret)));
                return items;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                if (value instanceof Yaml.Mapping mapping) {
                    mapping.entries().forEach((key, entry) -> entries.put(key, single(field, entry.value(), secret)));
                }
                return entries;
            }
            default -> {
                return single(field, value, secret);
            }
        }
    }

    private Object single(Schema.Field field, Yaml value, boolean secret) {
        String kind = field.kind().toLowerCase(Locale.ROOT);
        if (value instanceof Yaml.Mapping mapping) {
            return switch (kind) {
                case "message" -> message(mapping, schema.type(field.type()), secret);
                case "any" -> message(mapping, null, secret);
                case "duration" -> Scalars.duration(mapping).map(Scalars::text).orElse("");
                case "struct", "value", "listvalue" -> plain(mapping, secret);
                default -> mapping.get("value") == null ? null : single(field, mapping.get("value"), secret);
            };
        }
        if (!(value instanceof Yaml.Scalar scalar)) {
            return plain(value, secret);
        }
        if (secret) {
            return kind.equals("bytes") ? REDACTED_BYTES : REDACTED;
        }
        return switch (kind) {
            case "value" -> plain(scalar, false);
            case "duration" ->
                Scalars.duration(scalar.text()).map(Scalars::text).orElse(scalar.text());
            case "enum" ->
                Scalars.enumValue(scalar.text(), schema.values(field.type())).orElse(scalar.text());
            default -> number(kind, scalar.text());
        };
    }

    /** Flags and numbers of a kind; whole ones of 64 bits are texts in protobuf's JSON. */
    private static Object number(String kind, String text) {
        Object parsed =
                switch (kind) {
                    case "bool" -> Scalars.flag(text).orElse(null);
                    case "double", "float" -> Scalars.decimal(text).orElse(null);
                    case "uint32", "int32" -> Scalars.whole(text, kind).orElse(null);
                    default -> text;
                };
        return parsed == null ? text : parsed;
    }

    /** What a field of protobuf that was never set has as well: such a field is not written. */
    private boolean isDefault(Schema.Field field, Object value) {
        if (!field.oneof().isEmpty() || Character.isUpperCase(field.kind().charAt(0))) {
            return false;
        }
        return switch (field.kind()) {
            case "enum" -> field.count() == Schema.Count.ONE && isZero(field, value);
            default ->
                value == null
                        || value.equals("")
                        || value.equals(false)
                        || value.equals(0L)
                        || value.equals(0.0)
                        || (field.count() == Schema.Count.LIST && ((List<?>) value).isEmpty())
                        || (field.count() == Schema.Count.MAP && ((Map<?, ?>) value).isEmpty());
        };
    }

    private boolean isZero(Schema.Field field, Object value) {
        return Integer.valueOf(0).equals(schema.values(field.type()).get(value));
    }

    /** What has no schema: free structures, and messages that are not looked into. */
    private Object plain(Yaml value, boolean secret) {
        if (value instanceof Yaml.Mapping mapping) {
            return plainEntries(mapping, secret);
        }
        if (value instanceof Yaml.Sequence sequence) {
            List<Object> items = new ArrayList<>();
            sequence.items().forEach(item -> items.add(plain(item, secret)));
            return items;
        }
        Yaml.Scalar scalar = (Yaml.Scalar) value;
        if (scalar.isNull() || secret) {
            return secret ? REDACTED : null;
        }
        if (scalar.quoted()) {
            return scalar.text();
        }
        return Scalars.flag(scalar.text())
                .map(Object.class::cast)
                .or(() -> Scalars.whole(scalar.text(), "int64").map(Object.class::cast))
                .or(() -> Scalars.decimal(scalar.text()).map(Object.class::cast))
                .orElse(scalar.text());
    }

    private Map<String, Object> plainEntries(Yaml.Mapping mapping, boolean secret) {
        Map<String, Object> out = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> out.put(key, plain(entry.value(), secret)));
        return out;
    }
}
