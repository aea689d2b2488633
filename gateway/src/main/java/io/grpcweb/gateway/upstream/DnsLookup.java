package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Discovery.LookupFamily;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Asks DNS for the addresses of one name, never blocking: {@code /etc/hosts} first, then the system's name servers with
 * its search domains, by TCP where an answer does not fit a datagram. Nothing is cached here. Confined to its loop.
 */
final class DnsLookup implements AutoCloseable {
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);

    private final String name;
    private final LookupFamily family;
    private final EventLoop loop;
    private final DnsServerAddressStreamProvider servers;
    private final AtomicLong ttlSeconds = new AtomicLong();
    private DnsNameResolver first;
    private DnsNameResolver second;

    /** The addresses found, and for how long they hold. */
    record Answer(List<InetAddress> addresses, Duration ttl) {}

    DnsLookup(String name, LookupFamily family, EventLoop loop, DnsServerAddressStreamProvider servers) {
        this.name = name;
        this.family = family;
        this.loop = loop;
        this.servers = servers;
    }

    /** The servers that the configuration names, in turn, or else the system's. */
    static DnsServerAddressStreamProvider servers(ClusterConfig.Discovery discovery) {
        if (discovery.servers().isEmpty()) {
            return DnsServerAddressStreamProviders.platformDefault();
        }
        List<InetSocketAddress> own = discovery.servers().stream()
                .map(one -> new InetSocketAddress(one.host(), one.port()))
                .toList();
        return name -> DnsServerAddresses.sequential(own).stream();
    }

    /** {@code done} gets an answer with at least one address, or null and the reason. */
    void resolve(BiConsumer<Answer, Throwable> done) {
        ttlSeconds.set(Long.MAX_VALUE);
        if (first == null) {
            open();
        }
        resolve(first, (answer, reason) -> {
            if (answer == null && second != null) {
                resolve(second, done);
            } else {
                done.accept(answer, reason);
            }
        });
    }

    /** Envoy's families: AUTO takes IPv4 only where there is no IPv6, V4_PREFERRED the other way round. */
    private void open() {
        switch (family) {
            case AUTO -> {
                first = resolver(ResolvedAddressTypes.IPV6_ONLY);
                second = resolver(ResolvedAddressTypes.IPV4_ONLY);
            }
            case V4_PREFERRED -> {
                first = resolver(ResolvedAddressTypes.IPV4_ONLY);
                second = resolver(ResolvedAddressTypes.IPV6_ONLY);
            }
            case V4_ONLY -> first = resolver(ResolvedAddressTypes.IPV4_ONLY);
            case V6_ONLY -> first = resolver(ResolvedAddressTypes.IPV6_ONLY);
            // In the order that RFC 8305 section 4 wants.
            case ALL -> first = resolver(ResolvedAddressTypes.IPV6_PREFERRED);
        }
    }

    private DnsNameResolver resolver(ResolvedAddressTypes types) {
        LoopChannels channels = new LoopChannels(loop);
        return new DnsNameResolverBuilder(loop)
                .datagramChannelType(channels.datagram())
                .socketChannelType(channels.stream())
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .nameServerProvider(servers)
                .resolvedAddressTypes(types)
                .queryTimeoutMillis(QUERY_TIMEOUT.toMillis())
                .resolveCache(new TtlMemory(ttlSeconds))
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .build();
    }

    private void resolve(DnsNameResolver resolver, BiConsumer<Answer, Throwable> done) {
        resolver.resolveAll(name).addListener((FutureListener<List<InetAddress>>) found -> {
            if (found.isSuccess() && !found.getNow().isEmpty()) {
                long ttl = ttlSeconds.get();
                done.accept(
                        new Answer(
                                List.copyOf(found.getNow()),
                                ttl == Long.MAX_VALUE ? Duration.ZERO : Duration.ofSeconds(ttl)),
                        null);
            } else {
                done.accept(null, reason(found));
            }
        });
    }

    private Throwable reason(Future<List<InetAddress>> found) {
        return found.isSuccess() ? new UnknownHostException(name + " has no address") : found.cause();
    }

    @Override
    public void close() {
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
    }

    /** Caches nothing, but remembers the shortest lifetime among the records of the last answer. */
    private record TtlMemory(AtomicLong ttlSeconds) implements DnsCache {
        @Override
        public DnsCacheEntry cache(
                String hostname, DnsRecord[] additionals, InetAddress address, long originalTtl, EventLoop loop) {
            ttlSeconds.accumulateAndGet(originalTtl, Math::min);
            return new NoEntry(address, null);
        }

        @Override
        public DnsCacheEntry cache(String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
            return new NoEntry(null, cause);
        }

        @Override
        public List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
            return List.of();
        }

        @Override
        public void clear() {}

        @Override
        public boolean clear(String hostname) {
            return false;
        }
    }

    private record NoEntry(InetAddress address, Throwable cause) implements DnsCacheEntry {}
}
