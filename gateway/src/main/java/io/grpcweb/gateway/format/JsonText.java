package io.grpcweb.gateway.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values as JSON: texts, numbers, flags, lists, maps and null. */
public final class JsonText {
    private JsonText() {}

    /** The text of a value; fields stand in the order of their names, as Envoy writes them. */
    public static String of(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> fields) {
            out.append('{');
            new TreeMap<>(fields).forEach((name, field) -> {
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
