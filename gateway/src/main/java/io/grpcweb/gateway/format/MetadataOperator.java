package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.StreamInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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
        return value == null || value instanceof String ? (String) value : json(value);
    }

    @Override
    public CharSequence json(StreamInfo info) {
        Object value = value(info);
        return value == null ? null : json(value);
    }

    private static String json(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> fields) {
            out.append('{');
            fields.forEach((name, field) -> {
                out.append(out.charAt(out.length() - 1) == '{' ? "" : ",");
                quote(name.toString(), out);
                write(field, out.append(':'));
            });
            out.append('}');
        } else if (value instanceof List<?> items) {
            out.append('[');
            for (int i = 0; i < items.size(); i++) {
                write(items.get(i), i == 0 ? out : out.append(','));
            }
            out.append(']');
        } else if (value instanceof Double number && number % 1 == 0 && Math.abs(number) < 1e15) {
            out.append(number.longValue());
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            quote(value.toString(), out);
        }
    }

    private static void quote(String text, StringBuilder out) {
        LineBuffer line = new LineBuffer();
        line.json(text, false, Integer.MAX_VALUE);
        out.append('"').append(new String(line.copy(), StandardCharsets.UTF_8)).append('"');
    }
}
