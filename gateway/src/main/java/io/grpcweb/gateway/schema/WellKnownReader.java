package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.FieldMaskUtil;
import java.io.IOException;
import java.text.ParseException;

/** Reads messages that have a form of their own in JSON. */
final class WellKnownReader {
    private final MessageReader messages;
    private final ScalarReader scalars;
    private final AnyReader any;

    WellKnownReader(MessageReader messages, ScalarReader scalars, AnyReader any) {
        this.messages = messages;
        this.scalars = scalars;
        this.any = any;
    }

    void read(JsonParser parser, Message.Builder message, MessageShape.Form form, int anys)
            throws IOException, InvalidJson {
        JsonToken token = parser.currentToken();
        switch (form) {
            case ANY -> any.read(parser, message, anys);
            case VALUE -> value(parser, message, anys);
            case STRUCT -> {
                expect(parser, JsonToken.START_OBJECT, message);
                messages.field(parser, message, only(message), anys, null);
            }
            case LIST -> {
                expect(parser, JsonToken.START_ARRAY, message);
                messages.field(parser, message, only(message), anys, null);
            }
            case WRAPPER -> {
                FieldDescriptor value = only(message);
                try {
                    message.setField(value, scalars.read(parser, value));
                } catch (InvalidJson e) {
                    throw e.in(value.getName());
                }
            }
            default -> {
                if (token != JsonToken.VALUE_STRING) {
                    throw unreadable(
                            "Invalid data type for " + kind(form) + ", value is " + MessageReader.shown(parser),
                            message);
                }
                text(message, form, parser.getText());
            }
        }
    }

    private static FieldDescriptor only(Message.Builder message) {
        return message.getDescriptorForType().getFields().get(0);
    }

    private static void expect(JsonParser parser, JsonToken token, Message.Builder message)
            throws IOException, InvalidJson {
        if (parser.currentToken() != token) {
            throw wrong(MessageReader.shown(parser), message);
        }
    }

    /** {@code google.protobuf.Value}: null_value 1, number_value 2, string_value 3, bool_value 4, struct_value 5, list_value 6. */
    private void value(JsonParser parser, Message.Builder message, int anys) throws IOException, InvalidJson {
        Descriptor type = message.getDescriptorForType();
        JsonToken token = parser.currentToken();
        int number =
                switch (token) {
                    case VALUE_NULL -> 1;
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> 2;
                    case VALUE_STRING -> 3;
                    case VALUE_TRUE, VALUE_FALSE -> 4;
                    case START_OBJECT -> 5;
                    default -> 6;
                };
        FieldDescriptor field = type.findFieldByNumber(number);
        if (number >= 5) {
            Message.Builder inner = message.newBuilderForField(field);
            messages.read(parser, inner, anys, null);
            message.setField(field, inner.build());
        } else if (number == 1) {
            message.setField(field, field.getEnumType().findValueByNumber(0));
        } else {
            message.setField(field, scalars.read(parser, field));
        }
    }

    /** A message that is written as a text. */
    void text(Message.Builder message, MessageShape.Form form, String text) throws InvalidJson {
        try {
            switch (form) {
                case TIMESTAMP -> merge(message, TimeText.timestamp(text).toByteString());
                case DURATION -> merge(message, TimeText.duration(text).toByteString());
                case FIELD_MASK ->
                    merge(message, FieldMaskUtil.fromJsonString(text).toByteString());
                case WRAPPER -> wrapped(message, only(message), text);
                case VALUE -> {
                    FieldDescriptor string = message.getDescriptorForType().findFieldByNumber(3);
                    message.setField(string, scalars.text(string, text));
                }
                default -> throw wrong(ScalarReader.quoted(text), message);
            }
        } catch (ParseException e) {
            throw unreadable(e.getMessage(), message);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage(), message);
        }
    }

    private void wrapped(Message.Builder message, FieldDescriptor value, String text) throws InvalidJson {
        try {
            message.setField(value, scalars.text(value, text));
        } catch (InvalidJson e) {
            throw e.in(value.getName());
        }
    }

    private static String kind(MessageShape.Form form) {
        return switch (form) {
            case TIMESTAMP -> "timestamp";
            case DURATION -> "duration";
            default -> "field mask";
        };
    }

    private static InvalidJson unreadable(String why, Message.Builder message) {
        return InvalidJson.unreadable(
                why, "type.googleapis.com/" + message.getDescriptorForType().getFullName());
    }

    private static void merge(Message.Builder message, ByteString bytes) {
        try {
            message.mergeFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InvalidJson wrong(String shown, Message.Builder message) {
        return InvalidJson.value(
                shown, "type.googleapis.com/" + message.getDescriptorForType().getFullName());
    }
}
