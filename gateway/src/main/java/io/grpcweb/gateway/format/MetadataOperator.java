package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.StreamInfo;
import java.util.Arrays;
import java.util.List;

/** {@code %DYNAMIC_METADATA(NAMESPACE:KEY:...)%}: a text as it is, anything else as JSON. */
final class MetadataOperator implements Operator.Document {
    private final List<String> path;

    /** The operator of a path whose parts are separated by colons. */
    MetadataOperator(String argument) {
        path = Arrays.asList(argument.split(":", -1));
    }

    private Object value(StreamInfo info) {
        return info.metadata == null ? null : info.metadata.at(path);
    }

    @Override
    public CharSequence of(StreamInfo info) {
        Object value = value(info);
        return value == null || value instanceof String ? (String) value : JsonText.of(value);
    }

    @Override
    public CharSequence json(StreamInfo info) {
        Object value = value(info);
        return value == null ? null : JsonText.of(value);
    }
}
