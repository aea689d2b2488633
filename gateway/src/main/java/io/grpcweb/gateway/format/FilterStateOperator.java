package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.FilterState;
import io.grpcweb.gateway.http.StreamInfo;

/** {@code %FILTER_STATE(KEY:PLAIN)%} as a text, {@code TYPED} and without either as JSON, {@code KEY:FIELD:NAME} a field of it. */
final class FilterStateOperator {
    private static final String PLAIN = "PLAIN";

    private FilterStateOperator() {}

    /** The operator of a key and a form. */
    static Operator of(String argument) {
        if (argument == null || argument.isEmpty()) {
            throw new BadFormat("FILTER_STATE requires parameters");
        }
        String[] parts = argument.split(":", -1);
        String form = parts.length > 1 ? parts[1] : "TYPED";
        if (parts.length == 3 && form.equals("FIELD")) {
            // The objects here are texts, which have no fields.
            return (Operator.Text) info -> null;
        }
        if (parts.length > 2 || !(form.equals(PLAIN) || form.equals("TYPED"))) {
            throw new BadFormat("Invalid filter state serialize type, only support PLAIN/TYPED/FIELD: " + argument);
        }
        String key = parts[0];
        return form.equals(PLAIN) ? (Operator.Text) info -> info.state(key) : new Typed(key);
    }

    private record Typed(String key) implements Operator.Document {
        @Override
        public CharSequence of(StreamInfo info) {
            return json(info);
        }

        @Override
        public CharSequence json(StreamInfo info) {
            FilterState.Entry entry = info.filterState == null ? null : info.filterState.get(key);
            return entry == null ? null : entry.json();
        }
    }
}
