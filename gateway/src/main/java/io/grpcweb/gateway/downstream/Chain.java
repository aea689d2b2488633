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
 * @param service what its connections are served with
 * @param http null where they do not speak HTTP
 */
record Chain(
        ListenerConfig.FilterChain config,
        LiveTls<TlsConfig.Downstream, CertificateChoice> tls,
        ChainService service,
        Requests http) {

    /**
     * What becomes of requests.
     *
     * @param handler where they go
     * @param behind the routes and filters behind that
     */
    record Requests(LiveHandler handler, ExchangeHandler behind) {}

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
        LiveTls<TlsConfig.Downstream, CertificateChoice> tls =
                config.tls().isEmpty() ? null : live(config.tls().get(), watch);
        DrainState drain = new DrainState(listener);
        try {
            if (!config.isHttp()) {
                return new Chain(config, tls, services.tcp(config, drain, load), null);
            }
            ExchangeHandler behind = services.handler(config, null);
            LiveHandler handler = new LiveHandler(Misdirected.guard(all, config, behind));
            return new Chain(
                    config,
                    tls,
                    new HttpPipeline(services.service(config, stats, drain, load, handler), services::release),
                    new Requests(handler, behind));
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
                && config.service().sameForConnections(next.service());
    }

    /** The same connections under other routes and filters; they are in force with {@link #enforce}. */
    Chain with(ListenerConfig.FilterChain next, HttpServices services) {
        return config.equals(next) || http == null
                ? this
                : new Chain(next, tls, service, new Requests(http.handler, services.handler(next, http.behind)));
    }

    /** Puts its routes and filters in force for the next request. */
    void enforce(List<ListenerConfig.FilterChain> all) {
        if (http != null) {
            http.handler.set(Misdirected.guard(all, config, http.behind));
        }
    }

    /** A connection has come to this chain. */
    void took(Channel channel) {
        service.drain().add(channel);
        ConnectionLogs.took(channel, config.name());
    }

    /** It is counted in the series of this chain. */
    void counts(Channel channel) {
        ConnectionCounter counter = channel.pipeline().get(ConnectionCounter.class);
        if (counter != null && service.stats() != null) {
            counter.chosen(service.stats(), tls != null);
        }
    }

    /** It is out of use. */
    void release() {
        if (tls != null) {
            tls.close();
        }
        service.release();
    }
}
