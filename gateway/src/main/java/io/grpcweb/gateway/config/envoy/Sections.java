package io.grpcweb.gateway.config.envoy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A resource of sections: a head that begins with the key, and indented lines under it. A start needs some dozens of a
 * thousand sections, so that only the heads are looked at until one is asked for.
 */
final class Sections {
    private final String text;
    private final Map<String, Integer> heads = new HashMap<>();

    /**
     * Reads the resource of each of these packages; a section of a later one takes the place of one with the same key.
     *
     * @param words of how many words of the head the key consists
     * @param owners a class of each package; one without such a resource adds nothing
     */
    Sections(String resource, int words, List<Class<?>> owners) {
        this(owners.stream().map(owner -> text(owner, resource)).collect(Collectors.joining()), words);
    }

    /** The same of one text. */
    Sections(String text, int words) {
        this.text = text;
        for (int start = 0; start < text.length(); start = end(start) + 1) {
            if (isHead(start)) {
                int end = start;
                for (int word = 0; word < words; word++) {
                    end = wordEnd(end == start ? start : end + 1);
                }
                heads.put(text.substring(start, end), end);
            }
        }
    }

    /** Empty where there is no such resource. */
    private static String text(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String key) {
        return heads.containsKey(key);
    }

    Set<String> keys() {
        return heads.keySet();
    }

    /** What stands behind the key in its line; empty where there is no such section. */
    String rest(String key) {
        Integer at = heads.get(key);
        return at == null ? "" : text.substring(at, end(at)).strip();
    }

    /** The lines under the head, without comments. */
    List<String> lines(String key) {
        List<String> lines = new ArrayList<>();
        int start = end(heads.get(key)) + 1;
        while (start < text.length() && !isHead(start)) {
            int end = end(start);
            if (text.charAt(start) == ' ') {
                lines.add(text.substring(start, end).strip());
            }
            start = end + 1;
        }
        return lines;
    }

    private boolean isHead(int start) {
        char first = text.charAt(start);
        return first != ' ' && first != '#' && first != '\n';
    }

    private int wordEnd(int start) {
        int space = text.indexOf(' ', start);
        int end = end(start);
        return space < 0 || space > end ? end : space;
    }

    private int end(int start) {
        int end = text.indexOf('\n', start);
        return end < 0 ? text.length() : end;
    }
}
