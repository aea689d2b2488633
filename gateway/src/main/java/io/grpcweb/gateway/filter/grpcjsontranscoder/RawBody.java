package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.api.HttpBody;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;

/** Puts bytes of any kind into {@code google.api.HttpBody}: their type, and parameters that are no fields, with the first of them. */
final class RawBody {
    private static final String PARAMETERS =
            "type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3.UnknownQueryParams";

    private final Map<String, List<String>> parameters;
    private String contentType;
    private boolean begun;

    /**
     * Puts nothing yet.
     *
     * @param contentType of the request; empty for none
     */
    RawBody(String contentType, Map<String, List<String>> parameters) {
        this.contentType = contentType;
        this.parameters = parameters;
    }

    /** The message of some bytes, which are lent. */
    ByteString message(ByteBuf data) {
        HttpBody.Builder body = HttpBody.newBuilder().setContentType(contentType);
        contentType = "";
        body.setData(ByteString.copyFrom(data.nioBuffer()));
        if (!begun && !parameters.isEmpty()) {
            body.addExtensions(Any.newBuilder().setTypeUrl(PARAMETERS).setValue(parameters()));
        }
        begun = true;
        return body.build().toByteString();
    }

    /** {@code UnknownQueryParams}: a map, field 1, from names to messages with the values in field 1. */
    private ByteString parameters() {
        UnknownFieldSet.Field.Builder entries = UnknownFieldSet.Field.newBuilder();
        parameters.forEach((name, values) -> {
            UnknownFieldSet.Field.Builder all = UnknownFieldSet.Field.newBuilder();
            values.forEach(value -> all.addLengthDelimited(ByteString.copyFromUtf8(value)));
            entries.addLengthDelimited(UnknownFieldSet.newBuilder()
                    .addField(1, text(name))
                    .addField(
                            2,
                            UnknownFieldSet.Field.newBuilder()
                                    .addLengthDelimited(UnknownFieldSet.newBuilder()
                                            .addField(1, all.build())
                                            .build()
                                            .toByteString())
                                    .build())
                    .build()
                    .toByteString());
        });
        return UnknownFieldSet.newBuilder().addField(1, entries.build()).build().toByteString();
    }

    private static UnknownFieldSet.Field text(String value) {
        return UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(value))
                .build();
    }
}
