package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.FilterConfig;

/**
 * An {@link OwnFormat} of a filter whose fields are said once, as a {@link Description}.
 *
 * @param <C> the settings of the filter
 */
public interface DescribedFormat<C extends FilterConfig> extends OwnFormat<C> {

    /** What holds where only the type of the filter is written. */
    C usual(String name);

    /** Goes through the fields, as {@link Description#of}. */
    C fields(Fields own, C given);

    @Override
    default C read(String name, Section own) {
        return fields(own, usual(name));
    }

    @Override
    default void write(C config, Tree own) {
        own.add(config, usual(config.name()), this::fields);
    }
}
