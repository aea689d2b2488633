package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Dynamic metadata as {@code google.protobuf.Struct}. */
final class Structs {
    private Structs() {}

    /** An entry of a map from texts to structs. */
    static void entry(int field, String key, Map<?, ?> value, ProtoWriter out) {
        int entry = out.open(field);
        text(1, key, out);
        int struct = out.open(2);
        fields(value, out);
        out.close(struct);
        out.close(entry);
    }

    private static void fields(Map<?, ?> struct, ProtoWriter out) {
        struct.forEach((key, value) -> {
            int entry = out.open(1);
            text(1, key.toString(), out);
            int any = out.open(2);
            value(value, out);
            out.close(any);
            out.close(entry);
        });
    }

    /** The one field of a {@code google.protobuf.Value}. */
    private static void value(Object value, ProtoWriter out) {
        if (value instanceof String text) {
            text(3, text, out);
        } else if (value instanceof Number number) {
            out.oneDecimal(2, number.doubleValue());
        } else if (value instanceof Boolean flag) {
            out.oneWhole(4, flag ? 1 : 0);
        } else if (value instanceof Map<?, ?> map) {
            int struct = out.open(5);
            fields(map, out);
            out.close(struct);
        } else if (value instanceof List<?> list) {
            int items = out.open(6);
            for (Object item : list) {
                int one = out.open(1);
                value(item, out);
                out.close(one);
            }
            out.close(items);
        } else {
            out.oneWhole(1, 0);
        }
    }

    private static void text(int field, String value, ProtoWriter out) {
        out.oneBytes(field, value.getBytes(StandardCharsets.UTF_8));
    }
}
