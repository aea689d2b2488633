package io.grpcweb.gateway.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the page asks for: an object of texts, whose {@code metadata} is a list of texts.
 *
 * @param id that the answers bear
 * @param verb what is to be done
 * @param texts all the rest by name
 * @param metadata names and values in turn
 */
record Command(long id, String verb, Map<String, String> texts, List<String> metadata) {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxStringLength(Console.MOST_OF_A_COMMAND)
                    .build())
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .build();

    /**
     * Reads a message of the page.
     *
     * @throws Refusal if it is none
     */
    static Command read(String text) throws Refusal {
        Map<String, String> texts = new HashMap<>();
        List<String> metadata = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Refusal("a command is a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_ARRAY && name.equals("metadata")) {
                    while (parser.nextToken() == JsonToken.VALUE_STRING) {
                        metadata.add(parser.getText());
                    }
                    if (parser.currentToken() != JsonToken.END_ARRAY) {
                        throw new Refusal("metadata is a list of texts");
                    }
                } else if (value.isScalarValue()) {
                    texts.put(name, parser.getText());
                } else {
                    throw new Refusal("'" + name + "' is neither a text nor a number");
                }
            }
            return new Command(
                    Long.parseLong(texts.getOrDefault("id", "")), texts.getOrDefault("do", ""), texts, metadata);
        } catch (IOException | NumberFormatException e) {
            throw new Refusal("a command cannot be read: " + e.getMessage());
        }
    }

    /** A text that must be there. */
    String text(String name) throws Refusal {
        String value = texts.get(name);
        if (value == null) {
            throw new Refusal("the command " + verb + " needs '" + name + "'");
        }
        return value;
    }

    /** Whether a flag is set; it is off where it is missing. */
    boolean flag(String name) {
        return Boolean.parseBoolean(texts.get(name));
    }
}
