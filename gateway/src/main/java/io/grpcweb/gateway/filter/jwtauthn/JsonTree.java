package io.grpcweb.gateway.filter.jwtauthn;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a JSON object (RFC 8259) as maps, lists, texts, numbers ({@link Long} or {@link Double}), flags and null. What is
 * nested too deep, or names a member twice, is refused: two readers could see two things in it.
 */
final class JsonTree {
    /** Levels, as in Envoy. */
    private static final int DEEPEST = 100;

    private final JsonFactory factory = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(100)
                    .build())
            .build();

    /** The object. */
    Map<String, Object> object(byte[] utf8) throws IOException {
        try (JsonParser json = factory.createParser(utf8)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("an object is expected");
            }
            Map<String, Object> found = members(json);
            if (json.nextToken() != null) {
                throw new IOException("something follows the object");
            }
            return found;
        }
    }

    private static Map<String, Object> members(JsonParser json) throws IOException {
        Map<String, Object> found = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            found.put(name, value(json));
        }
        return found;
    }

    private static List<Object> items(JsonParser json) throws IOException {
        List<Object> found = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            found.add(value(json));
        }
        return found;
    }

    private static Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> members(json);
            case START_ARRAY -> items(json);
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> whole(json);
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IOException("a value is expected");
        };
    }

    private static Object whole(JsonParser json) throws IOException {
        return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? (Object) json.getDoubleValue()
                : (Object) json.getLongValue();
    }
}
