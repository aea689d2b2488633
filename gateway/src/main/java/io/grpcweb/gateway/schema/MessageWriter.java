package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.function.Predicate;

/** Writes messages and their fields. {@code anys} counts in how many {@code Any} it stands. */
final class MessageWriter {
    private static final String MASK = "[masked]";

    private final ProtoSchema schema;
    private final JsonStyle style;
    private final WellKnownWriter wellKnown;

    /** Null where all values are written. */
    private final Predicate<FieldDescriptor> masked;

    MessageWriter(ProtoSchema schema, JsonStyle style, Predicate<FieldDescriptor> masked) {
        this.schema = schema;
        this.style = style;
        this.masked = masked;
        this.wellKnown = new WellKnownWriter(this, schema);
    }

    /** A whole message, in the form that its type has. */
    void write(JsonGenerator out, MessageOrBuilder message, int anys) throws IOException, BadMessage {
        MessageShape.Form form = schema.shape(message.getDescriptorForType()).form();
        if (form == MessageShape.Form.OBJECT) {
            out.writeStartObject();
            fields(out, message, anys);
            out.writeEndObject();
        } else {
            wellKnown.write(out, message, form, anys);
        }
    }

    /** The fields of a message without the braces. */
    void fields(JsonGenerator out, MessageOrBuilder message, int anys) throws IOException, BadMessage {
        if (style.defaults()) {
            for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
                if (isWritten(message, field)) {
                    out.writeFieldName(name(field));
                    value(out, message, field, anys);
                }
            }
            return;
        }
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            out.writeFieldName(name(entry.getKey()));
            value(out, message, entry.getKey(), anys);
        }
    }

    /** Also where it is not set, unless the lack of it means something. */
    private static boolean isWritten(MessageOrBuilder message, FieldDescriptor field) {
        if (field.isRepeated()) {
            return true;
        }
        return message.hasField(field)
                || field.getContainingOneof() == null && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
    }

    private String name(FieldDescriptor field) {
        if (field.isExtension()) {
            return "[" + field.getFullName() + "]";
        }
        return style.protoNames() ? field.getName() : field.getJsonName();
    }

    /** The value of a field, which may be a list or a map. */
    void value(JsonGenerator out, MessageOrBuilder owner, FieldDescriptor field, int anys)
            throws IOException, BadMessage {
        if (masked != null && masked.test(field)) {
            out.writeString(MASK);
        } else if (field.isMapField()) {
            map(out, owner, field, anys);
        } else if (field.isRepeated()) {
            out.writeStartArray();
            for (int i = 0; i < owner.getRepeatedFieldCount(field); i++) {
                single(out, field, owner.getRepeatedField(field, i), anys);
            }
            out.writeEndArray();
        } else {
            single(out, field, owner.getField(field), anys);
        }
    }

    private void map(JsonGenerator out, MessageOrBuilder owner, FieldDescriptor field, int anys)
            throws IOException, BadMessage {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        out.writeStartObject();
        for (int i = 0; i < owner.getRepeatedFieldCount(field); i++) {
            Message entry = (Message) owner.getRepeatedField(field, i);
            out.writeFieldName(key(key, entry.getField(key)));
            single(out, value, entry.getField(value), anys);
        }
        out.writeEndObject();
    }

    private static String key(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
            case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
            default -> value.toString();
        };
    }

    void single(JsonGenerator out, FieldDescriptor field, Object value, int anys) throws IOException, BadMessage {
        switch (field.getType()) {
            case BOOL -> out.writeBoolean((Boolean) value);
            case STRING -> out.writeString((String) value);
            case BYTES -> out.writeString(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case INT32, SINT32, SFIXED32 -> out.writeNumber((Integer) value);
            case UINT32, FIXED32 -> out.writeNumber(Integer.toUnsignedLong((Integer) value));
            // A script has no whole numbers of 64 bits.
            case INT64, SINT64, SFIXED64 -> out.writeString(value.toString());
            case UINT64, FIXED64 -> out.writeString(Long.toUnsignedString((Long) value));
            case FLOAT -> decimal(out, (Float) value, ShortestDecimal.of((Float) value));
            case DOUBLE -> decimal(out, (Double) value, ShortestDecimal.of((Double) value));
            case ENUM -> enumValue(out, (EnumValueDescriptor) value);
            case MESSAGE, GROUP -> write(out, (Message) value, anys);
        }
    }

    private static void decimal(JsonGenerator out, double value, String text) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(text);
        } else {
            out.writeString(text);
        }
    }

    private void enumValue(JsonGenerator out, EnumValueDescriptor value) throws IOException {
        if (value.getType().getFullName().equals("google.protobuf.NullValue")) {
            out.writeNull();
        } else if (style.enumNumbers() || value.getIndex() < 0) {
            out.writeNumber(value.getNumber());
        } else {
            out.writeString(value.getName());
        }
    }
}
