package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.config.ClusterConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks once for the endpoints of a cluster as its discovery would, and says why there are none. Any thread may ask. */
public final class EndpointInquiry implements AutoCloseable {
    private final ClusterConfig cluster;
    private final EventLoop loop;
    private final DnsClient client;
    private final List<Runnable> open = new ArrayList<>();

    public EndpointInquiry(ClusterConfig cluster, EventLoop loop) {
        this.cluster = cluster;
        this.loop = loop;
        this.client = new DnsClient(loop, cluster.discovery().resolver());
    }

    /** What an entry of the configuration stands for; fails with the reason where there is no address. */
    public Future<List<Discovery.Found>> endpoints(ClusterConfig.Locality place, ClusterConfig.Host host) {
        Promise<List<Discovery.Found>> done = loop.newPromise();
        Optional<SocketAddress> literal = Discovery.literal(host.address());
        if (literal.isPresent()) {
            return done.setSuccess(List.of(new Discovery.Found(place, host, List.of(literal.get()))));
        }
        loop.execute(() -> {
            EndpointLookup lookup = host.address().isSrv()
                    ? new SrvEndpoints(place, host, cluster.discovery(), client)
                    : new NamedEndpoints(place, host, cluster.discovery(), client);
            open.add(lookup::close);
            lookup.resolve((answer, reason) -> {
                if (answer == null) {
                    done.tryFailure(reason);
                } else {
                    done.trySuccess(answer.found());
                }
            });
        });
        return done;
    }

    /** The addresses of a name in some family, whatever the cluster wants. */
    public Future<List<InetAddress>> addresses(String name, ClusterConfig.Discovery.LookupFamily family) {
        Promise<List<InetAddress>> done = loop.newPromise();
        loop.execute(() -> {
            DnsLookup lookup = new DnsLookup(name, family, client);
            open.add(lookup::close);
            lookup.resolve((answer, reason) -> {
                if (answer == null) {
                    done.tryFailure(reason);
                } else {
                    done.trySuccess(answer.addresses());
                }
            });
        });
        return done;
    }

    /** Nobody waits for what was asked any longer. */
    @Override
    public void close() {
        loop.execute(() -> open.forEach(Runnable::run));
    }
}
