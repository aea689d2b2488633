package io.grpcweb.gateway.console;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpcweb.gateway.schema.BadMessage;
import io.grpcweb.gateway.schema.BoundedOutput;
import io.grpcweb.gateway.schema.InvalidJson;
import io.grpcweb.gateway.schema.JsonReader;
import io.grpcweb.gateway.schema.JsonRules;
import io.grpcweb.gateway.schema.JsonStyle;
import io.grpcweb.gateway.schema.JsonWriter;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.schema.RpcMethod;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The methods of a cluster, and its messages as JSON and as bytes. */
final class Api {
    private static final int DEPTH = 100;

    /** Bytes of a message as JSON; what is longer is shown as the bytes that it came in. */
    private static final long MOST_OF_A_TEXT = 16 << 20;

    /** A field that the message does not have is a slip of the person who writes. */
    private static final JsonRules RULES = new JsonRules(DEPTH, false, false, false);

    private final ProtoSchema schema;
    private final JsonReader reader;
    private final JsonWriter writer;

    Api(ProtoSchema schema) {
        this.schema = schema;
        this.reader = new JsonReader(schema, RULES);
        this.writer = new JsonWriter(schema, JsonStyle.COMPACT);
    }

    ProtoSchema schema() {
        return schema;
    }

    /** The method of a path. */
    RpcMethod method(String path) throws Refusal {
        RpcMethod found = schema.method(path);
        if (found == null) {
            throw new Refusal("there is no method " + path + " any more: load the services again");
        }
        return found;
    }

    /** A message as bytes. */
    byte[] encode(Descriptor type, String json) throws Refusal {
        try {
            return reader.read(type, new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))
                    .toByteArray();
        } catch (InvalidJson e) {
            throw new Refusal(e.getMessage());
        }
    }

    /** A message as JSON. */
    String decode(Descriptor type, byte[] message) throws Refusal {
        try {
            return json(writer, DynamicMessage.parseFrom(type, message));
        } catch (InvalidProtocolBufferException e) {
            throw new Refusal("the message is no " + type.getFullName() + ": " + e.getMessage());
        } catch (BadMessage e) {
            throw new Refusal("the message has no JSON form: " + e.getMessage());
        }
    }

    /**
     * A message of somebody else's as JSON, without the values of fields that have the option {@code debug_redact}.
     *
     * @param mask full names of others
     */
    String masked(Descriptor type, ByteString message, Set<String> mask) throws Refusal {
        JsonWriter careful = new JsonWriter(
                schema,
                JsonStyle.COMPACT,
                field -> field.getOptions().getDebugRedact() || mask.contains(field.getFullName()));
        try {
            return json(careful, DynamicMessage.parseFrom(type, message));
        } catch (InvalidProtocolBufferException | BadMessage e) {
            // What is wrong with it may be a part of it.
            throw new Refusal("the message is no " + type.getFullName() + ", or has no JSON form");
        }
    }

    /** A detail of an error as JSON, with its type. */
    String decode(Any detail) throws BadMessage {
        return json(writer, detail);
    }

    private static String json(JsonWriter writer, Message message) throws BadMessage {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(message, new BoundedOutput(out, MOST_OF_A_TEXT));
        return out.toString(StandardCharsets.UTF_8);
    }
}
