package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.config.ClusterConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.BiConsumer;

/** The addresses of a name: each an endpoint (STRICT_DNS), or one endpoint that has them all (LOGICAL_DNS). */
final class NamedEndpoints implements EndpointLookup {
    private final ClusterConfig.Locality place;
    private final ClusterConfig.Host host;
    private final boolean logical;
    private final DnsLookup lookup;

    NamedEndpoints(
            ClusterConfig.Locality place,
            ClusterConfig.Host host,
            ClusterConfig.Discovery discovery,
            DnsClient client) {
        this.place = place;
        this.host = host;
        this.logical = discovery.type() == ClusterConfig.Discovery.Type.LOGICAL_DNS;
        this.lookup = new DnsLookup(host.address().host(), discovery.family(), client);
    }

    @Override
    public void resolve(BiConsumer<Answer, Throwable> done) {
        lookup.resolve((answer, reason) ->
                done.accept(answer == null ? null : new Answer(endpoints(answer), answer.ttl()), reason));
    }

    private List<Discovery.Found> endpoints(DnsLookup.Answer answer) {
        List<SocketAddress> addresses = answer.addresses().stream()
                .<SocketAddress>map(
                        address -> new InetSocketAddress(address, host.address().port()))
                .toList();
        return logical
                ? List.of(new Discovery.Found(place, host, addresses))
                : addresses.stream()
                        .map(address -> new Discovery.Found(place, host, List.of(address)))
                        .toList();
    }

    @Override
    public void close() {
        lookup.close();
    }
}
