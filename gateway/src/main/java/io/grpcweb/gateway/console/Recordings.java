package io.grpcweb.gateway.console;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import io.grpcweb.gateway.filter.recorder.RecordedCall;
import io.grpcweb.gateway.filter.recorder.RecordedMessage;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.schema.RpcMethod;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** The calls that the filter {@code recorder} keeps, as JSON for the page. */
final class Recordings {
    private static final String GZIP = "gzip";

    /** Bytes that a message may be unpacked to. */
    private static final int MOST_UNPACKED = 1 << 20;

    private Recordings() {}

    /** The calls without their messages. */
    static Event.Part list(List<RecordedCall> calls) {
        return json -> {
            json.writeArrayFieldStart("calls");
            for (RecordedCall call : calls) {
                json.writeStartObject();
                head(json, call);
                json.writeEndObject();
            }
            json.writeEndArray();
        };
    }

    private static void head(JsonGenerator json, RecordedCall call) throws IOException {
        json.writeNumberField("number", call.number());
        json.writeStringField("at", call.at().toString());
        json.writeNumberField("ms", call.nanos() / 1_000_000);
        json.writeStringField("path", call.path());
        json.writeStringField("cluster", call.cluster());
        json.writeStringField("origin", call.origin());
        json.writeStringField("format", call.format().label());
        json.writeNumberField("http", call.httpStatus());
        json.writeNumberField("code", call.grpcStatus());
        json.writeStringField(
                "name",
                call.grpcStatus() < 0
                        ? "NO STATUS"
                        : GrpcStatus.of(call.grpcStatus()).name());
        json.writeStringField("message", call.message());
    }

    /**
     * One call with its messages.
     *
     * @param api of its cluster; null where there is none
     */
    static Event.Part whole(RecordedCall call, Api api) {
        RpcMethod method = api == null ? null : api.schema().method(call.path());
        return json -> {
            head(json, call);
            json.writeArrayFieldStart("fields");
            for (Map.Entry<String, String> field : call.fields()) {
                json.writeStartArray();
                json.writeString(field.getKey());
                json.writeString(field.getValue());
                json.writeEndArray();
            }
            json.writeEndArray();
            direction(json, "request", call.request(), api, method == null ? null : method.input(), call.mask());
            direction(json, "response", call.response(), api, method == null ? null : method.output(), call.mask());
        };
    }

    private static void direction(
            JsonGenerator json, String name, RecordedCall.Direction way, Api api, Descriptor type, Set<String> mask)
            throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", way.count());
        json.writeArrayFieldStart("messages");
        for (RecordedMessage message : way.messages()) {
            json.writeStartObject();
            json.writeNumberField("bytes", message.length());
            try {
                json.writeStringField("json", content(message, way.coding(), api, type, mask));
            } catch (Refusal e) {
                json.writeStringField("problem", e.getMessage());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String content(RecordedMessage message, String coding, Api api, Descriptor type, Set<String> mask)
            throws Refusal {
        if (message.bytes() == null) {
            throw new Refusal("not kept: longer than the filter keeps, or not whole");
        }
        if (type == null) {
            throw new Refusal("the descriptors of its cluster do not have this method");
        }
        return api.masked(type, message.compressed() ? unpacked(message.bytes(), coding) : message.bytes(), mask);
    }

    private static ByteString unpacked(ByteString bytes, String coding) throws Refusal {
        if (!coding.equals(GZIP)) {
            throw new Refusal("compressed with " + (coding.isEmpty() ? "a coding that was not said" : coding));
        }
        try (GZIPInputStream in = new GZIPInputStream(bytes.newInput())) {
            byte[] content = in.readNBytes(MOST_UNPACKED + 1);
            if (content.length > MOST_UNPACKED) {
                throw new Refusal("unpacks to more than " + MOST_UNPACKED + " bytes");
            }
            return ByteString.copyFrom(content);
        } catch (IOException e) {
            throw new Refusal("is no " + GZIP + ": " + e.getMessage());
        }
    }
}
