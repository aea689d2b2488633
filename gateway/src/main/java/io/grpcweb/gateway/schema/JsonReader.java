package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads messages from JSON (the ProtoJSON format of the protobuf documentation). It has no state, and every thread may use it. Whoever
 * calls it bounds the length of a text; the depth is bounded by the rules, and the number of values by the memory of this process, since a
 * message in memory takes up to 200 times the room of its text.
 */
public final class JsonReader {
    private static final int MOST_OF_A_TEXT = 1 << 30;

    /** Each costs up to 300 bytes ({@code [[1],[1],...]} as a {@code google.protobuf.Value}): a fourteenth of the heap for one text. */
    private static final long MOST_TOKENS =
            Math.max(100_000, Runtime.getRuntime().maxMemory() / 4096);

    private final JsonFactory factory;
    private final MessageReader messages;

    /** Reads messages of the schema, and messages inside of {@code Any} that it knows. */
    public JsonReader(ProtoSchema schema, JsonRules rules) {
        factory = factory(rules);
        messages = new MessageReader(schema, rules, factory);
    }

    private static JsonFactory factory(JsonRules rules) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(rules.depth())
                        .maxStringLength(MOST_OF_A_TEXT)
                        .maxTokenCount(MOST_TOKENS)
                        .build())
                .configure(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, rules.lenient())
                .configure(JsonReadFeature.ALLOW_SINGLE_QUOTES, rules.lenient())
                .configure(JsonReadFeature.ALLOW_TRAILING_COMMA, rules.lenient())
                .configure(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS, rules.lenient())
                .configure(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER, rules.lenient())
                .configure(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS, rules.lenient())
                // Names come from callers: none of them is kept for ever.
                .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
                .build();
    }

    /** Reads a whole text as a message; it is in memory, so that nothing waits. */
    public DynamicMessage read(Descriptor type, InputStream json) throws InvalidJson {
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
        merge(json, builder, null);
        return builder.build();
    }

    /**
     * Reads a whole text into a message that may hold something already.
     *
     * @param outside what is said of its fields elsewhere; null for nothing
     */
    public void merge(InputStream json, Message.Builder message, Outside outside) throws InvalidJson {
        whole(json, parser -> messages.whole(parser, message, outside));
    }

    /**
     * Reads a whole text as the value of one field.
     *
     * @param outside what is said elsewhere of the fields of its owner; null for nothing
     */
    public void mergeField(InputStream json, Message.Builder owner, FieldDescriptor field, Outside outside)
            throws InvalidJson {
        whole(json, parser -> messages.field(parser, owner, field, 0, outside));
    }

    /** Sets a field, or adds to it where it is a list, from a text that stands outside of JSON, such as a part of a path. */
    public void mergeText(Message.Builder owner, FieldDescriptor field, String text) throws InvalidJson {
        messages.text(owner, field, text);
    }

    private interface Body {
        void read(JsonParser parser) throws IOException, InvalidJson;
    }

    private void whole(InputStream json, Body body) throws InvalidJson {
        try (JsonParser parser = factory.createParser(json)) {
            if (parser.nextToken() == null) {
                throw new InvalidJson("Unexpected end of string. Expected a value.");
            }
            body.read(parser);
            if (parser.nextToken() != null) {
                throw new InvalidJson("Parsing terminated before end of input.");
            }
        } catch (StreamConstraintsException e) {
            throw new InvalidJson(
                    e.getOriginalMessage().startsWith("Document nesting depth")
                            ? "Message too deep. Max recursion depth reached"
                            : shortened(e));
        } catch (JsonProcessingException e) {
            throw new InvalidJson(place(e) + shortened(e));
        } catch (IOException e) {
            // Of bytes that are no UTF-8; nothing else can fail in memory.
            throw new InvalidJson("the text is not in UTF-8: " + e.getMessage());
        }
    }

    /** Without what the library says of itself. */
    private static String shortened(JsonProcessingException e) {
        return e.getOriginalMessage().replaceAll(" \\(start marker.*|: enable `.*| \\(\\d+, from .*", "");
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : "line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ": ";
    }
}
