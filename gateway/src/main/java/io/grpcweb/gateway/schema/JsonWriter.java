package io.grpcweb.gateway.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Predicate;

/**
 * Writes messages as JSON (the ProtoJSON format of the protobuf documentation), with the escapes and the form of numbers that Envoy has. It has
 * no state, and every thread may use it.
 */
public final class JsonWriter {
    /** Of messages whose parser allows 100, each with a list around it, and of those inside of {@code Any}. */
    private static final int DEPTH = 10_000;

    /** Bytes of a text. */
    private static final long MOST = 64 << 20;

    private static final PrettyPrinter LINES = lines();

    private final JsonFactory factory;
    private final MessageWriter messages;
    private final boolean whitespace;

    /** Writes messages of the schema, and messages inside of {@code Any} that it knows. */
    public JsonWriter(ProtoSchema schema, JsonStyle style) {
        this(schema, style, null);
    }

    /**
     * The same for somebody who may not see everything.
     *
     * @param masked of which fields the text {@code [masked]} stands in the place of the value, whatever its type; null: of none
     */
    public JsonWriter(ProtoSchema schema, JsonStyle style, Predicate<FieldDescriptor> masked) {
        factory = new JsonFactoryBuilder()
                .streamWriteConstraints(
                        StreamWriteConstraints.builder().maxNestingDepth(DEPTH).build())
                .characterEscapes(new HtmlSafe())
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET, StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                // What was begun is not ended by itself where a message cannot be written.
                .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
                .build();
        messages = new MessageWriter(schema, style, masked);
        whitespace = style.whitespace();
    }

    private static PrettyPrinter lines() {
        DefaultIndenter indent = new DefaultIndenter(" ", "\n");
        return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withRootSeparator("")
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(indent)
                .withArrayIndenter(indent);
    }

    private interface Body {
        void write(JsonGenerator out) throws IOException, BadMessage;
    }

    /**
     * Writes a message.
     *
     * @param to holds a part of it where this fails
     */
    public void write(MessageOrBuilder message, OutputStream to) throws BadMessage {
        whole(to, out -> messages.write(out, message, 0));
    }

    /** Writes the value of one field of a message; where it is not set, what stands for that. */
    public void writeField(Message owner, FieldDescriptor field, OutputStream to) throws BadMessage {
        whole(to, out -> messages.value(out, owner, field, 0));
    }

    private void whole(OutputStream to, Body body) throws BadMessage {
        try (JsonGenerator out = factory.createGenerator(new BoundedOutput(to, MOST))) {
            if (whitespace) {
                out.setPrettyPrinter(((DefaultPrettyPrinter) LINES).createInstance());
            }
            body.write(out);
            if (whitespace) {
                out.writeRaw('\n');
            }
        } catch (IOException e) {
            throw new BadMessage("the message cannot be written as JSON: " + e.getMessage());
        }
    }
}
