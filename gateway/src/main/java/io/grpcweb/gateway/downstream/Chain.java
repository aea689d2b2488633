package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.LiveTls;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.stats.ListenerStats;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.List;

/**
 * A filter chain that serves connections. Its routes and its filters may change while it does; whatever else changes makes
 * another chain, and the connections of the old one drain.
 *
 * @param tls null in cleartext
 * @param http what its connections speak
 * @param handler where their requests go
 * @param requests the routes and filters behind that
 */
record Chain(
        ListenerConfig.FilterChain config,
        LiveTls<TlsConfig.Downstream, CertificateChoice> tls,
        HttpPipeline http,
        LiveHandler handler,
        ExchangeHandler requests) {

    /**
     * Reads the certificates of a new chain.
     *
     * @param all the chains of its listener
     * @param stats of its listener
     * @param listener the drain of its listener
     * @param load how short the process runs
     * @throws IOException names the file that cannot be used
     */
    static Chain of(
            ListenerConfig.FilterChain config,
            List<ListenerConfig.FilterChain> all,
            ListenerStats stats,
            DrainState listener,
            Load load,
            FileWatch watch,
            HttpServices services)
            throws IOException {
        ExchangeHandler requests = services.handler(config, null);
        LiveHandler handler = new LiveHandler(Misdirected.guard(all, config, requests));
        LiveTls<TlsConfig.Downstream, CertificateChoice> tls =
                config.tls().isEmpty() ? null : live(config.tls().get(), watch);
        try {
            return new Chain(
                    config,
                    tls,
                    new HttpPipeline(services.service(config, stats, new DrainState(listener), load, handler)),
                    handler,
                    requests);
        } catch (IOException e) {
            if (tls != null) {
                tls.close();
            }
            throw e;
        }
    }

    private static LiveTls<TlsConfig.Downstream, CertificateChoice> live(TlsConfig.Downstream config, FileWatch watch)
            throws IOException {
        return new LiveTls<>(watch, config, () -> config.with(watch.secrets()::get), CertificateChoice::new);
    }

    /** Whether connections that this chain serves may go on under other settings. */
    boolean suits(ListenerConfig.FilterChain next) {
        return config.tls().equals(next.tls())
                && config.serverNames().equals(next.serverNames())
                && config.match().equals(next.match())
                && config.name().equals(next.name())
                && config.http().sameForConnections(next.http());
    }

    /** The same connections under other routes and filters; they are in force with {@link #enforce}. */
    Chain with(ListenerConfig.FilterChain next, HttpServices services) {
        return config.equals(next) ? this : new Chain(next, tls, http, handler, services.handler(next, requests));
    }

    /** Puts its routes and filters in force for the next request. */
    void enforce(List<ListenerConfig.FilterChain> all) {
        handler.set(Misdirected.guard(all, config, requests));
    }

    /** A connection has come to this chain. */
    void took(Channel channel) {
        service().drain().add(channel);
        ConnectionLogs.took(channel, config.name());
    }

    /** It is counted in the series of this chain. */
    void counts(Channel channel) {
        ConnectionCounter counter = channel.pipeline().get(ConnectionCounter.class);
        if (counter != null) {
            counter.chosen(service().stats(), tls != null);
        }
    }

    /** It is out of use. */
    void release(HttpServices services) {
        if (tls != null) {
            tls.close();
        }
        services.release(service());
    }

    HttpService service() {
        return http.service();
    }
}
