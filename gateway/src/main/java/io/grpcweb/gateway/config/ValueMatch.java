package io.grpcweb.gateway.config;

import java.util.List;

/**
 * A matcher of a value that JSON can say: Envoy's {@code ValueMatcher} (envoy/type/matcher/v3/value.proto). Values are {@link
 * String}, {@link Number}, {@link Boolean}, {@link List}, {@link java.util.Map} and null.
 */
public sealed interface ValueMatch {

    /** Stands for a value that is not there, which is not the same as null. */
    Object ABSENT = new Object();

    /** Whether the value fits. */
    boolean matches(Object value);

    /** Whether all texts that are to be looked at are short enough for that. */
    default boolean reads(Object value) {
        return true;
    }

    /** The value null. */
    record Null() implements ValueMatch {
        @Override
        public boolean matches(Object value) {
            return value == null;
        }
    }

    /** A value that is there, whatever it is; where it is not wanted, nothing fits, as in Envoy. */
    record Present(boolean wanted) implements ValueMatch {
        @Override
        public boolean matches(Object value) {
            return wanted && value != ABSENT;
        }
    }

    /** A text. */
    record Text(StringMatch text) implements ValueMatch {
        @Override
        public boolean matches(Object value) {
            return value instanceof String is && text.matches(is);
        }

        @Override
        public boolean reads(Object value) {
            return !(value instanceof String is) || text.reads(is);
        }
    }

    /** True or false. */
    record Flag(boolean wanted) implements ValueMatch {
        @Override
        public boolean matches(Object value) {
            return value instanceof Boolean is && is == wanted;
        }
    }

    /** This number. */
    record Exactly(double number) implements ValueMatch {
        @Override
        public boolean matches(Object value) {
            return value instanceof Number is && is.doubleValue() == number;
        }
    }

    /** A number from the first, inclusive, to the second, exclusive. */
    record Between(double from, double to) implements ValueMatch {
        @Override
        public boolean matches(Object value) {
            return value instanceof Number is && is.doubleValue() >= from && is.doubleValue() < to;
        }
    }

    /** A list with at least one such item. */
    record OneOf(ValueMatch item) implements ValueMatch {
        @Override
        public boolean matches(Object value) {
            if (value instanceof List<?> items) {
                for (int i = 0; i < items.size(); i++) {
                    if (item.matches(items.get(i))) {
                        return true;
                    }
                }
            }
            return false;
        }

        @Override
        public boolean reads(Object value) {
            return !(value instanceof List<?> items) || items.stream().allMatch(item::reads);
        }
    }

    /** What fits one of them at least. */
    record Any(List<ValueMatch> matchers) implements ValueMatch {
        public Any {
            matchers = List.copyOf(matchers);
        }

        @Override
        public boolean matches(Object value) {
            for (int i = 0; i < matchers.size(); i++) {
                if (matchers.get(i).matches(value)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean reads(Object value) {
            return matchers.stream().allMatch(one -> one.reads(value));
        }
    }
}
