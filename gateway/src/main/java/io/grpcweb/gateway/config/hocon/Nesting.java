package io.grpcweb.gateway.config.hocon;

/**
 * How deep the sections and lists of a text in HOCON stand in each other. Its parser calls itself for each of them, so that
 * is looked at first.
 */
final class Nesting {
    private static final int MOST = 200;
    private static final String TRIPLE = "\"\"\"";

    private final String text;
    private int at;
    private int line = 1;

    private Nesting(String text) {
        this.text = text;
    }

    /** The line on which it gets deeper than anybody writes; 0 where it does not. */
    static int tooDeep(String text) {
        return new Nesting(text).look();
    }

    static String problem() {
        return "sections and lists are nested deeper than " + MOST + " levels";
    }

    private int look() {
        int depth = 0;
        for (; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '\n' -> line++;
                case '{', '[' -> {
                    if (++depth > MOST) {
                        return line;
                    }
                }
                case '}', ']' -> depth--;
                case '"' -> string();
                case '#' -> comment();
                case '/' -> {
                    if (text.startsWith("//", at)) {
                        comment();
                    }
                }
                default -> {}
            }
        }
        return 0;
    }

    /** To before the end of the line. */
    private void comment() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end - 1;
    }

    /** To the closing quotation mark. */
    private void string() {
        if (text.startsWith(TRIPLE, at)) {
            int end = text.indexOf(TRIPLE, at + 3);
            int to = end < 0 ? text.length() : end + 2;
            for (; at < to; at++) {
                line += text.charAt(at) == '\n' ? 1 : 0;
            }
            return;
        }
        for (at++; at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n'; at++) {
            at += text.charAt(at) == '\\' ? 1 : 0;
        }
        if (at < text.length() && text.charAt(at) == '\n') {
            at--;
        }
    }
}
