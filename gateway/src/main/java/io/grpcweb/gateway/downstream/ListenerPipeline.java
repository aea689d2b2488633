package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.WorkerStats;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an accepted connection passes before HTTP: its limit, the PROXY header, TLS with the choice by server name. */
public final class ListenerPipeline extends ChannelInitializer<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerPipeline.class);

    /** So many accepted connections an event loop may have before it: some milliseconds of its time. */
    private static final int WAITING_PER_LOOP = 64;

    private static final int LEAST_WAITING = 8;
    private static final int SHARE_WAITING = 16;

    private final EventLoopGroup loops;
    private final DrainState drain = new DrainState();
    private final AtomicLong ids;
    private final FileWatch watch;
    private final Load load;
    private final Load calm = new Load();
    private final Admission admission;
    private final AcceptPace pace;
    private volatile ChainTable table;

    /**
     * Without filter chains; a first {@link #prepare} brings them before anything is bound.
     *
     * @param loops the event loops that connections live on
     * @param ids numbers connections
     * @param watch has certificates read anew when their files change
     * @param load how short the process runs
     */
    public ListenerPipeline(EventLoopGroup loops, AtomicLong ids, FileWatch watch, Load load) {
        this.load = load;
        this.admission = new Admission(load);
        this.loops = loops;
        this.ids = ids;
        this.watch = watch;
        int count = 0;
        for (EventExecutor unused : loops) {
            count++;
        }
        // Where descriptors are scarce, a burst must not take those that are kept back.
        long scarce = Math.max(LEAST_WAITING, load.mostConnections() / SHARE_WAITING);
        this.pace = new AcceptPace((int) Math.min((long) WAITING_PER_LOOP * count, scarce));
    }

    /**
     * Prepares other settings and filter chains; those that may go on under new routes and filters do.
     *
     * @param stats counts its connections
     * @param services makes what the connections of a chain are served with
     * @param anew whether no chain may go on
     * @throws IOException names the file that cannot be used; then nothing has changed
     */
    public ListenerChange prepare(ListenerConfig next, ListenerStats stats, HttpServices services, boolean anew)
            throws IOException {
        List<Chain> old = table == null ? List.of() : table.chains;
        boolean sheds = next.admission().shedsLoad();
        boolean otherLoad = table != null && table.config.admission().shedsLoad() != sheds;
        List<Chain> left =
                anew || otherLoad || (table != null && table.stats != stats) ? new ArrayList<>() : new ArrayList<>(old);
        List<Chain> chains = new ArrayList<>();
        List<Chain> fresh = new ArrayList<>();
        boolean sameLogs = table != null && table.config.accessLogs().equals(next.accessLogs());
        ConnectionLogs logs = sameLogs ? table.logs : new ConnectionLogs(services.connections(next));
        try {
            for (ListenerConfig.FilterChain config : next.chains()) {
                Optional<Chain> before =
                        left.stream().filter(chain -> chain.suits(config)).findFirst();
                if (before.isPresent()) {
                    left.remove(before.get());
                    chains.add(before.get().with(config, services));
                } else {
                    Chain made = Chain.of(config, next.chains(), stats, drain, sheds ? load : calm, watch, services);
                    fresh.add(made);
                    chains.add(made);
                }
            }
        } catch (IOException e) {
            fresh.forEach(Chain::release);
            if (!sameLogs) {
                logs.retire();
            }
            throw e;
        }
        List<Chain> gone = old.stream().filter(chain -> !isKept(chain, chains)).toList();
        ChainTable prepared = new ChainTable(next, stats, workers(stats), chains, logs);
        return new ListenerChange(this, prepared, fresh, gone);
    }

    /** Whether its connections go on under one of the next chains. */
    private static boolean isKept(Chain old, List<Chain> next) {
        return next.stream().anyMatch(chain -> chain.service() == old.service());
    }

    private Map<EventExecutor, WorkerStats> workers(ListenerStats stats) {
        if (table != null && table.stats == stats) {
            return table.workers;
        }
        Map<EventExecutor, WorkerStats> workers = new HashMap<>();
        for (EventExecutor loop : loops) {
            workers.put(loop, stats.worker(workers.size()));
        }
        return workers;
    }

    void put(ChainTable next) {
        next.chains.forEach(chain -> chain.enforce(next.config.chains()));
        ChainTable before = table;
        table = next;
        admission.limits(next.config.admission(), isBehindProxies(next.config));
        if (before != null && before.logs != next.logs) {
            before.logs.retire();
        }
    }

    /** Whether the address of a connection is that of a proxy, which has the connections of many. */
    private static boolean isBehindProxies(ListenerConfig config) {
        return config.proxyProtocol()
                || config.httpChains().stream()
                        .map(chain -> chain.http().identity())
                        .anyMatch(identity -> identity.trustedHops() > 0
                                || !identity.trustedProxies().isEmpty());
    }

    /** The listener is closed: all its chains are to drain. */
    public List<RetiredChain> retire() {
        table.logs.retire();
        return table.chains.stream().map(RetiredChain::new).toList();
    }

    /** Other settings are given up. */
    void abandon(ChainTable next) {
        // A new listener whose port was taken has them in force already.
        if (table == null || table == next || table.logs != next.logs) {
            next.logs.retire();
        }
    }

    /** The settings in force; null before the first. */
    ListenerConfig config() {
        ChainTable now = table;
        return now == null ? null : now.config;
    }

    DrainState drain() {
        return drain;
    }

    AcceptPace pace() {
        return pace;
    }

    @Override
    protected void initChannel(Channel channel) {
        ChainTable now = table;
        pace.taken(channel);
        if (!admission.admits(channel, now.config, now.stats)) {
            channel.close();
            return;
        }
        channel.config().setWriteBufferWaterMark(now.marks);
        channel.attr(ConnectionFacts.ACCEPTED).set(ConnectionFacts.accepted(ids, now.config.name()));
        drain.add(channel);
        ChannelPipeline pipeline = channel.pipeline();
        now.logs.accepted(channel);
        pipeline.addLast(new ConnectionCounter(now.stats, now.workers.get(channel.eventLoop())));
        if (now.certain != null) {
            now.certain.counts(channel);
        }
        if (now.config.proxyProtocol()) {
            pipeline.addLast(
                    new HAProxyMessageDecoder(), new ProxyHeader(now.config.opening(), behind -> begin(now, behind)));
        } else {
            begin(now, pipeline);
        }
    }

    /** What comes when the addresses of the connection are known. */
    private static void begin(ChainTable table, ChannelPipeline pipeline) {
        Chain plain = table.choose(Incoming.of(pipeline.channel(), false, null, List.of()));
        if (!table.looksAtHello) {
            if (plain == null) {
                unmatched(table, pipeline);
            } else {
                cleartext(pipeline, plain);
            }
        } else if (plain != null && plain.tls() == null) {
            pipeline.addLast(new CleartextOrTls(
                    table.config.opening(),
                    chosen -> {
                        counted(table, chosen.channel(), plain);
                        cleartext(chosen, plain);
                    },
                    chosen -> awaitHello(table, chosen)));
        } else {
            awaitHello(table, pipeline);
        }
    }

    private static void unmatched(ChainTable table, ChannelPipeline pipeline) {
        table.stats.noFilterChainMatch.increment();
        ConnectionLogs.refused(pipeline.channel());
        pipeline.channel().close();
    }

    private static void cleartext(ChannelPipeline pipeline, Chain chain) {
        chain.took(pipeline.channel());
        chain.service().cleartext(pipeline);
    }

    private static void counted(ChainTable table, Channel channel, Chain chosen) {
        if (table.certain == null) {
            chosen.counts(channel);
        }
    }

    private static void awaitHello(ChainTable table, ChannelPipeline pipeline) {
        pipeline.addLast(new ChainBySni(table), new NoHello(table));
    }

    /** Reads the server name from the ClientHello and goes on with the chain it belongs to. */
    private static final class ChainBySni extends AbstractSniHandler<Chain> {
        private final ChainTable table;
        private List<String> protocols = List.of();

        ChainBySni(ChainTable table) {
            super(table.helloMillis);
            this.table = table;
        }

        @Override
        protected Future<Chain> lookup(ChannelHandlerContext ctx, ByteBuf hello) throws Exception {
            if (table.needsProtocols()) {
                protocols = OfferedProtocols.of(hello);
            }
            return super.lookup(ctx, hello);
        }

        @Override
        protected Future<Chain> lookup(ChannelHandlerContext ctx, String hostname) {
            Chain chain = table.choose(Incoming.of(ctx.channel(), true, hostname, protocols));
            if (chain == null) {
                table.stats.noFilterChainMatch.increment();
            }
            return chain == null || (chain.tls() == null && chain.http() != null)
                    ? ctx.executor().newFailedFuture(new IOException("no filter chain for server name " + hostname))
                    : ctx.executor().newSucceededFuture(chain);
        }

        @Override
        protected void onLookupComplete(ChannelHandlerContext ctx, String hostname, Future<Chain> found) {
            ctx.channel()
                    .attr(ConnectionFacts.ACCEPTED)
                    .set(ctx.channel().attr(ConnectionFacts.ACCEPTED).get().named(hostname));
            if (!found.isSuccess()) {
                // Else it would look at the same ClientHello again while the connection closes.
                ctx.pipeline().remove(this);
                refuse(table, ctx);
                return;
            }
            Chain chain = found.getNow();
            if (chain.tls() == null) {
                ctx.pipeline().remove(NoHello.class);
                cleartext(ctx.pipeline(), chain);
                ctx.pipeline().remove(this);
                return;
            }
            CertificateChoice certificates = chain.tls().context();
            if (certificates == null) {
                ctx.pipeline().remove(this);
                table.stats.secretsNotReady().increment();
                refuse(table, ctx);
                return;
            }
            counted(table, ctx.channel(), chain);
            chain.took(ctx.channel());
            ctx.pipeline().remove(NoHello.class);
            ctx.pipeline().addLast(new HandshakeCounter(table.tlsStats));
            chain.service().tls(ctx.pipeline());
            SslHandler tls = certificates.of(hostname).newHandler(ctx.alloc());
            tls.setHandshakeTimeout(
                    chain.service().handshakeNanos(chain.config().handshake()), TimeUnit.NANOSECONDS);
            ctx.pipeline().replace(this, "tls", tls);
        }
    }

    /** Behind {@link ChainBySni}: what came is no ClientHello, or no chain is for it. */
    private static final class NoHello extends ChannelInboundHandlerAdapter {
        private final ChainTable table;

        NoHello(ChainTable table) {
            this.table = table;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ReferenceCountUtil.release(bytes);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            refuse(table, ctx);
        }
    }

    private static void refuse(ChainTable table, ChannelHandlerContext ctx) {
        if (table.tlsStats != null) {
            table.tlsStats.connectionError.increment();
        }
        ConnectionLogs.refused(ctx.channel());
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.warn("listener {}: a connection could not be set up", table.config.name(), cause);
        ctx.close();
    }
}
