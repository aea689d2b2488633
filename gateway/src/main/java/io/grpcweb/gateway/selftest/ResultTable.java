package io.grpcweb.gateway.selftest;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the tests went, each in each way. */
public final class ResultTable {
    private static final int FIRST = 38;
    private static final int WIDTH = 17;

    private final Map<InteropTest, Map<Wire, String>> rows;

    /** @param rows what is wrong, empty for nothing; without an entry the test cannot be made that way */
    ResultTable(Map<InteropTest, Map<Wire, String>> rows) {
        this.rows = rows;
    }

    /** {@code TEST, WAY: what is wrong}. */
    public List<String> failures() {
        List<String> found = new ArrayList<>();
        rows.forEach((test, cells) -> cells.forEach((wire, text) -> {
            if (!text.isEmpty()) {
                found.add(test.name() + ", " + wire.title() + ": " + text);
            }
        }));
        return found;
    }

    /** How many cells there are. */
    public int size() {
        return rows.values().stream().mapToInt(Map::size).sum();
    }

    /** A line for each test, a column for each way, and below it what is wrong. */
    public void print(PrintStream out) {
        StringBuilder head = new StringBuilder(" ".repeat(FIRST));
        for (Wire wire : Wire.values()) {
            head.append(padded(wire.title(), WIDTH));
        }
        out.println(head.toString().stripTrailing());
        rows.forEach((test, cells) -> {
            StringBuilder line = new StringBuilder(padded(test.name(), FIRST));
            for (Wire wire : Wire.values()) {
                String text = cells.get(wire);
                line.append(padded(text == null ? "-" : text.isEmpty() ? "ok" : "FAILED", WIDTH));
            }
            out.println(line.toString().stripTrailing());
        });
        List<String> failures = failures();
        failures.forEach(out::println);
        out.println(size() - failures.size() + " of " + size() + " passed"
                + (failures.isEmpty() ? "" : ", " + failures.size() + " failed")
                + "; - is what the way cannot carry");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
