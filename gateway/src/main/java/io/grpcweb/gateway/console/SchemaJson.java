package io.grpcweb.gateway.console;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes what a page needs to know of services: their methods, and the messages and enums that their requests and responses are made of. */
final class SchemaJson {
    private final ProtoSchema schema;
    private final Map<String, Descriptor> messages = new LinkedHashMap<>();
    private final Map<String, EnumDescriptor> enums = new LinkedHashMap<>();

    SchemaJson(ProtoSchema schema) {
        this.schema = schema;
    }

    /** Adds the fields {@code services}, {@code messages} and {@code enums} to an object. */
    void write(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("services");
        for (ServiceDescriptor service : schema.services()) {
            out.writeStartObject();
            out.writeStringField("name", service.getFullName());
            out.writeStringField("file", service.getFile().getName());
            out.writeArrayFieldStart("methods");
            for (MethodDescriptor method : service.getMethods()) {
                write(out, method);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
        reach();
        out.writeObjectFieldStart("messages");
        for (Descriptor message : messages.values()) {
            out.writeArrayFieldStart(message.getFullName());
            for (FieldDescriptor field : message.getFields()) {
                write(out, field);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
        out.writeObjectFieldStart("enums");
        for (EnumDescriptor one : enums.values()) {
            out.writeArrayFieldStart(one.getFullName());
            for (EnumValueDescriptor value : one.getValues()) {
                out.writeString(value.getName());
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private void write(JsonGenerator out, MethodDescriptor method) throws IOException {
        messages.put(method.getInputType().getFullName(), method.getInputType());
        messages.put(method.getOutputType().getFullName(), method.getOutputType());
        out.writeStartObject();
        out.writeStringField("name", method.getName());
        out.writeStringField("input", method.getInputType().getFullName());
        out.writeStringField("output", method.getOutputType().getFullName());
        out.writeBooleanField("clientStreaming", method.isClientStreaming());
        out.writeBooleanField("serverStreaming", method.isServerStreaming());
        out.writeBooleanField("deprecated", method.getOptions().getDeprecated());
        out.writeEndObject();
    }

    /** Finds the messages that stand in those of the methods, at any depth. */
    private void reach() {
        Deque<Descriptor> open = new ArrayDeque<>(messages.values());
        while (!open.isEmpty()) {
            for (FieldDescriptor field : open.pop().getFields()) {
                if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
                    enums.putIfAbsent(field.getEnumType().getFullName(), field.getEnumType());
                } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        && messages.putIfAbsent(field.getMessageType().getFullName(), field.getMessageType()) == null) {
                    open.push(field.getMessageType());
                }
            }
        }
    }

    /** A map is a list of entries, whose fields are {@code key} and {@code value}; the page looks them up by {@code type}. */
    private static void write(JsonGenerator out, FieldDescriptor field) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", field.getName());
        out.writeStringField("json", field.getJsonName());
        out.writeStringField("kind", kind(field));
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            out.writeStringField("type", field.getMessageType().getFullName());
        } else if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
            out.writeStringField("type", field.getEnumType().getFullName());
        }
        out.writeBooleanField("repeated", field.isRepeated());
        out.writeBooleanField("required", field.isRequired());
        out.writeBooleanField("presence", field.hasPresence());
        if (field.getRealContainingOneof() != null) {
            out.writeStringField("oneof", field.getRealContainingOneof().getName());
        }
        out.writeEndObject();
    }

    /** {@code map}, {@code message}, {@code enum}, or the name of the scalar type. */
    private static String kind(FieldDescriptor field) {
        if (field.isMapField()) {
            return "map";
        }
        return field.getType() == FieldDescriptor.Type.GROUP
                ? "message"
                : field.getType().name().toLowerCase(Locale.ROOT);
    }
}
