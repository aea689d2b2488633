package io.grpcweb.gateway.http;

import java.util.HashMap;
import java.util.Map;

/** Objects that the filters of an exchange keep for one another and for the access log, by name: Envoy's filter state. */
public final class FilterState {
    private final Map<String, Entry> entries = new HashMap<>(4);

    /**
     * An object.
     *
     * @param plain as a text
     * @param json as JSON: what the access log writes unless it is asked for the text
     */
    public record Entry(String plain, String json, boolean readOnly) {}

    FilterState() {}

    /** The object of a name; null where there is none. */
    public Entry get(String key) {
        return entries.get(key);
    }

    /** Whether the object of a name may be set or replaced. */
    public boolean isOpen(String key) {
        Entry before = entries.get(key);
        return before == null || !before.readOnly;
    }

    /** Sets an object; nothing happens where the one that is there is read-only. */
    public void put(String key, Entry entry) {
        if (isOpen(key)) {
            entries.put(key, entry);
        }
    }
}
