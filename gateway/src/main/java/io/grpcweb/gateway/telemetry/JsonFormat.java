package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.FormatParser.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A line of JSON. A value that is one operator alone keeps its type, a missing one is null; where text and operators are
 * mixed, a missing one is {@code -}.
 */
final class JsonFormat implements LogFormat {
    private final Node root;

    JsonFormat(Map<String, Object> fields, boolean omitEmpty) {
        root = node(fields, omitEmpty);
    }

    @Override
    public void write(StreamInfo info, LineBuffer out) {
        if (!root.write(info, out)) {
            out.put('{');
            out.put('}');
        }
        out.put('\n');
    }

    /** A piece of the document. */
    @FunctionalInterface
    private interface Node {
        /** Whether there is something; else nothing was written, and it is to be left out. */
        boolean write(StreamInfo info, LineBuffer out);
    }

    private static Node node(Object value, boolean omit) {
        if (value instanceof Map<?, ?> map) {
            return object(map, omit);
        }
        if (value instanceof List<?> list) {
            return list(list, omit);
        }
        if (value instanceof String text) {
            return text(text, omit);
        }
        byte[] constant = String.valueOf(value).getBytes(StandardCharsets.UTF_8);
        return (info, out) -> {
            if (value == null && omit) {
                return false;
            }
            out.literal(constant);
            return true;
        };
    }

    private static Node object(Map<?, ?> map, boolean omit) {
        List<byte[]> names = new ArrayList<>();
        List<Node> values = new ArrayList<>();
        map.forEach((name, value) -> {
            LineBuffer escaped = new LineBuffer();
            escaped.put('"');
            escaped.json(name.toString(), false, Integer.MAX_VALUE);
            escaped.put('"');
            escaped.put(':');
            names.add(escaped.copy());
            values.add(node(value, omit));
        });
        return (info, out) -> {
            int start = out.size();
            out.put('{');
            boolean any = false;
            for (int i = 0; i < names.size(); i++) {
                int before = out.size();
                if (any) {
                    out.put(',');
                }
                out.literal(names.get(i));
                if (values.get(i).write(info, out)) {
                    any = true;
                } else {
                    out.truncate(before);
                }
            }
            if (!any && omit) {
                out.truncate(start);
                return false;
            }
            out.put('}');
            return true;
        };
    }

    private static Node list(List<?> list, boolean omit) {
        List<Node> values = list.stream().map(value -> node(value, omit)).toList();
        return (info, out) -> {
            out.put('[');
            boolean any = false;
            for (Node value : values) {
                int before = out.size();
                if (any) {
                    out.put(',');
                }
                if (value.write(info, out)) {
                    any = true;
                } else {
                    out.truncate(before);
                }
            }
            out.put(']');
            return true;
        };
    }

    private static Node text(String format, boolean omit) {
        List<Part> parts = FormatParser.parse(format);
        if (parts.size() == 1 && parts.get(0) instanceof Part.Value value) {
            return (info, out) -> single(value, info, out, omit);
        }
        Part[] all = parts.toArray(Part[]::new);
        return (info, out) -> {
            out.put('"');
            for (Part part : all) {
                if (part instanceof Part.Value value) {
                    mixed(value, info, out, omit);
                } else {
                    out.json(
                            new String(((Part.Literal) part).bytes(), StandardCharsets.UTF_8),
                            false,
                            Integer.MAX_VALUE);
                }
            }
            out.put('"');
            return true;
        };
    }

    private static boolean single(Part.Value value, StreamInfo info, LineBuffer out, boolean omit) {
        if (value.operator() instanceof Operator.Count operator) {
            long number = operator.of(info);
            if (number != Operator.Count.NONE) {
                out.number(number);
                return true;
            }
            return missing(out, omit);
        }
        CharSequence text = text(value.operator(), info);
        if (text == null) {
            return missing(out, omit);
        }
        out.put('"');
        out.json(text, value.operator() instanceof Operator.Octets, value.limit());
        out.put('"');
        return true;
    }

    private static boolean missing(LineBuffer out, boolean omit) {
        if (omit) {
            return false;
        }
        out.literal("null".getBytes(StandardCharsets.US_ASCII));
        return true;
    }

    private static void mixed(Part.Value value, StreamInfo info, LineBuffer out, boolean omit) {
        if (value.operator() instanceof Operator.Count operator) {
            long number = operator.of(info);
            if (number != Operator.Count.NONE) {
                out.number(number);
            } else if (!omit) {
                out.put('-');
            }
            return;
        }
        CharSequence text = text(value.operator(), info);
        if (text != null) {
            out.json(text, value.operator() instanceof Operator.Octets, value.limit());
        } else if (!omit) {
            out.put('-');
        }
    }

    private static CharSequence text(Operator operator, StreamInfo info) {
        return operator instanceof Operator.Octets octets ? octets.of(info) : ((Operator.Text) operator).of(info);
    }
}
