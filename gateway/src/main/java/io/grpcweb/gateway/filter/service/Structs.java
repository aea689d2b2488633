package io.grpcweb.gateway.filter.service;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code google.protobuf.Struct} as the maps, lists and values of dynamic metadata (google/protobuf/struct.proto). */
public final class Structs {
    /** Deeper than any metadata, and far from the end of the stack. */
    private static final int DEEPEST = 64;

    private Structs() {}

    public static ProtoMessage write(Map<?, ?> struct) {
        ProtoMessage message = new ProtoMessage();
        struct.forEach((key, value) ->
                message.message(1, new ProtoMessage().text(1, key.toString()).message(2, value(value))));
        return message;
    }

    private static ProtoMessage value(Object value) {
        ProtoMessage message = new ProtoMessage();
        if (value instanceof String text) {
            return message.oneText(3, text);
        }
        if (value instanceof Number number) {
            return message.oneDecimal(2, number.doubleValue());
        }
        if (value instanceof Boolean flag) {
            return message.oneWhole(4, flag ? 1 : 0);
        }
        if (value instanceof Map<?, ?> struct) {
            return message.message(5, write(struct));
        }
        if (value instanceof List<?> list) {
            ProtoMessage items = new ProtoMessage();
            list.forEach(item -> items.message(1, value(item)));
            return message.message(6, items);
        }
        return message.oneWhole(1, 0);
    }

    /** Reads the struct in a field. */
    public static Map<String, Object> read(ProtoReader in) throws IOException {
        return struct(in, DEEPEST);
    }

    private static Map<String, Object> struct(ProtoReader in, int deeper) throws IOException {
        if (deeper == 0) {
            throw new IOException("a struct of more than " + DEEPEST + " levels");
        }
        Map<String, Object> found = new LinkedHashMap<>();
        in.message((number, fields) -> {
            if (number == 1) {
                Entry entry = new Entry(deeper);
                fields.message(entry);
                found.put(entry.key, entry.value.value);
            }
        });
        return found;
    }

    /** An entry of the map of fields. */
    private static final class Entry implements ProtoReader.Fields {
        private final Value value;
        private String key = "";

        Entry(int deeper) {
            value = new Value(deeper);
        }

        @Override
        public void field(int number, ProtoReader in) throws IOException {
            if (number == 1) {
                key = in.text();
            } else if (number == 2) {
                in.message(value);
            }
        }
    }

    /** A {@code google.protobuf.Value}; the last member of the oneof counts. */
    private static final class Value implements ProtoReader.Fields {
        private final int deeper;
        private Object value;

        Value(int deeper) {
            this.deeper = deeper;
        }

        @Override
        public void field(int number, ProtoReader in) throws IOException {
            switch (number) {
                case 1 -> value = null;
                case 2 -> value = in.decimal();
                case 3 -> value = in.text();
                case 4 -> value = in.flag();
                case 5 -> value = struct(in, deeper - 1);
                case 6 -> value = list(in);
                default -> {}
            }
        }

        private List<Object> list(ProtoReader in) throws IOException {
            if (deeper == 0) {
                throw new IOException("a struct of more than " + DEEPEST + " levels");
            }
            List<Object> items = new ArrayList<>();
            in.message((number, fields) -> {
                if (number == 1) {
                    Value item = new Value(deeper - 1);
                    fields.message(item);
                    items.add(item.value);
                }
            });
            return items;
        }
    }
}
