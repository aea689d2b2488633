package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.net.ConnectionFault;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.LiveTls;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.TlsStats;
import io.grpcweb.gateway.stats.WorkerStats;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an accepted connection passes before HTTP: its limit, the PROXY header, TLS with the choice by server name. */
public final class ListenerPipeline extends ChannelInitializer<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerPipeline.class);

    /** So many accepted connections an event loop may have before it: some milliseconds of its time. */
    private static final int WAITING_PER_LOOP = 64;

    private final ListenerConfig config;
    private final DrainState drain = new DrainState();
    private final ListenerStats stats;
    private final TlsStats tlsStats;
    private final Map<EventExecutor, WorkerStats> workers = new HashMap<>();
    private final List<Chain> chains = new ArrayList<>();
    private final ChainNames names;
    private final Chain certain;
    private final AtomicLong ids;
    private final AtomicInteger open = new AtomicInteger();
    private final AcceptPace pace;

    /** A filter chain that is ready for use; {@code tls} is null in cleartext. */
    private record Chain(LiveTls<CertificateChoice> tls, HttpPipeline http) {
        void counts(Channel channel) {
            ConnectionCounter counter = channel.pipeline().get(ConnectionCounter.class);
            if (counter != null) {
                counter.chosen(http.service().stats(), tls != null);
            }
        }
    }

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
        this.pace = new AcceptPace(WAITING_PER_LOOP * workers.size());
        this.names = new ChainNames(config.chains());
        for (ListenerConfig.FilterChain chain : config.chains()) {
            LiveTls<CertificateChoice> tls = null;
            if (chain.tls().isPresent()) {
                TlsConfig.Downstream settings = chain.tls().get();
                tls = new LiveTls<>(watch, settings.sources(), () -> new CertificateChoice(settings));
            }
            HttpService service = services.apply(chain, drain);
            ExchangeHandler handler = Misdirected.guard(config.chains(), chain, service.handler());
            chains.add(new Chain(tls, new HttpPipeline(service.with(handler))));
        }
        this.certain = certain();
    }

    DrainState drain() {
        return drain;
    }

    AcceptPace pace() {
        return pace;
    }

    @Override
    protected void initChannel(Channel channel) {
        pace.taken(channel);
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
        pipeline.addLast(new ConnectionCounter(stats, workers.get(channel.eventLoop())));
        if (certain != null) {
            certain.counts(channel);
        }
        if (config.proxyProtocol()) {
            pipeline.addLast(new HAProxyMessageDecoder(), new ProxyHeader());
        }
        Chain otherwise = choose(null);
        if (tlsStats == null) {
            chains.get(0).http.cleartext(pipeline);
        } else if (otherwise != null && otherwise.tls == null) {
            pipeline.addLast(new CleartextOrTls(otherwise));
        } else {
            awaitHello(pipeline);
        }
    }

    /** The chain in whose series all connections count; null where it is known only when a chain was chosen. */
    private Chain certain() {
        Chain first = chains.get(0);
        boolean same = chains.stream()
                .allMatch(chain ->
                        chain.http.service().stats() == first.http.service().stats()
                                && (chain.tls == null) == (first.tls == null));
        return same || tlsStats == null ? first : null;
    }

    private void counted(Channel channel, Chain chosen) {
        if (certain == null) {
            chosen.counts(channel);
        }
    }

    private void awaitHello(ChannelPipeline pipeline) {
        pipeline.addLast(new ChainBySni(), new NoHello());
    }

    /** The chain for a server name; null for none. */
    private Chain choose(String serverName) {
        int chosen = names.choose(serverName);
        return chosen < 0 ? null : chains.get(chosen);
    }

    /** Where chains of both kinds share a port: TLS begins with a handshake record (RFC 8446 section 5.1). */
    private final class CleartextOrTls extends ByteToMessageDecoder {
        private static final int HANDSHAKE = 22;
        private final Chain cleartext;

        private final OpeningClock clock = new OpeningClock();

        CleartextOrTls(Chain cleartext) {
            this.cleartext = cleartext;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            clock.start(ctx);
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext ctx) {
            clock.stop();
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (in.getUnsignedByte(in.readerIndex()) == HANDSHAKE) {
                awaitHello(ctx.pipeline());
            } else {
                counted(ctx.channel(), cleartext);
                cleartext.http.cleartext(ctx.pipeline());
            }
            ctx.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ConnectionFault.close(ctx, cause);
        }
    }

    /** Reads the server name from the ClientHello and goes on with the chain it belongs to. */
    private final class ChainBySni extends AbstractSniHandler<Chain> {
        @Override
        protected Future<Chain> lookup(ChannelHandlerContext ctx, String hostname) {
            Chain chain = choose(hostname);
            if (chain == null) {
                stats.noFilterChainMatch.increment();
            }
            return chain == null || chain.tls == null
                    ? ctx.executor().newFailedFuture(new IOException("no filter chain for server name " + hostname))
                    : ctx.executor().newSucceededFuture(chain);
        }

        @Override
        protected void onLookupComplete(ChannelHandlerContext ctx, String hostname, Future<Chain> found) {
            if (!found.isSuccess()) {
                // Else it would look at the same ClientHello again while the connection closes.
                ctx.pipeline().remove(this);
                refuse(ctx);
                return;
            }
            Chain chain = found.getNow();
            ctx.channel()
                    .attr(ConnectionFacts.ACCEPTED)
                    .set(ctx.channel().attr(ConnectionFacts.ACCEPTED).get().named(hostname));
            counted(ctx.channel(), chain);
            ctx.pipeline().remove(NoHello.class);
            ctx.pipeline().addLast(new HandshakeCounter(tlsStats));
            chain.http.tls(ctx.pipeline());
            ctx.pipeline().replace(this, "tls", chain.tls.context().of(hostname).newHandler(ctx.alloc()));
        }
    }

    /** Behind {@link ChainBySni}: what came is no ClientHello, or no chain is for it. */
    private final class NoHello extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ReferenceCountUtil.release(bytes);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            refuse(ctx);
        }
    }

    private void refuse(ChannelHandlerContext ctx) {
        tlsStats.connectionError.increment();
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.warn("listener {}: a connection could not be set up", config.name(), cause);
        ctx.close();
    }
}
