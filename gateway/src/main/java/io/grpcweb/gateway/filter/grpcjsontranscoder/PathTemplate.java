package io.grpcweb.gateway.filter.grpcjsontranscoder;

import java.util.ArrayList;
import java.util.List;

/**
 * A path template (google/api/http.proto, "Path template syntax"): {@code /v1/{name=shelves/*}/books:verb}.
 *
 * @param parts what stands between slashes: a literal, {@link #ONE}, {@link #STAR} or {@link #ANY}
 * @param verb behind the colon at the end; empty for none
 */
record PathTemplate(List<String> parts, String verb, List<Variable> variables) {
    /** Of a variable without a pattern of its own. */
    static final String ONE = "{}";

    /** One part of a path. */
    static final String STAR = "*";

    /** Any number of parts. */
    static final String ANY = "**";

    /**
     * A part of a path that is the value of a field.
     *
     * @param field names of fields, the innermost last
     * @param from index of its first part
     * @param to index behind its last part; counted from the end of the path, and not above 0, if it holds any number of parts
     * @param open whether it holds any number of parts
     */
    record Variable(List<String> field, int from, int to, boolean open) {

        int end(int parts) {
            return open ? parts + to : to;
        }

        /** Whether slashes may stand in its value. */
        boolean isLong() {
            return open || to - from > 1;
        }
    }

    static PathTemplate parse(String template) throws BadTemplate {
        return new Parser(template).parse();
    }

    private static final class Parser {
        private final String text;
        private int at;
        private final List<String> parts = new ArrayList<>();
        private final List<Variable> variables = new ArrayList<>();
        private boolean any;

        Parser(String text) {
            this.text = text;
        }

        PathTemplate parse() throws BadTemplate {
            expect('/');
            if (at < text.length()) {
                segments(false);
            }
            String verb = "";
            if (at < text.length() && text.charAt(at) == ':') {
                at++;
                verb = literal();
            }
            if (at < text.length()) {
                throw bad("'" + text.charAt(at) + "' is not expected");
            }
            // What follows any number of parts is counted from the end.
            int all = parts.size();
            return new PathTemplate(
                    List.copyOf(parts),
                    verb,
                    variables.stream()
                            .map(one -> one.open() ? new Variable(one.field(), one.from(), one.to() - all, true) : one)
                            .toList());
        }

        private void segments(boolean inVariable) throws BadTemplate {
            segment(inVariable);
            while (at < text.length() && text.charAt(at) == '/') {
                at++;
                segment(inVariable);
            }
        }

        private void segment(boolean inVariable) throws BadTemplate {
            if (text.startsWith("**", at)) {
                at += 2;
                if (any) {
                    throw bad("only one ** may stand in a template");
                }
                any = true;
                parts.add(ANY);
                return;
            }
            char c = at < text.length() ? text.charAt(at) : 0;
            if (c == '{' && inVariable) {
                throw bad("a variable cannot stand in a variable");
            }
            if ((c == '{' || c == '*') && any) {
                throw bad("only literals may follow a **");
            }
            if (c == '*') {
                at++;
                parts.add(STAR);
            } else if (c == '{') {
                variable();
            } else {
                parts.add(literal());
            }
        }

        private void variable() throws BadTemplate {
            expect('{');
            List<String> field = new ArrayList<>();
            field.add(name());
            while (at < text.length() && text.charAt(at) == '.') {
                at++;
                field.add(name());
            }
            int from = parts.size();
            boolean before = any;
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                segments(true);
            } else {
                parts.add(ONE);
            }
            expect('}');
            variables.add(new Variable(List.copyOf(field), from, parts.size(), any && !before));
        }

        private String name() throws BadTemplate {
            int from = at;
            while (at < text.length() && isNamePart(text.charAt(at))) {
                at++;
            }
            if (from == at) {
                throw bad("the name of a field is expected");
            }
            return text.substring(from, at);
        }

        private static boolean isNamePart(char c) {
            return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        }

        private String literal() throws BadTemplate {
            int from = at;
            while (at < text.length() && "/:{}*=?#".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            if (from == at) {
                throw bad("a literal, *, ** or a variable is expected");
            }
            return text.substring(from, at);
        }

        private void expect(char c) throws BadTemplate {
            if (at >= text.length() || text.charAt(at) != c) {
                throw bad("'" + c + "' is expected");
            }
            at++;
        }

        private BadTemplate bad(String why) {
            return new BadTemplate("the path '" + text + "' is no template: " + why + " at character " + (at + 1));
        }
    }
}
