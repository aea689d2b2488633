package io.grpcweb.gateway.config.hocon;

import java.util.Optional;
import java.util.function.Function;

/**
 * How a section may stand as a text.
 *
 * @param <T> what the section holds
 */
@FunctionalInterface
interface Brief<T> {

    /**
     * What a text stands for; empty for nothing, or where the text is wrong, which is reported.
     *
     * @param owner the section with the key
     */
    Optional<T> read(Fields owner, String key, String text);

    /** The text, if one says all. */
    default Optional<String> write(T value) {
        return Optional.empty();
    }

    /** One that is written, too. */
    static <T> Brief<T> of(Brief<T> read, Function<T, Optional<String>> write) {
        return new Brief<>() {
            @Override
            public Optional<T> read(Fields owner, String key, String text) {
                return read.read(owner, key, text);
            }

            @Override
            public Optional<String> write(T value) {
                return write.apply(value);
            }
        };
    }
}
