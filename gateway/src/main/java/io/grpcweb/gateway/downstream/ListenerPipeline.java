package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.LiveTls;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.TlsStats;
import io.grpcweb.gateway.stats.WorkerStats;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsyncMapping;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an accepted connection passes before HTTP: its limit, the PROXY header, TLS with the choice by server name. */
public final class ListenerPipeline extends ChannelInitializer<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerPipeline.class);

    private final ListenerConfig config;
    private final DrainState drain = new DrainState();
    private final ListenerStats stats;
    private final TlsStats tlsStats;
    private final Map<EventExecutor, WorkerStats> workers = new HashMap<>();
    private final List<Chain> chains = new ArrayList<>();
    private final AtomicLong ids;
    private final AtomicInteger open = new AtomicInteger();

    /** A filter chain that is ready for use; {@code tls} is null in cleartext. */
    private record Chain(List<String> serverNames, LiveTls tls, HttpPipeline http) {}

    /** Makes the service of a filter chain. */
    @FunctionalInterface
    public interface Services {
        HttpService apply(ListenerConfig.FilterChain chain, DrainState drain) throws IOException;
    }

    /**
     * Reads certificates and prepares each filter chain.
     *
     * @param stats counts its connections
     * @param watch has certificates read anew when their files change
     * @param services makes the service of a filter chain
     * @param loops the event loops that connections live on
     * @param ids numbers connections
     * @throws IOException names the file that cannot be used
     */
    public ListenerPipeline(
            ListenerConfig config,
            EventLoopGroup loops,
            AtomicLong ids,
            ListenerStats stats,
            FileWatch watch,
            Services services)
            throws IOException {
        for (EventExecutor loop : loops) {
            workers.put(loop, stats.worker(workers.size()));
        }
        this.config = config;
        this.ids = ids;
        this.stats = stats;
        this.tlsStats = config.chains().stream().anyMatch(chain -> chain.tls().isPresent()) ? stats.tls() : null;
        for (ListenerConfig.FilterChain chain : config.chains()) {
            LiveTls tls = null;
            if (chain.tls().isPresent()) {
                TlsConfig.Downstream settings = chain.tls().get();
                tls = new LiveTls(watch, settings.sources(), () -> TlsContexts.of(settings));
            }
            chains.add(new Chain(chain.serverNames(), tls, new HttpPipeline(services.apply(chain, drain))));
        }
    }

    DrainState drain() {
        return drain;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (open.incrementAndGet() > config.connectionLimit().orElse(Integer.MAX_VALUE)) {
            open.decrementAndGet();
            stats.downstreamCxOverflow.increment();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        channel.attr(ConnectionFacts.ACCEPTED).set(ConnectionFacts.accepted(ids, config.name()));
        drain.add(channel);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(new ConnectionCounter(
                stats,
                workers.get(channel.eventLoop()),
                chains.get(0).http.service().stats(),
                tlsStats != null));
        if (config.proxyProtocol()) {
            pipeline.addLast(new HAProxyMessageDecoder(), new ProxyHeader());
        }
        if (chains.stream().allMatch(chain -> chain.tls == null)) {
            chains.get(0).http.cleartext(pipeline);
        } else {
            pipeline.addLast("sni", new ChainBySni());
        }
    }

    /** The chain for a server name: exact, then the longest wildcard, then the one without names; null for none. */
    private Chain choose(String serverName) {
        Chain best = null;
        int bestLength = -1;
        String name = serverName == null ? "" : serverName.toLowerCase(Locale.ROOT);
        for (Chain chain : chains) {
            if (chain.serverNames.isEmpty() && bestLength < 0) {
                best = chain;
                bestLength = 0;
            }
            for (String pattern : chain.serverNames) {
                int length = fit(pattern.toLowerCase(Locale.ROOT), name);
                if (length > bestLength) {
                    best = chain;
                    bestLength = length;
                }
            }
        }
        return best;
    }

    private static int fit(String pattern, String name) {
        if (pattern.equals(name)) {
            return Integer.MAX_VALUE;
        }
        return pattern.startsWith("*.") && name.endsWith(pattern.substring(1)) ? pattern.length() : -1;
    }

    /** Reads the server name from the ClientHello and goes on with the chain it belongs to. */
    private final class ChainBySni extends SniHandler {
        private Chain chosen;

        ChainBySni() {
            super((AsyncMapping<String, SslContext>) (name, promise) -> {
                Chain chain = choose(name);
                if (chain == null) {
                    stats.noFilterChainMatch.increment();
                }
                return chain == null || chain.tls == null
                        ? promise.setFailure(new IOException("no filter chain for server name " + name))
                        : promise.setSuccess(chain.tls.context());
            });
        }

        @Override
        protected void replaceHandler(ChannelHandlerContext ctx, String hostname, SslContext context) throws Exception {
            chosen = choose(hostname);
            ctx.channel()
                    .attr(ConnectionFacts.ACCEPTED)
                    .set(ctx.channel().attr(ConnectionFacts.ACCEPTED).get().named(hostname));
            SslHandler handler = newSslHandler(context, ctx.alloc());
            ctx.pipeline().addLast(new HandshakeCounter(tlsStats));
            chosen.http.tls(ctx.pipeline());
            ctx.pipeline().replace(this, "tls", handler);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // What came is no ClientHello, or no chain is for its server name.
            tlsStats.connectionError.increment();
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.warn("listener {}: a connection could not be set up", config.name(), cause);
        ctx.close();
    }
}
