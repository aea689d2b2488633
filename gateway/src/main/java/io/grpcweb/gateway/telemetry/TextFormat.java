package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.StreamInfo;
import java.util.List;

/** A line of text: a missing value is {@code -}, or nothing if empty values are to be omitted. */
final class TextFormat implements LogFormat {
    private final FormatParser.Part[] parts;
    private final boolean omitEmpty;

    TextFormat(String format, boolean omitEmpty) {
        this(FormatParser.parse(format), omitEmpty);
    }

    TextFormat(List<FormatParser.Part> parts, boolean omitEmpty) {
        this.parts = parts.toArray(FormatParser.Part[]::new);
        this.omitEmpty = omitEmpty;
    }

    @Override
    public void write(StreamInfo info, LineBuffer out) {
        for (FormatParser.Part part : parts) {
            if (part instanceof FormatParser.Part.Value value) {
                write(value, info, out);
            } else {
                out.literal(((FormatParser.Part.Literal) part).bytes());
            }
        }
    }

    private void write(FormatParser.Part.Value value, StreamInfo info, LineBuffer out) {
        if (value.operator() instanceof Operator.Count operator) {
            long number = operator.of(info);
            if (number != Operator.Count.NONE) {
                out.number(number);
            } else if (!omitEmpty) {
                out.put('-');
            }
            return;
        }
        boolean octets = value.operator() instanceof Operator.Octets;
        CharSequence text =
                octets ? ((Operator.Octets) value.operator()).of(info) : ((Operator.Text) value.operator()).of(info);
        if (text != null && text.length() > 0) {
            out.value(text, octets, value.limit(), value.quoted());
        } else if (!omitEmpty) {
            out.put('-');
        }
    }
}
