package io.grpcweb.gateway.config;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large the program of a regular expression becomes at most, worked out from its letters in one pass. A syntax error is
 * nothing to this class: the compiler will find it.
 *
 * @param instructions of the program, repetitions written out
 * @param repetitions the largest product of the counts of repetitions that stand in one another
 * @param depth of groups
 */
record PatternSize(long instructions, long repetitions, int depth) {
    /** As in RE2 and in Go. */
    static final int MAX_REPETITIONS = 1000;

    static final int MAX_DEPTH = 200;

    /** Sums and products end here. */
    private static final long MOST = 1_000_000_000_000L;

    /** What a class costs that is folded letter by letter while it is compiled. */
    private static final int FOLDED = 200;

    static PatternSize of(String text) {
        return new Reader(text).read();
    }

    /** A group that is being read: what is complete in it, and its last part, to which a repetition would belong. */
    private static final class Group {
        long size = 2;
        long product = 1;
        long lastSize;
        long lastProduct = 1;

        void add(long partSize, long partProduct) {
            close();
            lastSize = partSize;
            lastProduct = partProduct;
        }

        void close() {
            size = Math.min(MOST, size + lastSize);
            product = Math.max(product, lastProduct);
            lastSize = 0;
            lastProduct = 1;
        }

        void repeat(long min, long max) {
            long count = max < 0 ? min : max;
            long copies = Math.max(1, max < 0 ? min + 1 : max);
            // Each copy beyond the least comes with a branch; an empty part is written out as well.
            lastSize = Math.min(MOST, Math.max(1, lastSize) * copies + (max < 0 ? 2 : max - min) + 1);
            lastProduct = count == 0 ? 1 : Math.min(MOST, lastProduct * count);
        }
    }

    private static final class Reader {
        private final String text;
        private final boolean folds;
        private final Deque<Group> outer = new ArrayDeque<>();
        private Group group = new Group();
        private int at;
        private int depth;

        Reader(String text) {
            this.text = text;
            this.folds = foldsCase(text);
        }

        PatternSize read() {
            while (at < text.length()) {
                step(text.charAt(at++));
            }
            while (!outer.isEmpty()) {
                leave();
            }
            group.close();
            return new PatternSize(group.size, group.product, depth);
        }

        private void step(char c) {
            switch (c) {
                case '(' -> enter();
                case ')' -> {
                    if (!outer.isEmpty()) {
                        leave();
                    }
                }
                case '|' -> group.add(1, 1);
                case '*', '+', '?' -> group.lastSize += 1;
                case '{' -> counted();
                case '[' -> group.add(characterClass(), 1);
                case '\\' -> escape();
                default -> group.add(1, 1);
            }
        }

        private void enter() {
            outer.push(group);
            group = new Group();
            depth = Math.max(depth, outer.size());
            if (text.startsWith("?", at)) {
                // The flags or the name of the group: up to the colon, or the bracket.
                while (at < text.length() && ":)>".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                if (at < text.length() && text.charAt(at) != ')') {
                    at++;
                }
            }
        }

        private void leave() {
            group.close();
            Group inner = group;
            group = outer.pop();
            group.add(inner.size, inner.product);
        }

        /** {@code {n}}, {@code {n,}} or {@code {n,m}}; anything else stands for itself. */
        private void counted() {
            int start = at;
            long min = number();
            long max = min;
            if (min >= 0 && text.startsWith(",", at)) {
                at++;
                max = text.startsWith("}", at) ? -1 : number();
                if (max < 0 && !text.startsWith("}", at)) {
                    min = -1;
                }
            }
            if (min < 0 || !text.startsWith("}", at)) {
                at = start;
                group.add(1, 1);
                return;
            }
            at++;
            group.repeat(min, max);
        }

        private long number() {
            int start = at;
            long value = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                value = Math.min(MOST / 1000, value * 10 + text.charAt(at++) - '0');
            }
            return at == start ? -1 : value;
        }

        private void escape() {
            if (at >= text.length()) {
                return;
            }
            char c = text.charAt(at++);
            if (c == 'Q') {
                int end = text.indexOf("\\E", at);
                for (int stop = end < 0 ? text.length() : end; at < stop; at++) {
                    group.add(1, 1);
                }
                at = end < 0 ? at : end + 2;
                return;
            }
            braced(c);
            group.add(folds && (c == 'p' || c == 'P') ? FOLDED : 1, 1);
        }

        /** What belongs to {@code \p{Greek}} or {@code \x{10FFFF}}. */
        private void braced(char c) {
            if ((c == 'p' || c == 'P' || c == 'x') && text.startsWith("{", at)) {
                int end = text.indexOf('}', at);
                at = end < 0 ? text.length() : end + 1;
            }
        }

        /** One instruction; where letters are folded, a range beyond ASCII is gone through letter by letter. */
        private long characterClass() {
            long cost = 1;
            if (text.startsWith("^", at)) {
                at++;
            }
            boolean first = true;
            while (at < text.length() && (first || text.charAt(at) != ']')) {
                first = false;
                if (text.startsWith("[:", at)) {
                    int end = text.indexOf(":]", at + 2);
                    at = end < 0 ? at + 1 : end + 2;
                    continue;
                }
                char c = text.charAt(at++);
                boolean wide = c > 0x7f;
                if (c == '\\' && at < text.length()) {
                    char kind = text.charAt(at++);
                    wide = kind == 'x' || kind == 'p' || kind == 'P' || kind >= '0' && kind <= '7';
                    braced(kind);
                }
                cost += folds && wide ? FOLDED : 0;
            }
            at++;
            return cost;
        }

        /** Whether some group ignores case: {@code (?i)}, {@code (?ims:...)}. */
        private static boolean foldsCase(String text) {
            for (int i = text.indexOf("(?"); i >= 0; i = text.indexOf("(?", i + 2)) {
                for (int k = i + 2; k < text.length() && ":)<P".indexOf(text.charAt(k)) < 0; k++) {
                    if (text.charAt(k) == 'i') {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
