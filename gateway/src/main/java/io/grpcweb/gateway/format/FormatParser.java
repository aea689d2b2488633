package io.grpcweb.gateway.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes a format apart: literal text, {@code %%}, and {@code %NAME(ARGUMENT):LENGTH%}. */
final class FormatParser {
    private final String format;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int at;

    /** A piece of a line. */
    sealed interface Part {
        /** Text of the configuration. */
        final class Literal implements Part {
            private final byte[] bytes;

            Literal(String text) {
                this.bytes = text.getBytes(StandardCharsets.UTF_8);
            }

            byte[] bytes() {
                return bytes;
            }
        }

        /**
         * A value.
         *
         * @param limit at most this many characters
         * @param quoted whether it stands between quotes
         */
        record Value(Operator operator, int limit, boolean quoted) implements Part {}
    }

    private FormatParser(String format) {
        this.format = format;
    }

    /** The parts in their order. */
    static List<Part> parse(String format) {
        return new FormatParser(format).parse();
    }

    private List<Part> parse() {
        while (at < format.length()) {
            char c = format.charAt(at);
            if (c != '%') {
                literal.append(c);
                at++;
            } else if (at + 1 < format.length() && format.charAt(at + 1) == '%') {
                literal.append('%');
                at += 2;
            } else {
                operator();
            }
        }
        endLiteral();
        return List.copyOf(parts);
    }

    private void operator() {
        int start = at++;
        int nameStart = at;
        while (at < format.length() && isNameCharacter(format.charAt(at))) {
            at++;
        }
        String name = format.substring(nameStart, at);
        String argument = null;
        if (at < format.length() && format.charAt(at) == '(') {
            argument = argument();
        }
        int limit = at < format.length() && format.charAt(at) == ':' ? limit() : -1;
        if (name.isEmpty() || at >= format.length() || format.charAt(at) != '%') {
            throw new BadFormat("Incorrect configuration: no operator at position " + start + " of '" + format + "'");
        }
        at++;
        boolean quoted = isInsideOfQuotes();
        endLiteral();
        Operator operator;
        try {
            operator = Operators.of(name, argument, limit);
        } catch (BadFormat e) {
            throw new BadFormat(e.getMessage() + " (at position " + start + ")");
        }
        parts.add(new Part.Value(operator, limit < 0 ? Integer.MAX_VALUE : limit, quoted));
    }

    /** Whether an odd number of quotes stands in the line before this place. */
    private boolean isInsideOfQuotes() {
        int quotes = 0;
        for (Part part : parts) {
            if (part instanceof Part.Literal text) {
                for (byte b : text.bytes()) {
                    quotes += b == '"' ? 1 : 0;
                }
            }
        }
        return (quotes + literal.chars().filter(c -> c == '"').count()) % 2 == 1;
    }

    /** Up to the first closing parenthesis that ends the operator; a time format has percent signs of its own. */
    private String argument() {
        int open = at;
        for (int close = format.indexOf(')', open); close > 0; close = format.indexOf(')', close + 1)) {
            int next = close + 1;
            if (next < format.length() && format.charAt(next) == ':') {
                next++;
                while (next < format.length() && Character.isDigit(format.charAt(next))) {
                    next++;
                }
            }
            if (next < format.length() && format.charAt(next) == '%') {
                at = close + 1;
                return format.substring(open + 1, close);
            }
        }
        throw new BadFormat(
                "Incorrect configuration: the parenthesis at position " + open + " of '" + format + "' is not closed");
    }

    private int limit() {
        int start = ++at;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            at++;
        }
        try {
            return Integer.parseInt(format.substring(start, at));
        } catch (NumberFormatException e) {
            throw new BadFormat("Incorrect configuration: no length at position " + start + " of '" + format + "'");
        }
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            parts.add(new Part.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
