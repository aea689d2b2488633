package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.config.ClusterConfig.Discovery.LookupFamily;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Asks for the addresses of one name, in the families that are wanted. Confined to its loop. */
final class DnsLookup implements AutoCloseable {
    private final String name;
    private final LookupFamily family;
    private final DnsClient client;
    private final AtomicLong ttlSeconds = new AtomicLong();
    private DnsNameResolver first;
    private DnsNameResolver second;

    /** The addresses found, and for how long they hold. */
    record Answer(List<InetAddress> addresses, Duration ttl) {}

    DnsLookup(String name, LookupFamily family, DnsClient client) {
        this.name = name;
        this.family = family;
        this.client = client;
    }

    /** {@code done} gets a response with at least one address, or null and the reason. */
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
        return client.resolver(types, new TtlMemory(ttlSeconds));
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
