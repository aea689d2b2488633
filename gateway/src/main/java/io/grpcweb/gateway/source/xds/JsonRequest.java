package io.grpcweb.gateway.source.xds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A {@code DiscoveryRequest} in protobuf's JSON. */
final class JsonRequest {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonRequest() {}

    /** @param name of the resource; empty for all of the kind */
    static byte[] of(Node node, ResourceType type, String name, String version) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("version_info", version);
            json.writeFieldName("node");
            node(json, node);
            if (!name.isEmpty()) {
                json.writeArrayFieldStart("resource_names");
                json.writeString(name);
                json.writeEndArray();
            }
            json.writeStringField("type_url", type.url());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void node(JsonGenerator json, Node node) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", node.getId());
        json.writeStringField("cluster", node.getCluster());
        if (node.hasMetadata()) {
            json.writeFieldName("metadata");
            struct(json, node.getMetadata());
        }
        if (node.hasLocality()) {
            json.writeObjectFieldStart("locality");
            json.writeStringField("region", node.getLocality().getRegion());
            json.writeStringField("zone", node.getLocality().getZone());
            json.writeStringField("sub_zone", node.getLocality().getSubZone());
            json.writeEndObject();
        }
        json.writeStringField("user_agent_name", node.getUserAgentName());
        json.writeEndObject();
    }

    private static void struct(JsonGenerator json, Struct struct) throws IOException {
        json.writeStartObject();
        for (var field : struct.getFieldsMap().entrySet()) {
            json.writeFieldName(field.getKey());
            value(json, field.getValue());
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, Value value) throws IOException {
        switch (value.getKindCase()) {
            case STRUCT_VALUE -> struct(json, value.getStructValue());
            case LIST_VALUE -> {
                json.writeStartArray();
                for (Value one : value.getListValue().getValuesList()) {
                    value(json, one);
                }
                json.writeEndArray();
            }
            case BOOL_VALUE -> json.writeBoolean(value.getBoolValue());
            case NUMBER_VALUE -> json.writeNumber(value.getNumberValue());
            case STRING_VALUE -> json.writeString(value.getStringValue());
            case NULL_VALUE, KIND_NOT_SET -> json.writeNull();
        }
    }
}
