package io.grpcweb.gateway.filter.jwtauthn;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A claim as the value of a field, as in Envoy: lists and objects are the base64 of their JSON. */
final class ClaimText {
    private static final JsonFactory JSON = new JsonFactory();

    private ClaimText() {}

    /** Null for a claim that is null or not there. */
    static String of(Object value) {
        if (value instanceof Long number && number >= 0) {
            return number.toString();
        }
        if (value instanceof Number number) {
            return String.format(Locale.ROOT, "%f", number.doubleValue());
        }
        if (value instanceof Map<?, ?> || value instanceof List<?>) {
            return Base64.getEncoder().encodeToString(json(value));
        }
        return value == null ? null : value.toString();
    }

    private static byte[] json(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> members) {
            json.writeStartObject();
            for (Map.Entry<?, ?> one : members.entrySet()) {
                json.writeFieldName((String) one.getKey());
                write(json, one.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> items) {
            json.writeStartArray();
            for (Object one : items) {
                write(json, one);
            }
            json.writeEndArray();
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value == null) {
            json.writeNull();
        } else {
            json.writeString((String) value);
        }
    }
}
