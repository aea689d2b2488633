package io.grpcweb.gateway.config.hocon;

import java.util.Optional;

/**
 * What may stand as the value of a field.
 *
 * @param <T> what it is read as
 */
@FunctionalInterface
interface Kind<T> {

    /** The value that is written under the key; empty where it is wrong, which is reported. */
    Optional<T> read(Section section, String key);
}
