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

    /** A whole message, in the form that its type has. */
    void read(JsonParser parser, Message.Builder message, int anys) throws IOException, InvalidJson {
        MessageShape shape = schema.shape(message.getDescriptorForType());
        if (shape.form() == MessageShape.Form.OBJECT) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw notAnObject(parser, message.getDescriptorForType());
            }
            parser.nextToken();
            fields(parser, message, shape, anys);
        } else if (shape.form() == MessageShape.Form.WRAPPER
                && rules.lenient()
                && parser.currentToken() == JsonToken.START_OBJECT) {
            parser.nextToken();
            fields(parser, message, shape, anys);
        } else {
            wellKnown.read(parser, message, shape.form(), anys);
        }
    }

    private static InvalidJson notAnObject(JsonParser parser, Descriptor type) throws IOException {
        return parser.getParsingContext().inRoot()
                        || parser.getParsingContext().getParent().inRoot()
                ? InvalidJson.form("Root element must be a message.")
                : InvalidJson.value(shown(parser), "type.googleapis.com/" + type.getFullName());
    }

    /** A value as errors show it. */
    static String shown(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING
                ? ScalarReader.quoted(parser.getText())
                : parser.getText();
    }

    /** The fields of an object from the one at which the parser stands to the end. */
    void fields(JsonParser parser, Message.Builder message, MessageShape shape, int anys)
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
            field(parser, message, field, anys);
        }
    }

    /** A value of a field, which may be a list or a map. */
    void field(JsonParser parser, Message.Builder owner, FieldDescriptor field, int anys)
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
                single(parser, owner, field, anys);
            }
        } catch (InvalidJson e) {
            throw e.in(field.getName());
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
        boolean listOfLists = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && schema.shape(field.getMessageType()).form() != MessageShape.Form.OBJECT;
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            if (!rules.lenient()) {
                throw InvalidJson.value(shown(parser), "list");
            }
            single(parser, owner, field, anys);
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
                    single(parser, owner, field, anys);
                } catch (InvalidJson e) {
                    throw e.in("[" + at + "]");
                }
            }
        }
    }

    private void map(JsonParser parser, Message.Builder owner, FieldDescriptor field, int anys)
            throws IOException, InvalidJson {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw InvalidJson.form(
                    "invalid value Cannot bind a list to map for field '" + field.getName() + "'. for type Map");
        }
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        Set<Object> seen = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            try {
                Object found = scalars.text(key, name);
                if (!seen.add(found)) {
                    throw new InvalidJson("Repeated map key: '" + name + "' is already set.");
                }
                Message.Builder entry = owner.newBuilderForField(field).setField(key, found);
                parser.nextToken();
                if (parser.currentToken() != JsonToken.VALUE_NULL || isNullable(value)) {
                    single(parser, entry, value, anys);
                } else if (!rules.lenient()) {
                    throw new InvalidJson("null in a map");
                }
                owner.addRepeatedField(field, entry.build());
            } catch (InvalidJson e) {
                throw e.in("[" + ScalarReader.quoted(name) + "]");
            }
        }
    }

    /** One value of a field; it is added where the field is a list. */
    private void single(JsonParser parser, Message.Builder owner, FieldDescriptor field, int anys)
            throws IOException, InvalidJson {
        checkOneof(owner, field);
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Message.Builder builder = begun(owner, field);
            read(parser, builder, anys);
            put(owner, field, builder.build());
        } else if (parser.currentToken() == JsonToken.VALUE_NULL) {
            put(owner, field, field.getEnumType().findValueByNumber(0));
        } else {
            put(owner, field, scalars.read(parser, field));
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
            throw e.in(field.getName());
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
