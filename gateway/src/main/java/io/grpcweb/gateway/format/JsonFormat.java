package io.grpcweb.gateway.format;

import io.grpcweb.gateway.format.FormatParser.Part;
import io.grpcweb.gateway.http.StreamInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A line of JSON. A value that is one operator alone keeps its type, a missing one is null; where text and operators are
 * mixed, a missing one is {@code -}.
 */
final class JsonFormat implements LogFormat {
    private static final byte[] EMPTY = {'{', '}'};

    private final LogFormat root;
    private int words;

    JsonFormat(Map<String, Object> fields, boolean omitEmpty) {
        root = node("", fields, omitEmpty);
    }

    @Override
    public void write(StreamInfo info, LineBuffer out) {
        int start = out.size();
        root.write(info, out);
        if (out.size() == start) {
            out.literal(EMPTY);
        }
        out.put('\n');
    }

    /**
     * A piece of the document. It writes nothing where there is no value and such ones are left out.
     *
     * @param lead stands before the value: a comma, and in an object the name
     */
    private LogFormat node(String lead, Object value, boolean omit) {
        if (value instanceof Map<?, ?> map) {
            List<LogFormat> members = new ArrayList<>();
            map.forEach((name, member) -> members.add(node(",\"" + escaped(name.toString()) + "\":", member, omit)));
            return nested(lead, '{', members, '}', omit);
        }
        if (value instanceof List<?> list) {
            List<LogFormat> members = new ArrayList<>();
            list.forEach(member -> members.add(node(",", member, omit)));
            return nested(lead, '[', members, ']', false);
        }
        if (value instanceof String format) {
            List<Part> parts = FormatParser.parse(format);
            return parts.size() == 1 && parts.get(0) instanceof Part.Value single
                    ? single(lead, single, omit)
                    : mixed(lead, parts, omit);
        }
        byte[] constant = bytes(value == null && omit ? "" : lead + value);
        return (info, out) -> out.literal(constant);
    }

    /** An object or a list: each member brings the comma before it, and that of the first becomes the opening bracket. */
    private static LogFormat nested(String lead, char open, List<LogFormat> list, char close, boolean omitEmpty) {
        byte[] before = bytes(lead);
        LogFormat[] members = list.toArray(LogFormat[]::new);
        return (info, out) -> {
            int start = out.size();
            out.literal(before);
            int first = out.size();
            for (LogFormat member : members) {
                member.write(info, out);
            }
            if (out.size() > first) {
                out.set(first, open);
            } else if (omitEmpty) {
                out.truncate(start);
                return;
            } else {
                out.put(open);
            }
            out.put(close);
        };
    }

    private LogFormat single(String lead, Part.Value value, boolean omit) {
        byte[] missing = bytes(omit ? "" : lead + "null");
        if (value.operator() instanceof Operator.Count operator) {
            return LogFormat.number(bytes(lead), operator, missing);
        }
        int limit = value.limit();
        if (value.operator() instanceof Operator.Document document && limit == Integer.MAX_VALUE) {
            return (info, out) -> {
                CharSequence json = document.json(info);
                out.literal(json == null ? missing : bytes(lead + json));
            };
        }
        byte[] before = bytes(lead + '"');
        if (value.operator() instanceof Operator.Octets operator) {
            return (info, out) -> text(operator.of(info), true, limit, before, missing, out);
        }
        Operator.Text operator = (Operator.Text) value.operator();
        if (!(operator instanceof Operator.Word) || limit != Integer.MAX_VALUE) {
            return (info, out) -> text(operator.of(info), false, limit, before, missing, out);
        }
        int word = words++;
        return (info, out) -> {
            CharSequence text = operator.of(info);
            if (text == null) {
                out.literal(missing);
            } else if (!out.again(word, text)) {
                int start = out.size();
                text(text, false, limit, before, missing, out);
                out.remember(word, text, start);
            }
        };
    }

    private static void text(
            CharSequence text, boolean octets, int limit, byte[] before, byte[] missing, LineBuffer out) {
        if (text == null) {
            out.literal(missing);
            return;
        }
        out.literal(before);
        out.json(text, octets, limit);
        out.put('"');
    }

    private static LogFormat mixed(String lead, List<Part> parts, boolean omit) {
        byte[] before = bytes(lead + '"');
        byte[] missing = bytes(omit ? "" : "-");
        LogFormat[] pieces = parts.stream().map(part -> piece(part, missing)).toArray(LogFormat[]::new);
        return (info, out) -> {
            out.literal(before);
            for (LogFormat piece : pieces) {
                piece.write(info, out);
            }
            out.put('"');
        };
    }

    private static LogFormat piece(Part part, byte[] missing) {
        if (part instanceof Part.Literal literal) {
            byte[] constant = bytes(escaped(new String(literal.bytes(), StandardCharsets.UTF_8)));
            return (info, out) -> out.literal(constant);
        }
        Part.Value value = (Part.Value) part;
        if (value.operator() instanceof Operator.Count operator) {
            return LogFormat.number(bytes(""), operator, missing);
        }
        boolean octets = value.operator() instanceof Operator.Octets;
        return (info, out) -> {
            CharSequence text = octets
                    ? ((Operator.Octets) value.operator()).of(info)
                    : ((Operator.Text) value.operator()).of(info);
            if (text == null) {
                out.literal(missing);
            } else {
                out.json(text, octets, value.limit());
            }
        };
    }

    private static String escaped(String text) {
        LineBuffer out = new LineBuffer();
        out.json(text, false, Integer.MAX_VALUE);
        return new String(out.copy(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
