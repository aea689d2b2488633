package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.TlsStats;
import io.grpcweb.gateway.stats.WorkerStats;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Map;

/** The settings of a listener and its filter chains, ready for use. Immutable: another configuration is another table. */
final class ChainTable {
    final ListenerConfig config;
    final ListenerStats stats;

    /** Null where no chain has TLS. */
    final TlsStats tlsStats;

    /** Whether the ClientHello of TLS chooses the chain, or tells whether there is TLS. */
    final boolean looksAtHello;

    final List<Chain> chains;
    final ConnectionLogs logs;
    final Map<EventExecutor, WorkerStats> workers;
    final WriteBufferWaterMark marks;

    /** The chain in whose series all connections count; null where it is known only when a chain was chosen. */
    final Chain certain;

    private final ChainChoice choice;

    ChainTable(
            ListenerConfig config,
            ListenerStats stats,
            Map<EventExecutor, WorkerStats> workers,
            List<Chain> chains,
            ConnectionLogs logs) {
        this.logs = logs;
        this.config = config;
        this.stats = stats;
        this.chains = List.copyOf(chains);
        this.tlsStats = chains.stream().anyMatch(chain -> chain.tls() != null) ? stats.tls() : null;
        this.looksAtHello = tlsStats != null || config.chains().stream().anyMatch(ListenerConfig.FilterChain::passesTls);
        this.choice = new ChainChoice(config.chains());
        this.certain = certain();
        this.workers = workers;
        this.marks = new WriteBufferWaterMark(config.bufferBytes() / 4, config.bufferBytes());
    }

    private Chain certain() {
        Chain first = chains.get(0);
        boolean same = chains.stream()
                .allMatch(chain -> chain.service().stats() == first.service().stats()
                        && (chain.tls() == null) == (first.tls() == null));
        return same || !looksAtHello ? first : null;
    }

    /** The chain for a connection; null for none. */
    Chain choose(Incoming incoming) {
        int chosen = choice.choose(incoming);
        return chosen < 0 ? null : chains.get(chosen);
    }

    /** Whether the protocols that a ClientHello offers have a say in it. */
    boolean needsProtocols() {
        return choice.needsProtocols();
    }
}
