package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.net.LoopChannels;
import io.netty.channel.EventLoop;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks name servers as a cluster says, never blocking: {@code /etc/hosts} first, then the servers with the system's
 * search domains, by TCP where a response does not fit a datagram. Nothing is cached, and every question has a socket of
 * its own.
 */
record DnsClient(EventLoop loop, ClusterConfig.Resolver config) {

    /** @param memory is told of the records of each response */
    DnsNameResolver resolver(ResolvedAddressTypes types, DnsCache memory) {
        LoopChannels channels = new LoopChannels(loop);
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop)
                .datagramChannelType(channels.datagram())
                .socketChannelType(channels.stream(), config.tcp())
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .nameServerProvider(servers())
                .resolvedAddressTypes(types)
                .queryTimeoutMillis(config.timeout().toMillis())
                .maxPayloadSize(config.maxPayload())
                .resolveCache(memory)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
        if (!config.search()) {
            builder.searchDomains(List.of());
        }
        return builder.build();
    }

    /** The servers that the configuration names, or else the system's, as often and in the order that it says. */
    private DnsServerAddressStreamProvider servers() {
        DnsServerAddressStreamProvider system = DnsServerAddressStreamProviders.platformDefault();
        List<InetSocketAddress> own = config.servers().stream()
                .map(one -> new InetSocketAddress(one.host(), one.port()))
                .toList();
        return name -> {
            List<InetSocketAddress> once = own.isEmpty() ? all(system.nameServerAddressStream(name)) : own;
            List<InetSocketAddress> tries = new ArrayList<>();
            for (int i = 0; i < config.tries(); i++) {
                tries.addAll(once);
            }
            return (config.rotate() ? DnsServerAddresses.shuffled(tries) : DnsServerAddresses.sequential(tries))
                    .stream();
        };
    }

    private static List<InetSocketAddress> all(DnsServerAddressStream stream) {
        List<InetSocketAddress> all = new ArrayList<>();
        for (int i = 0; i < stream.size(); i++) {
            all.add(stream.next());
        }
        return all;
    }
}
