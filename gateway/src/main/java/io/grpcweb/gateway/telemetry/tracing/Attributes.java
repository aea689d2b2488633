package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** Writes attributes: {@code opentelemetry.proto.common.v1.KeyValue} in a field of a message. */
final class Attributes {
    private static final int OF_SPAN = 9;
    private static final int OF_RESOURCE = 1;
    private static final int STRING_VALUE = 1;
    private static final int INT_VALUE = 3;

    private final ProtoWriter out;
    private final Set<String> others;

    /**
     * Of a span that is being written.
     *
     * @param others names that are left out, since something else is written under them
     */
    Attributes(ProtoWriter out, Set<String> others) {
        this.out = out;
        this.others = others;
    }

    /** A text; an absent one is not written, an empty one is. */
    void text(Key key, CharSequence value) {
        if (value != null) {
            text(key, value, value.length());
        }
    }

    /** The first characters of a text. */
    void text(Key key, CharSequence value, int length) {
        if (!others.isEmpty() && others.contains(key.name())) {
            return;
        }
        int attribute = out.open(OF_SPAN);
        out.raw(key.encoded());
        int any = out.open(2);
        out.oneText(STRING_VALUE, value, length);
        out.close(any);
        out.close(attribute);
    }

    /** A text that stands under a name of the configuration, whatever else does. */
    void own(Key key, CharSequence value) {
        int attribute = out.open(OF_SPAN);
        out.raw(key.encoded());
        int any = out.open(2);
        out.oneText(STRING_VALUE, value);
        out.close(any);
        out.close(attribute);
    }

    void number(Key key, long value) {
        if (!others.isEmpty() && others.contains(key.name())) {
            return;
        }
        int attribute = out.open(OF_SPAN);
        out.raw(key.encoded());
        int any = out.open(2);
        out.oneWhole(INT_VALUE, value);
        out.close(any);
        out.close(attribute);
    }

    /** An {@code opentelemetry.proto.resource.v1.Resource} as the field 1 of what it describes. */
    static byte[] resource(Map<String, String> attributes) {
        ProtoWriter out = new ProtoWriter();
        int resource = out.open(1);
        attributes.forEach((name, value) -> {
            int attribute = out.open(OF_RESOURCE);
            out.raw(new Key(name).encoded());
            int any = out.open(2);
            out.oneBytes(STRING_VALUE, value.getBytes(StandardCharsets.UTF_8));
            out.close(any);
            out.close(attribute);
        });
        out.close(resource);
        return out.copy();
    }
}
