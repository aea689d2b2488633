package io.grpcweb.gateway.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All pages by path, and the list of them that {@code /help} prints. */
final class PageTable {
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, Page> parts = new TreeMap<>();

    /**
     * One page.
     *
     * @param lever whether it changes something, so that it wants POST
     * @param help one line
     */
    record Entry(String path, boolean lever, String help, List<Parameter> parameters, Page page) {}

    /** A parameter of a page, for the help text. */
    record Parameter(String name, String help) {}

    PageTable() {
        page(
                "/help",
                "print out list of admin commands",
                request -> AdminResponse.text("admin commands are:\n" + help()));
    }

    /** A page that only shows something. */
    PageTable page(String path, String help, Page page, Parameter... parameters) {
        entries.put(path, new Entry(path, false, help, List.of(parameters), page));
        return this;
    }

    /** A page that changes something. */
    PageTable lever(String path, String help, Page page, Parameter... parameters) {
        entries.put(path, new Entry(path, true, help, List.of(parameters), page));
        return this;
    }

    /** What a page loads, each with a path that begins so; it is not in the list. */
    PageTable below(String prefix, Page page) {
        parts.put(prefix, page);
        return this;
    }

    Collection<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** Whether the answer is at hand: a probe does not wait for the pages that others ask for. */
    boolean isQuick(AdminRequest request) {
        return request.path().equals("/ready");
    }

    AdminResponse answer(AdminRequest request) {
        Entry entry = entries.get(request.path());
        if (entry == null) {
            for (Map.Entry<String, Page> part : parts.entrySet()) {
                if (request.path().startsWith(part.getKey())) {
                    return part.getValue().answer(request);
                }
            }
            return AdminResponse.text(404, "invalid path. admin commands are:\n" + help());
        }
        if (entry.lever() && !request.method().equals(HttpMethod.POST)) {
            return AdminResponse.text(405, "Method " + request.method() + " not allowed, POST required.");
        }
        return entry.page().answer(request);
    }

    private String help() {
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries.values()) {
            lines.add("  " + entry.path() + (entry.lever() ? " (POST)" : "") + ": " + entry.help());
            for (Parameter parameter : entry.parameters()) {
                lines.add("      " + parameter.name() + ": " + parameter.help());
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
