package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Reads {@code google.protobuf.Any}: an object with the fields of the message that it holds, and {@code @type} beside them. The type may come
 * last, so that the object is copied where it is not first; that is allowed in few of them inside of each other, since each is copied again.
 */
final class AnyReader {
    static final String TYPE = "@type";
    private static final String GOOGLE = "type.googleapis.com/";
    private static final int MOST_COPIES = 4;

    private final ProtoSchema schema;
    private final MessageReader messages;
    private final JsonFactory factory;

    AnyReader(ProtoSchema schema, MessageReader messages, JsonFactory factory) {
        this.schema = schema;
        this.messages = messages;
        this.factory = factory;
    }

    void read(JsonParser parser, Message.Builder message, int copies) throws IOException, InvalidJson {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw InvalidJson.value(
                    MessageReader.shown(parser),
                    "type.googleapis.com/" + message.getDescriptorForType().getFullName());
        }
        if (parser.nextToken() == JsonToken.END_OBJECT) {
            return;
        }
        if (parser.currentName().equals(TYPE)) {
            String url = url(parser);
            parser.nextToken();
            held(parser, message, url, copies);
            return;
        }
        if (copies == MOST_COPIES) {
            throw new InvalidJson("Message too deep: write @type as the first field of each Any");
        }
        byte[] copy = copy(parser);
        String url = find(copy);
        try (JsonParser again = factory.createParser(copy)) {
            again.nextToken();
            again.nextToken();
            held(again, message, url, copies + 1);
        }
    }

    private static String url(JsonParser parser) throws IOException, InvalidJson {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
            throw InvalidJson.value(MessageReader.shown(parser), "String");
        }
        return parser.getText();
    }

    /** The parser stands at the name of a field, or at the end. */
    private void held(JsonParser parser, Message.Builder message, String url, int copies)
            throws IOException, InvalidJson {
        Descriptor type = schema.message(url.substring(url.lastIndexOf('/') + 1));
        if (type == null || url.indexOf('/') < 0) {
            throw InvalidJson.value(
                    url.startsWith(GOOGLE)
                            ? "Invalid type URL, unknown type: " + url.substring(GOOGLE.length())
                            : "Invalid type URL, type URLs must be of the form '" + GOOGLE + "<typename>', got: " + url,
                    "Any");
        }
        MessageShape shape = schema.shape(type);
        Message.Builder inner = MessageReader.empty(type);
        try {
            if (shape.form() == MessageShape.Form.OBJECT) {
                messages.fields(parser, inner, shape, copies, null);
            } else {
                value(parser, inner, copies);
            }
        } catch (InvalidJson e) {
            throw e.inAny();
        }
        Descriptor any = message.getDescriptorForType();
        message.setField(any.findFieldByNumber(1), url);
        message.setField(any.findFieldByNumber(2), inner.build().toByteString());
    }

    /** A message that is no object stands in a field of its own. */
    private void value(JsonParser parser, Message.Builder inner, int copies) throws IOException, InvalidJson {
        for (; parser.currentToken() == JsonToken.FIELD_NAME; parser.nextToken()) {
            boolean value = parser.currentName().equals("value");
            parser.nextToken();
            if (value) {
                messages.read(parser, inner, copies, null);
            } else {
                parser.skipChildren();
            }
        }
    }

    private byte[] copy(JsonParser parser) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = factory.createGenerator(bytes)) {
            out.writeStartObject();
            for (; parser.currentToken() == JsonToken.FIELD_NAME; parser.nextToken()) {
                out.copyCurrentStructure(parser);
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private String find(byte[] object) throws IOException, InvalidJson {
        try (JsonParser parser = factory.createParser(object)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                if (parser.currentName().equals(TYPE)) {
                    return url(parser);
                }
                parser.nextToken();
                parser.skipChildren();
            }
        }
        throw InvalidJson.value("Missing @type for any field", "Any");
    }
}
