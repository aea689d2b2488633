package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.Iterator;

/** Several fields of one name are one list (RFC 9110 section 5.3). */
public final class FieldValues {
    private FieldValues() {}

    /** All values of a field in their order, joined by commas; null where there is none. One value is passed as it is. */
    public static CharSequence joined(Http2Headers fields, CharSequence name) {
        CharSequence first = fields.get(name);
        if (first == null) {
            return null;
        }
        Iterator<CharSequence> values = fields.valueIterator(name);
        values.next();
        if (!values.hasNext()) {
            return first;
        }
        // Netty's iterator goes from the last one to the first.
        return String.join(",", fields.getAll(name));
    }

    /** Adds a value at the end of a field that is a list; it is one field then. */
    public static void append(Http2Headers fields, CharSequence name, String value) {
        CharSequence before = joined(fields, name);
        fields.set(name, before == null ? value : before + ", " + value);
    }
}
