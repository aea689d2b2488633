package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Prints a {@link Tree} as a person would write it. */
final class HoconText {
    private static final int WIDTH = 100;
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

    private final StringBuilder out = new StringBuilder();

    private HoconText() {}

    static String of(Tree tree) {
        HoconText text = new HoconText();
        text.entries(tree.entries(), "");
        return text.out.toString();
    }

    private void entries(Map<String, ?> entries, String indent) {
        entries.forEach((key, value) -> {
            Object content = value instanceof Tree tree ? tree.entries() : value;
            out.append(indent).append(key(key)).append(content instanceof Map ? " " : " = ");
            value(content, indent);
            out.append('\n');
        });
    }

    private void value(Object value, String indent) {
        String line = inline(value);
        if (line.indexOf('\n') < 0 && indent.length() + line.length() <= WIDTH && !isLarge(value)) {
            out.append(line);
        } else if (value instanceof Map<?, ?> map) {
            out.append("{\n");
            entries(keyed(map), indent + "  ");
            out.append(indent).append('}');
        } else if (value instanceof List<?> list) {
            out.append("[\n");
            for (Object item : list) {
                out.append(indent).append("  ");
                value(item instanceof Tree tree ? tree.entries() : item, indent + "  ");
                out.append('\n');
            }
            out.append(indent).append(']');
        } else {
            out.append(line);
        }
    }

    /** Sections that hold sections are easier to read on several lines, however short they are. */
    private static boolean isLarge(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.size() > 4 || map.values().stream().anyMatch(one -> one instanceof Tree || one instanceof Map);
        }
        return value instanceof List<?> list
                && list.stream().anyMatch(one -> one instanceof Tree tree && isLarge(tree.entries()));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> keyed(Map<?, ?> map) {
        return (Map<String, ?>) map;
    }

    private static String inline(Object value) {
        if (value instanceof Tree tree) {
            return inline(tree.entries());
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder line = new StringBuilder("{");
            map.forEach((key, item) -> line.append(line.length() == 1 ? " " : ", ")
                    .append(key((String) key))
                    .append(" = ")
                    .append(inline(item)));
            return line.append(map.isEmpty() ? "}" : " }").toString();
        }
        if (value instanceof List<?> list) {
            return "[" + String.join(", ", list.stream().map(HoconText::inline).toList()) + "]";
        }
        if (value instanceof Tree.Bare bare) {
            return bare.text();
        }
        return value instanceof String text ? quoted(text) : String.valueOf(value);
    }

    /** PEM and other texts of several lines stay readable. */
    private static String quoted(String text) {
        return text.indexOf('\n') >= 0 && !text.contains("\"\"\"") && !text.endsWith("\"")
                ? "\"\"\"" + text + "\"\"\""
                : ConfigUtil.quoteString(text);
    }

    private static String key(String key) {
        return PLAIN_KEY.matcher(key).matches() ? key : ConfigUtil.quoteString(key);
    }
}
