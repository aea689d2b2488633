package io.grpcweb.gateway.config.hocon;

import java.util.Optional;

/**
 * How an item of a list stands as a text instead of a section.
 *
 * @param <T> the item
 */
interface Brief<T> {

    /**
     * The item that a text stands for; empty where it is wrong, which is reported.
     *
     * @param owner the section with the list
     */
    Optional<T> read(Fields owner, String key, String text);

    /** The text, if it says all of the item. */
    Optional<String> write(T item);
}
