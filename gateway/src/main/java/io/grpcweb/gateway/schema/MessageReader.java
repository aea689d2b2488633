package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads values into messages. Every method finds the parser at the first token of its value and leaves it at the last. {@code anys} counts
 * in how many messages of a type that had to be looked for it stands.
 */
final class MessageReader {
    private final ProtoSchema schema;
    private final JsonRules rules;
    private final ScalarReader scalars;
    private final WellKnownReader wellKnown;

    MessageReader(ProtoSchema schema, JsonRules rules, JsonFactory factory) {
        this.schema = schema;
        this.rules = rules;
        this.scalars = new ScalarReader(rules);
        this.wellKnown = new WellKnownReader(this, scalars, new AnyReader(schema, this, factory));
    }

    /** A whole text. */
    void whole(JsonParser parser, Message.Builder message, Outside outside) throws IOException, InvalidJson {
        if (parser.currentToken() != JsonToken.START_OBJECT
                && schema.shape(message.getDescriptorForType()).form() == MessageShape.Form.OBJECT) {
            throw InvalidJson.root("Root element must be a message.");
        }
        read(parser, message, 0, outside);
    }

    /**
     * A message, in the form that its type has.
     *
     * @param outside what is said of its fields elsewhere; null for nothing
     */
    void read(JsonParser parser, Message.Builder message, int anys, Outside outside) throws IOException, InvalidJson {
        MessageShape shape = schema.shape(message.getDescriptorForType());
        MessageShape.Form form = shape.form();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_ARRAY && !form.isList()) {
            throw InvalidJson.form("Proto field is not repeating, cannot start list.");
        }
        if (form == MessageShape.Form.OBJECT) {
            if (token != JsonToken.START_OBJECT) {
                throw InvalidJson.value(
                        shown(parser),
                        "type.googleapis.com/" + message.getDescriptorForType().getFullName());
            }
            parser.nextToken();
            fields(parser, message, shape, anys, outside);
        } else if (token == JsonToken.START_OBJECT && !form.isObject() && rules.lenient()) {
            parser.nextToken();
            fields(parser, message, shape, anys, outside);
        } else {
            wellKnown.read(parser, message, form, anys);
        }
    }

    /** A value as errors show it. */
    static String shown(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> ScalarReader.quoted(parser.getText());
            case VALUE_NUMBER_FLOAT -> Said.decimal(parser.getText());
            default -> parser.getText();
        };
    }

    /** The fields of an object from the one at which the parser stands to the end. */
    void fields(JsonParser parser, Message.Builder message, MessageShape shape, int anys, Outside outside)
            throws IOException, InvalidJson {
        Set<FieldDescriptor> seen = rules.lenient() ? null : new HashSet<>();
        for (; parser.currentToken() == JsonToken.FIELD_NAME; parser.nextToken()) {
            String name = parser.currentName();
            FieldDescriptor field = shape.field(name);
            parser.nextToken();
            if (field == null) {
                if (!rules.unknownFields() && !name.equals(AnyReader.TYPE)) {
                    throw new InvalidJson("Cannot find field \"" + name + "\" in the type \""
                            + message.getDescriptorForType().getFullName() + "\".");
                }
                parser.skipChildren();
                continue;
            }
            if (seen != null && !seen.add(field)) {
                throw new InvalidJson(name, "the field is there twice");
            }
            // Envoy knows a field that stands in both places by its name in the proto file only.
            field(parser, message, field, anys, name.equals(field.getName()) ? outside : null);
        }
    }

    /** A value of a field, which may be a list or a map. */
    void field(JsonParser parser, Message.Builder owner, FieldDescriptor field, int anys, Outside outside)
            throws IOException, InvalidJson {
        if (parser.currentToken() == JsonToken.VALUE_NULL && !takesNull(field)) {
            return;
        }
        try {
            if (field.isMapField()) {
                map(parser, owner, field, anys);
            } else if (field.isRepeated()) {
                list(parser, owner, field, anys);
            } else {
                single(parser, owner, field, anys, outside);
            }
        } catch (InvalidJson e) {
            throw e.named(field.getName()).in(field.getName());
        }
    }

    /** Where null is a value, and not the lack of one. */
    private static boolean takesNull(FieldDescriptor field) {
        return !field.isRepeated()
                && switch (field.getJavaType()) {
                    case MESSAGE -> isNullable(field);
                    case ENUM -> isNullable(field);
                    default -> false;
                };
    }

    private static boolean isNullable(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? field.getMessageType().getFullName().equals("google.protobuf.Value")
                : field.getJavaType() == FieldDescriptor.JavaType.ENUM
                        && field.getEnumType().getFullName().equals("google.protobuf.NullValue");
    }

    private void list(JsonParser parser, Message.Builder owner, FieldDescriptor field, int anys)
            throws IOException, InvalidJson {
        boolean listOfLists = takesList(field);
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            if (!rules.lenient()) {
                throw InvalidJson.value(shown(parser), "list");
            }
            single(parser, owner, field, anys, null);
            return;
        }
        for (int at = 0; parser.nextToken() != JsonToken.END_ARRAY; at++) {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.VALUE_NULL && !isNullable(field)) {
                if (!rules.lenient()) {
                    throw new InvalidJson("[" + at + "]", "null in a list");
                }
            } else if (token == JsonToken.START_ARRAY && rules.lenient() && !listOfLists) {
                list(parser, owner, field, anys);
            } else {
                try {
                    single(parser, owner, field, anys, null);
                } catch (InvalidJson e) {
                    throw e.named("").in("[" + at + "]");
                }
            }
        }
    }

    /** Whether a single value of the field may be a list. */
    private boolean takesList(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && schema.shape(field.getMessageType()).form().isList();
    }

    private void map(JsonParser parser, Message.Builder owner, FieldDescriptor field, int anys)
            throws IOException, InvalidJson {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            throw InvalidJson.form(
                    "invalid value Cannot bind a list to map for field '" + field.getName() + "'. for type Map");
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw InvalidJson.value(
                    shown(parser),
                    "type.googleapis.com/" + field.getMessageType().getFullName());
        }
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        Set<Object> seen = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            String index = "[" + seen.size() + "]";
            Object found = key(key, name, index);
            if (!seen.add(found)) {
                throw new InvalidJson(
                        "[" + (seen.size() - 1) + "]", "Repeated map key: '" + name + "' is already set.");
            }
            Message.Builder entry = owner.newBuilderForField(field).setField(key, found);
            parser.nextToken();
            try {
                value(parser, entry, value, name, anys);
            } catch (InvalidJson e) {
                throw e.named(name).in(value.getName()).in(index);
            }
            owner.addRepeatedField(field, entry.build());
        }
    }

    private Object key(FieldDescriptor key, String text, String index) throws InvalidJson {
        try {
            return scalars.text(key, text);
        } catch (InvalidJson e) {
            throw e.in(key.getName()).in(index);
        }
    }

    private void value(JsonParser parser, Message.Builder entry, FieldDescriptor value, String name, int anys)
            throws IOException, InvalidJson {
        if (parser.currentToken() == JsonToken.START_ARRAY && !takesList(value)) {
            throw new InvalidJson(
                    "invalid value Cannot have repeated items ('" + name + "') within a map. for type Map");
        }
        if (parser.currentToken() != JsonToken.VALUE_NULL || isNullable(value)) {
            single(parser, entry, value, anys, null);
        } else if (!rules.lenient()) {
            throw new InvalidJson("null in a map");
        }
    }

    /** One value of a field; it is added where the field is a list. */
    private void single(JsonParser parser, Message.Builder owner, FieldDescriptor field, int anys, Outside outside)
            throws IOException, InvalidJson {
        checkOneof(owner, field);
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Message.Builder builder = begun(owner, field);
            read(parser, builder, anys, outside == null ? null : outside.within(field.getName()));
            put(owner, field, builder.build());
        } else if (parser.currentToken() == JsonToken.VALUE_NULL) {
            put(owner, field, field.getEnumType().findValueByNumber(0));
        } else {
            put(owner, field, scalars.read(parser, field));
        }
        JsonToken last = parser.currentToken();
        if (outside != null && last.isScalarValue() && last != JsonToken.VALUE_NULL) {
            outside.said(field.getName(), Said.of(parser));
        }
    }

    /** The same from a text outside of JSON. */
    void text(Message.Builder owner, FieldDescriptor field, String text) throws InvalidJson {
        try {
            checkOneof(owner, field);
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                Message.Builder builder = owner.newBuilderForField(field);
                wellKnown.text(builder, schema.shape(field.getMessageType()).form(), text);
                put(owner, field, builder.build());
            } else {
                put(owner, field, scalars.text(field, text));
            }
        } catch (InvalidJson e) {
            throw e.named(field.getName()).in(field.getName());
        }
    }

    /** What comes twice, in the body and elsewhere, is put together. */
    static Message.Builder begun(Message.Builder owner, FieldDescriptor field) {
        Message.Builder builder = owner.newBuilderForField(field);
        if (!field.isRepeated() && owner.hasField(field)) {
            builder.mergeFrom((Message) owner.getField(field));
        }
        return builder;
    }

    private static void put(Message.Builder owner, FieldDescriptor field, Object value) {
        if (field.isRepeated()) {
            owner.addRepeatedField(field, value);
        } else {
            owner.setField(field, value);
        }
    }

    private static void checkOneof(Message.Builder owner, FieldDescriptor field) throws InvalidJson {
        OneofDescriptor oneof = field.getRealContainingOneof();
        if (oneof != null && owner.hasOneof(oneof) && owner.getOneofFieldDescriptor(oneof) != field) {
            throw InvalidJson.form("invalid value oneof field '" + oneof.getName() + "' is already set. Cannot set '"
                    + field.getName() + "' for type oneof");
        }
    }

    /** An empty message of a type that is not a field of another. */
    static Message.Builder empty(Descriptor type) {
        return DynamicMessage.newBuilder(type);
    }
}
