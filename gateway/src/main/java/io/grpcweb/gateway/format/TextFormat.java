package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.StreamInfo;
import java.nio.charset.StandardCharsets;

/** A line of text: a missing value is {@code -}, or nothing if empty values are to be omitted. */
final class TextFormat implements LogFormat {
    private static final byte[] NOTHING = {};

    private final LogFormat[] pieces;

    TextFormat(String format, boolean omitEmpty) {
        byte[] missing = (omitEmpty ? "" : "-").getBytes(StandardCharsets.US_ASCII);
        pieces = FormatParser.parse(format).stream()
                .map(part -> piece(part, missing))
                .toArray(LogFormat[]::new);
    }

    @Override
    public void write(StreamInfo info, LineBuffer out) {
        for (LogFormat piece : pieces) {
            piece.write(info, out);
        }
    }

    private static LogFormat piece(FormatParser.Part part, byte[] missing) {
        if (part instanceof FormatParser.Part.Literal literal) {
            byte[] constant = literal.bytes();
            return (info, out) -> out.literal(constant);
        }
        FormatParser.Part.Value value = (FormatParser.Part.Value) part;
        if (value.operator() instanceof Operator.Count operator) {
            return LogFormat.number(new byte[0], operator, missing);
        }
        int limit = value.limit();
        boolean quoted = value.quoted();
        if (value.operator() instanceof Operator.Octets operator) {
            // A field that is there and empty is not a missing one.
            return (info, out) -> {
                CharSequence text = operator.of(info);
                text(text, true, limit, quoted, text == null ? missing : NOTHING, out);
            };
        }
        Operator.Text operator = (Operator.Text) value.operator();
        if (operator instanceof Operator.Remark) {
            return (info, out) -> {
                CharSequence text = operator.of(info);
                text(text, false, limit, quoted, text == null ? missing : NOTHING, out);
            };
        }
        return (info, out) -> text(operator.of(info), false, limit, quoted, missing, out);
    }

    private static void text(
            CharSequence text, boolean octets, int limit, boolean quoted, byte[] missing, LineBuffer out) {
        if (text != null && text.length() > 0) {
            out.value(text, octets, limit, quoted);
        } else {
            out.literal(missing);
        }
    }
}
