package io.grpcweb.gateway.schema;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.Map;

/** What JSON needs to know of a message: its form, and its fields by all their names. */
final class MessageShape {
    private final Form form;
    private final Map<String, FieldDescriptor> fields = new HashMap<>();

    /** How a message stands in JSON. */
    enum Form {
        /** An object with its fields. */
        OBJECT,
        ANY,
        DURATION,
        TIMESTAMP,
        FIELD_MASK,
        STRUCT,
        VALUE,
        LIST,
        /** The value of its one field. */
        WRAPPER;

        /** Whether it may be a list. */
        boolean isList() {
            return this == LIST || this == VALUE;
        }

        /** Whether it may be an object. */
        boolean isObject() {
            return this == OBJECT || this == ANY || this == STRUCT || this == VALUE;
        }
    }

    MessageShape(Descriptor message) {
        form = formOf(message.getFullName());
        message.getFields().forEach(field -> fields.put(field.getName(), field));
        // A name that was given for JSON comes before another field that is called so.
        message.getFields().forEach(field -> fields.put(field.getJsonName(), field));
    }

    private static Form formOf(String name) {
        return switch (name) {
            case "google.protobuf.Any" -> Form.ANY;
            case "google.protobuf.Duration" -> Form.DURATION;
            case "google.protobuf.Timestamp" -> Form.TIMESTAMP;
            case "google.protobuf.FieldMask" -> Form.FIELD_MASK;
            case "google.protobuf.Struct" -> Form.STRUCT;
            case "google.protobuf.Value" -> Form.VALUE;
            case "google.protobuf.ListValue" -> Form.LIST;
            case "google.protobuf.BoolValue",
                    "google.protobuf.Int32Value",
                    "google.protobuf.UInt32Value",
                    "google.protobuf.Int64Value",
                    "google.protobuf.UInt64Value",
                    "google.protobuf.FloatValue",
                    "google.protobuf.DoubleValue",
                    "google.protobuf.StringValue",
                    "google.protobuf.BytesValue" -> Form.WRAPPER;
            default -> Form.OBJECT;
        };
    }

    Form form() {
        return form;
    }

    /** The field of this name, in either spelling; null where there is none. */
    FieldDescriptor field(String name) {
        return fields.get(name);
    }
}
