package io.grpcweb.gateway.filter;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.envoy.EnvoyFormat;
import io.grpcweb.gateway.config.hocon.OwnFormat;
import io.grpcweb.gateway.http.HttpFilterFactory;

/**
 * One kind of HTTP filter: how its settings are read and written, and how exchanges pass it. A kind has no state, and it is
 * loaded where a configuration is only read; Netty is first needed by {@link #make}.
 *
 * @param <C> the settings of the filter
 */
public interface FilterKind<C extends FilterConfig> extends OwnFormat<C>, EnvoyFormat<C> {

    @Override
    Class<C> settings();

    /** Makes the factory of one place of the configuration: of a listener's list, or of routes with their own settings. */
    HttpFilterFactory make(C config, FilterContext context);
}
