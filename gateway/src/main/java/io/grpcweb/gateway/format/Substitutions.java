package io.grpcweb.gateway.format;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The operators of access logs, for header fields and for bodies of the gateway's own answers. */
public final class Substitutions implements Substitution.Compiler {

    /** What is wrong with the operators of a text; empty where nothing is. */
    public static Optional<String> problem(String format) {
        try {
            FormatParser.parse(format);
            return Optional.empty();
        } catch (BadFormat e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public Substitution field(String format) {
        return text(FormatParser.parse(format), true, "");
    }

    @Override
    public Substitution body(AccessLogConfig.Format format) {
        if (format instanceof AccessLogConfig.Format.Json json) {
            LogFormat compiled = new JsonFormat(json.fields(), json.omitEmpty());
            return info -> {
                LineBuffer line = new LineBuffer();
                compiled.write(info, line);
                return new String(line.copy(), StandardCharsets.UTF_8);
            };
        }
        boolean omit = format instanceof AccessLogConfig.Format.Text plain && plain.omitEmpty();
        String text = format instanceof AccessLogConfig.Format.Text plain ? plain.format() : LogFormat.DEFAULT;
        Substitution octets = text(FormatParser.parse(text), false, omit ? "" : "-");
        return info -> new String(octets.of(info).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public Predicate<StreamInfo> condition(AccessLogConfig.Filter filter) {
        return LogFilter.of(filter);
    }

    /**
     * One character for each byte.
     *
     * @param missing stands for a fact that is not known
     */
    private static Substitution text(List<FormatParser.Part> parts, boolean field, String missing) {
        if (parts.stream().allMatch(FormatParser.Part.Literal.class::isInstance)) {
            StringBuilder constant = new StringBuilder();
            parts.forEach(part -> literal((FormatParser.Part.Literal) part, constant));
            String value = constant.toString();
            return info -> value;
        }
        return info -> {
            StringBuilder out = new StringBuilder();
            for (FormatParser.Part part : parts) {
                if (part instanceof FormatParser.Part.Value value) {
                    value(value, info, field, missing, out);
                } else {
                    literal((FormatParser.Part.Literal) part, out);
                }
            }
            return out.toString();
        };
    }

    private static void literal(FormatParser.Part.Literal part, StringBuilder out) {
        out.append(new String(part.bytes(), StandardCharsets.ISO_8859_1));
    }

    private static void value(
            FormatParser.Part.Value value, StreamInfo info, boolean field, String missing, StringBuilder out) {
        if (value.operator() instanceof Operator.Count operator) {
            long number = operator.of(info);
            out.append(number == Operator.Count.NONE ? missing : Long.toString(number));
            return;
        }
        CharSequence text = value.operator() instanceof Operator.Octets octets
                ? octets.of(info)
                : octets(((Operator.Text) value.operator()).of(info));
        if (text == null) {
            out.append(missing);
            return;
        }
        int length = Math.min(text.length(), value.limit());
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            // A value from a stranger must not end the field (RFC 9110 section 5.5).
            out.append(field && (c < ' ' && c != '\t' || c == 0x7f) ? ' ' : c);
        }
    }

    private static CharSequence octets(CharSequence text) {
        return text == null
                ? null
                : new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
