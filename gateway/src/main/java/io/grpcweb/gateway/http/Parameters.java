package io.grpcweb.gateway.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The parameters in the query of a path, to be changed. Those that stay are written as they were sent, in the order of their
 * names, as Envoy does it; it also decodes them, which is not done here: a blank would end the request line.
 */
public final class Parameters {
    private final String path;
    private final List<Parameter> all = new ArrayList<>();

    /**
     * One parameter.
     *
     * @param name decoded
     * @param text as it stands in the query
     */
    private record Parameter(String name, String text) {}

    private Parameters(String path) {
        this.path = path;
    }

    /** Those of a path with or without a query. */
    public static Parameters of(CharSequence whole) {
        String text = whole.toString();
        int mark = text.indexOf('?');
        Parameters found = new Parameters(mark < 0 ? text : text.substring(0, mark));
        if (mark >= 0 && mark + 1 < text.length()) {
            for (String one : text.substring(mark + 1).split("&", -1)) {
                int equals = one.indexOf('=');
                found.all.add(new Parameter(decoded(equals < 0 ? one : one.substring(0, equals)), one));
            }
        }
        return found;
    }

    private static String decoded(String text) {
        try {
            return QueryStringDecoder.decodeComponent(text);
        } catch (IllegalArgumentException e) {
            // A broken escape is no other name.
            return text;
        }
    }

    /** The value of the first parameter of a name as logs have it: escapes are undone, and a plus sign is one; null where there is none. */
    public String logged(String name) {
        for (Parameter one : all) {
            if (one.name.equals(name)) {
                int equals = one.text.indexOf('=');
                return equals < 0 ? "" : decoded(one.text.substring(equals + 1).replace("+", "%2B"));
            }
        }
        return null;
    }

    /** The decoded value of the first parameter of a name; null where there is none. */
    public String first(String name) {
        for (Parameter one : all) {
            if (one.name.equals(name)) {
                int equals = one.text.indexOf('=');
                return equals < 0 ? "" : decoded(one.text.substring(equals + 1));
            }
        }
        return null;
    }

    public boolean contains(String name) {
        return all.stream().anyMatch(named(name));
    }

    public void remove(String name) {
        all.removeIf(named(name));
    }

    /** Adds a parameter behind others of its name. */
    public void add(String name, String value) {
        all.add(new Parameter(name, PercentEncoding.parameter(name) + "=" + PercentEncoding.parameter(value)));
    }

    private static Predicate<Parameter> named(String name) {
        return one -> one.name.equals(name);
    }

    /** The path with the query as it is now. */
    public String path() {
        if (all.isEmpty()) {
            return path;
        }
        StringBuilder out = new StringBuilder(path);
        char mark = '?';
        List<Parameter> sorted = new ArrayList<>(all);
        sorted.sort((one, other) -> one.name.compareTo(other.name));
        for (Parameter one : sorted) {
            out.append(mark).append(one.text);
            mark = '&';
        }
        return out.toString();
    }
}
