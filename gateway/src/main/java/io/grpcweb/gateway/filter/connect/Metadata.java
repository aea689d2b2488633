package io.grpcweb.gateway.filter.connect;

import com.fasterxml.jackson.core.JsonGenerator;
import io.grpcweb.gateway.filter.HttpFields;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.util.Map;

/**
 * What a backend says in trailers beside the status of the call.
 *
 * @param trailers the status may be among them
 */
record Metadata(Http2Headers trailers) {
    static final Metadata NONE = new Metadata(new DefaultHttp2Headers(false, 0));

    private static final String PREFIX = "trailer-";

    /** The fields of a response that is a head alone are trailers; what HTTP itself reads stays in the head. */
    static Metadata takenFrom(Http2Headers head) {
        Http2Headers trailers = new DefaultHttp2Headers(false);
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            String name = field.getKey().toString();
            if (!name.startsWith(":") && !HttpFields.contains(name)) {
                trailers.add(name, field.getValue());
            }
        }
        for (CharSequence name : trailers.names()) {
            head.remove(name);
        }
        return new Metadata(trailers);
    }

    /** Fields with this prefix belong to gRPC. */
    private static boolean isOurs(CharSequence name) {
        return !name.toString().startsWith("grpc-");
    }

    /** Adds them to the head of a unary response. */
    void addTo(Http2Headers head) {
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            if (isOurs(field.getKey())) {
                head.add(PREFIX + field.getKey(), field.getValue());
            }
        }
    }

    /** As the field {@code metadata} of the last message of a stream; nothing where there are none. */
    void write(JsonGenerator json) throws IOException {
        boolean any = false;
        for (CharSequence name : trailers.names()) {
            if (isOurs(name)) {
                if (!any) {
                    json.writeObjectFieldStart("metadata");
                    any = true;
                }
                json.writeArrayFieldStart(name.toString());
                for (CharSequence value : trailers.getAll(name)) {
                    json.writeString(value.toString());
                }
                json.writeEndArray();
            }
        }
        if (any) {
            json.writeEndObject();
        }
    }
}
