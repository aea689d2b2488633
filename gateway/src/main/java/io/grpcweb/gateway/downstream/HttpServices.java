package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.stats.ListenerStats;
import java.io.IOException;

/** Makes what the connections of filter chains are served with. */
public interface HttpServices {
    /**
     * What the connections of a chain share.
     *
     * @param listener counts for the whole listener
     * @param drain whether they are to end
     * @param load how short the process runs
     * @param handler where their requests go
     * @throws IOException names an access log that cannot be opened
     */
    HttpService service(
            ListenerConfig.FilterChain chain,
            ListenerStats listener,
            DrainState drain,
            Load load,
            ExchangeHandler handler)
            throws IOException;

    /**
     * Where the requests of a chain go: its routes and filters.
     *
     * @param before what it replaces, whose filters go on with what they hold where their settings are the same; or null
     */
    ExchangeHandler handler(ListenerConfig.FilterChain chain, ExchangeHandler before);

    /**
     * What the connections of a chain share that does not speak HTTP.
     *
     * @param drain whether they are to end
     * @param load how short the process runs
     * @throws IOException names an access log that cannot be opened
     */
    default ChainService tcp(ListenerConfig.FilterChain chain, DrainState drain, Load load) throws IOException {
        throw new IOException("filter chain '" + chain.name() + "': only HTTP is served here");
    }

    /**
     * Who is told of the connections of a listener, each when it is closed.
     *
     * @throws IOException names an access log that cannot be opened
     */
    default ExchangeObserver connections(ListenerConfig listener) throws IOException {
        return ExchangeObserver.NONE;
    }

    /** A service is out of use, and no connection is left that is served with it. */
    void release(HttpService service);
}
