package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.Optional;

/**
 * How one kind of filter stands in the gateway's own format. It is used wherever a configuration is read, so that a class
 * that implements it must be loadable without Netty.
 *
 * @param <C> the settings of the filter
 */
public interface OwnFormat<C extends FilterConfig> {

    /** The class of the settings; no other kind has the same. */
    Class<C> settings();

    /** What stands behind {@code type}, such as {@code rate-limit}. */
    String type();

    /**
     * Reads the settings from a section, which is empty where only the type is written. What is wrong is reported to the
     * section, and a default is taken in its place.
     */
    C read(String name, Section own);

    /** Whether places have settings in a section of their own, beside {@code filters}. */
    default boolean hasPlaces() {
        return false;
    }

    /**
     * What holds in a listener, a virtual host or a route; empty where nothing does.
     *
     * @param outer what holds around it
     */
    default Optional<C> readPlace(String name, Section place, Optional<C> outer) {
        return outer;
    }

    /** Writes what {@link #readPlace} reads. */
    default void writePlace(Tree place, Optional<C> config, Optional<C> outer) {}

    /** Writes what {@link #read} reads, but for the type and the name. */
    void write(C config, Tree own);
}
