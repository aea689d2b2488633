package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.StreamInfo;
import java.util.Arrays;
import java.util.List;

/**
 * {@code %DYNAMIC_METADATA(NAMESPACE:KEY:...)%} and {@code %METADATA(SOURCE:NAMESPACE:KEY:...)%} of what filters have found out or
 * the route says: a text as it is, anything else as JSON.
 */
final class MetadataOperator implements Operator.Document {
    private final List<String> path;
    private final boolean ofRoute;

    /** The operator of a path whose parts are separated by colons. */
    MetadataOperator(String argument) {
        this(argument, false);
    }

    private MetadataOperator(String argument, boolean ofRoute) {
        this.path = Arrays.asList(argument.split(":", -1));
        this.ofRoute = ofRoute;
    }

    /** The operator of a source and a path; what has no metadata here has no value. */
    static Operator of(String argument) {
        if (argument == null || argument.isEmpty()) {
            throw new BadFormat("METADATA requires parameters");
        }
        int colon = argument.indexOf(':');
        String source = colon < 0 ? argument : argument.substring(0, colon);
        boolean ofRoute = source.equals("ROUTE");
        return colon > 0 && (ofRoute || source.equals("DYNAMIC"))
                ? new MetadataOperator(argument.substring(colon + 1), ofRoute)
                : (Text) info -> null;
    }

    private Object value(StreamInfo info) {
        if (ofRoute) {
            return info.routeMetadata.at(path);
        }
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
