package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Protobuf text ({@code listeners { name: "web" }}) to the same tree that YAML is read to. What kind a field is does not show
 * in the text: a field that stands several times becomes a list, and a map, which is written as messages with {@code key}
 * and {@code value}, is recognised by the schema afterwards.
 */
final class TextProto {
    private static final int MAX_DEPTH = 200;

    private final String file;
    private final String text;
    private int at;
    private int line = 1;

    private TextProto(String file, String text) {
        this.file = file;
        this.text = text;
    }

    static Yaml.Mapping read(String file, byte[] bytes, String typeName, Schema schema) throws ConfigException {
        TextProto reader = new TextProto(file, new String(bytes, StandardCharsets.UTF_8));
        Yaml.Mapping tree = reader.message('\0', 0);
        if (reader.at < reader.text.length()) {
            throw reader.refused("a NUL is not expected here");
        }
        foldMaps(tree, schema.type(typeName), schema);
        return tree;
    }

    /** Messages with {@code key} and {@code value} become entries where the schema says that the field is a map. */
    private static void foldMaps(Yaml.Mapping tree, Schema.Type declared, Schema schema) {
        String any = tree.text("@type");
        Schema.Type type = any.isEmpty() ? declared : schema.type(any.substring(any.lastIndexOf('/') + 1));
        if (type == null) {
            return;
        }
        for (Schema.Field field : type.fields().values()) {
            if (field.count() == Schema.Count.MAP && tree.has(field.name())) {
                Yaml.Mapping map = new Yaml.Mapping(tree.get(field.name()).mark());
                Yaml.mappings(tree.get(field.name()))
                        .forEach(entry -> map.put(entry.text("key"), entry.mark(), entry.get("value")));
                tree.put(field.name(), map.mark(), map);
                map.entries().values().forEach(entry -> Yaml.mappings(entry.value())
                        .forEach(value -> foldMaps(value, schema.type(field.type()), schema)));
            } else {
                Yaml.mappings(tree.get(field.name()))
                        .forEach(value -> foldMaps(value, schema.type(field.type()), schema));
            }
        }
    }

    /** Fields up to the closing character, or to the end of the text where that is NUL. */
    private Yaml.Mapping message(char end, int depth) throws ConfigException {
        if (depth > MAX_DEPTH) {
            throw refused("messages are nested too deep");
        }
        Yaml.Mapping mapping = new Yaml.Mapping(mark());
        while (next() != end) {
            if (next() == '[') {
                any(mapping, depth);
            } else {
                Mark mark = mark();
                String name = word();
                boolean colon = skip(':');
                add(mapping, name, mark, value(colon, depth));
            }
            if (!skip(',')) {
                skip(';');
            }
        }
        if (end != '\0') {
            skip(end);
        }
        return mapping;
    }

    /** {@code [type.googleapis.com/some.Type] { ... }}: the content of a {@code google.protobuf.Any}. */
    private void any(Yaml.Mapping mapping, int depth) throws ConfigException {
        Mark mark = mark();
        skip('[');
        int start = at;
        while (next() != ']') {
            if (at++ >= text.length()) {
                throw refused("'[' is not closed");
            }
        }
        String type = text.substring(start, at).strip();
        skip(']');
        boolean colon = skip(':');
        mapping.put("@type", mark, new Yaml.Scalar(type, true, mark));
        if (value(colon, depth) instanceof Yaml.Mapping content) {
            mapping.entries().putAll(content.entries());
        } else {
            throw refused("a message is expected behind [" + type + "]");
        }
    }

    private static void add(Yaml.Mapping mapping, String name, Mark mark, Yaml value) {
        Yaml.Entry old = mapping.entries().get(name);
        if (old == null) {
            mapping.put(name, mark, value);
            return;
        }
        if (old.value() instanceof Yaml.Sequence sequence) {
            sequence.items().addAll(Yaml.items(value));
            return;
        }
        List<Yaml> items = new ArrayList<>(Yaml.items(old.value()));
        items.addAll(Yaml.items(value));
        mapping.put(name, old.keyMark(), new Yaml.Sequence(items, mark));
    }

    private Yaml value(boolean colon, int depth) throws ConfigException {
        Mark mark = mark();
        char c = next();
        if (c == '{' || c == '<') {
            at++;
            return message(c == '{' ? '}' : '>', depth + 1);
        }
        if (!colon) {
            throw refused("':' or '{' is expected");
        }
        if (c == '[') {
            at++;
            if (depth > MAX_DEPTH) {
                throw refused("lists are nested too deep");
            }
            List<Yaml> items = new ArrayList<>();
            while (!skip(']')) {
                items.add(value(true, depth + 1));
                skip(',');
            }
            return new Yaml.Sequence(items, mark);
        }
        return c == '"' || c == '\'' ? new Yaml.Scalar(string(), true, mark) : new Yaml.Scalar(word(), false, mark);
    }

    /** A name, a number or the name of an enum's value. */
    private String word() throws ConfigException {
        next();
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_.+-".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (start == at) {
            throw refused(
                    at == text.length() ? "the text ends too early" : "'" + text.charAt(at) + "' is not expected here");
        }
        return text.substring(start, at);
    }

    /** Strings that follow each other are one. */
    private String string() throws ConfigException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (char quote = next(); quote == '"' || quote == '\''; quote = next()) {
            at++;
            while (current() != quote) {
                if (current() == '\\') {
                    at++;
                    out.writeBytes(escape());
                } else {
                    int point = text.codePointAt(at);
                    out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                    at += Character.charCount(point);
                }
            }
            at++;
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private byte[] escape() throws ConfigException {
        char c = current();
        at++;
        int plain = "abfnrtv\\'\"?".indexOf(c);
        if (plain >= 0) {
            return new byte[] {(byte) "\u0007\b\f\n\r\t\u000b\\'\"?".charAt(plain)};
        }
        return switch (c) {
            case 'x', 'X' -> new byte[] {(byte) number(16, 2)};
            case 'u' -> Character.toString(number(16, 4)).getBytes(StandardCharsets.UTF_8);
            case 'U' -> Character.toString(number(16, 8)).getBytes(StandardCharsets.UTF_8);
            default -> {
                at--;
                yield new byte[] {(byte) number(8, 3)};
            }
        };
    }

    private int number(int radix, int most) throws ConfigException {
        int value = 0;
        int start = at;
        while (at < text.length() && at < start + most && Character.digit(text.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(text.charAt(at++), radix);
        }
        if (start == at || !Character.isValidCodePoint(value)) {
            throw refused("an escape that is not known");
        }
        return value;
    }

    private char current() throws ConfigException {
        if (at == text.length() || text.charAt(at) == '\n') {
            throw refused("a string is not closed");
        }
        return text.charAt(at);
    }

    /** The next character that is neither space nor comment; NUL at the end. */
    private char next() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(c)) {
                line += c == '\n' ? 1 : 0;
                at++;
            } else {
                return c;
            }
        }
        return '\0';
    }

    private boolean skip(char c) {
        if (next() == c && at < text.length()) {
            at++;
            return true;
        }
        return false;
    }

    private Mark mark() {
        next();
        return new Mark(file, line);
    }

    private ConfigException refused(String problem) {
        return new ConfigException(List.of(new ConfigProblem(file, line, "", "not valid protobuf text: " + problem)));
    }
}
