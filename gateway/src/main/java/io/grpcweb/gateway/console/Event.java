package io.grpcweb.gateway.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** What the page is told, as JSON: {@code {"id": ..., "is": ...}} and what belongs to its kind. */
final class Event {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final StringWriter text = new StringWriter();
    private final JsonGenerator json;

    /** Writes a part of an event. */
    interface Part {
        void write(JsonGenerator json) throws IOException;
    }

    private Event() {
        try {
            json = FACTORY.createGenerator(text);
            json.writeStartObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Event of(long id, String kind) {
        return new Event().with("id", id).with("is", kind);
    }

    /** An object by itself, which can stand in an event as a text. */
    static String object(Part fields) {
        return new Event().with(fields).text();
    }

    static Event refused(long id, String reason) {
        return of(id, "refused").with("reason", reason);
    }

    Event with(String name, String value) {
        return with(out -> out.writeStringField(name, value));
    }

    Event with(String name, long value) {
        return with(out -> out.writeNumberField(name, value));
    }

    Event with(Part part) {
        try {
            part.write(json);
            return this;
        } catch (IOException e) {
            // Nothing can fail in memory.
            throw new UncheckedIOException(e);
        }
    }

    /** The fields of a head or of trailers, in their order, as pairs. */
    Event fields(Http2Headers fields) {
        return with(out -> {
            out.writeArrayFieldStart("fields");
            for (Map.Entry<CharSequence, CharSequence> field : fields) {
                out.writeStartArray();
                out.writeString(field.getKey().toString());
                out.writeString(field.getValue().toString());
                out.writeEndArray();
            }
            out.writeEndArray();
        });
    }

    /** The whole; nothing may be added any more. */
    String text() {
        try {
            json.writeEndObject();
            json.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
