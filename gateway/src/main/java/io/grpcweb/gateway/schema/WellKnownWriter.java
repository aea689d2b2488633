package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.protobuf.util.Timestamps;
import java.io.IOException;

/** Writes messages that have a form of their own in JSON. */
final class WellKnownWriter {
    /** The parser of each message counts its depth anew. */
    private static final int MOST_ANYS = 32;

    private final MessageWriter messages;
    private final ProtoSchema schema;

    WellKnownWriter(MessageWriter messages, ProtoSchema schema) {
        this.messages = messages;
        this.schema = schema;
    }

    void write(JsonGenerator out, MessageOrBuilder message, MessageShape.Form form, int anys)
            throws IOException, BadMessage {
        switch (form) {
            case ANY -> any(out, message, anys);
            case VALUE -> value(out, message, anys);
            case STRUCT, LIST, WRAPPER ->
                messages.value(
                        out, message, message.getDescriptorForType().getFields().get(0), anys);
            default -> out.writeString(text(message, form));
        }
    }

    private static String text(MessageOrBuilder message, MessageShape.Form form) throws BadMessage {
        try {
            return switch (form) {
                case TIMESTAMP ->
                    Timestamps.toString(Timestamp.newBuilder()
                            .setSeconds((Long) part(message, 1))
                            .setNanos((Integer) part(message, 2))
                            .build());
                case DURATION ->
                    Durations.toString(Duration.newBuilder()
                            .setSeconds((Long) part(message, 1))
                            .setNanos((Integer) part(message, 2))
                            .build());
                default -> {
                    FieldDescriptor paths = message.getDescriptorForType().findFieldByNumber(1);
                    FieldMask.Builder mask = FieldMask.newBuilder();
                    for (int i = 0; i < message.getRepeatedFieldCount(paths); i++) {
                        mask.addPaths((String) message.getRepeatedField(paths, i));
                    }
                    yield FieldMaskUtil.toJsonString(mask.build());
                }
            };
        } catch (IllegalArgumentException e) {
            throw new BadMessage(message.getDescriptorForType().getFullName() + ": " + e.getMessage());
        }
    }

    private static Object part(MessageOrBuilder message, int number) {
        return message.getField(message.getDescriptorForType().findFieldByNumber(number));
    }

    private void value(JsonGenerator out, MessageOrBuilder message, int anys) throws IOException, BadMessage {
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            if (field.getNumber() == 2 && !Double.isFinite((Double) message.getField(field))) {
                throw new BadMessage("google.protobuf.Value: " + message.getField(field) + " is no number of JSON");
            }
            messages.value(out, message, field, anys);
            return;
        }
        out.writeNull();
    }

    private void any(JsonGenerator out, MessageOrBuilder message, int anys) throws IOException, BadMessage {
        if (anys == MOST_ANYS) {
            throw new BadMessage("more than " + MOST_ANYS + " messages of the type Any inside of each other");
        }
        String url = (String) part(message, 1);
        ByteString bytes = (ByteString) part(message, 2);
        out.writeStartObject();
        if (!url.isEmpty()) {
            out.writeStringField(AnyReader.TYPE, url);
            Message inner = held(url, bytes);
            MessageShape.Form form = schema.shape(inner.getDescriptorForType()).form();
            if (form == MessageShape.Form.OBJECT) {
                messages.fields(out, inner, anys + 1);
            } else {
                out.writeFieldName("value");
                write(out, inner, form, anys + 1);
            }
        } else if (!bytes.isEmpty()) {
            throw new BadMessage("google.protobuf.Any: the type of the message is missing");
        }
        out.writeEndObject();
    }

    private Message held(String url, ByteString bytes) throws BadMessage {
        Descriptor type = schema.message(url.substring(url.lastIndexOf('/') + 1));
        if (type == null) {
            throw new BadMessage("Invalid type URL, unknown type: " + url.substring(url.lastIndexOf('/') + 1));
        }
        try {
            return DynamicMessage.parseFrom(type, bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new BadMessage(type.getFullName() + ": " + e.getMessage());
        }
    }
}
