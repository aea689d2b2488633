package io.grpcweb.gateway.format;

import java.math.BigDecimal;
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
        } else if (value instanceof Number number) {
            number(number.doubleValue(), out);
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else {
            quote(value.toString(), out);
        }
    }

    /** As Envoy writes a number of a structure: with or without an exponent, whichever is shorter. */
    private static void number(double value, StringBuilder out) {
        if (!Double.isFinite(value)) {
            out.append("null");
            return;
        }
        BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
        String plain = exact.toPlainString();
        String digits = exact.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - exact.scale();
        String scientific = (value < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() == 1 ? "" : "." + digits.substring(1))
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
        out.append(scientific.length() < plain.length() ? scientific : plain);
    }

    private static void quote(String text, StringBuilder out) {
        LineBuffer line = new LineBuffer();
        line.json(text, false, Integer.MAX_VALUE);
        out.append('"').append(new String(line.copy(), StandardCharsets.UTF_8)).append('"');
    }
}
