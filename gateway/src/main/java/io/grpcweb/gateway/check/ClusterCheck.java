package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Discovery.LookupFamily;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.upstream.discovery.Discovery;
import io.grpcweb.gateway.upstream.discovery.EndpointInquiry;
import io.grpcweb.gateway.upstream.host.EndpointTls;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at one entry of the endpoints of a cluster: its name, and each address behind it. It blocks its thread. */
final class ClusterCheck {
    private final ClusterConfig cluster;
    private final EndpointTls tls;
    private final EventLoop loop;
    private final Surroundings around;
    private final boolean carriesCalls;

    /**
     * Of one cluster.
     *
     * @param tls of all its endpoints
     * @param carriesCalls whether gRPC calls of pages are routed to it
     */
    ClusterCheck(ClusterConfig cluster, EndpointTls tls, EventLoop loop, Surroundings around, boolean carriesCalls) {
        this.cluster = cluster;
        this.tls = tls;
        this.loop = loop;
        this.around = around;
        this.carriesCalls = carriesCalls;
    }

    /** What stands behind an entry of the configuration: addresses, or the reason why there are none. */
    record Resolved(List<Target> targets, List<Finding> findings) {}

    /** What was found at an address, and what the endpoint tells of its services. */
    record Result(ClusterConfig cluster, List<Finding> findings, Optional<ProtoSchema> services) {}

    Resolved resolve(ClusterConfig.Locality place, ClusterConfig.Host host) throws InterruptedException {
        Budget budget = Budget.of(around.patience());
        try (EndpointInquiry inquiry = new EndpointInquiry(cluster, loop)) {
            Future<List<Discovery.Found>> asked = inquiry.endpoints(place, host);
            if (!budget.half().await(asked) || !asked.isSuccess()) {
                Throwable failure = asked.isDone() ? asked.cause() : null;
                return new Resolved(
                        List.of(),
                        List.of(new NameFailure(cluster, inquiry, around.words(), budget).of(host, failure)));
            }
            List<Target> targets = new ArrayList<>();
            for (Discovery.Found found : asked.getNow()) {
                found.addresses().forEach(address -> targets.add(target(found, address)));
            }
            return new Resolved(targets, List.of());
        }
    }

    Result look(Target target) throws InterruptedException {
        Budget budget = Budget.of(around.patience());
        EndpointCheck.Result result = new EndpointCheck(loop, target, around.words(), budget).run();
        List<Finding> findings = new ArrayList<>(result.findings());
        if (!result.connected()) {
            try (EndpointInquiry inquiry = new EndpointInquiry(cluster, loop)) {
                findings.add(new ConnectFailure(target, around.inContainer())
                        .of(result.failure(), others(inquiry, target, budget), loop, budget));
            }
        }
        return new Result(cluster, findings, result.services());
    }

    private Target target(Discovery.Found found, SocketAddress address) {
        int match = EndpointTls.match(cluster, found.place(), found.host());
        Host host = new Host(found.place(), found.host(), found.addresses(), match, System.nanoTime());
        UpstreamTls secured = tls.of(host);
        Optional<TlsConfig.Upstream> config =
                match < 0 ? cluster.tls() : cluster.tlsMatches().get(match).tls();
        return new Target(
                cluster,
                found.host(),
                address,
                config,
                secured,
                secured == null ? null : secured.serverName(host, null),
                carriesCalls);
    }

    /** The addresses of the same name in the other family. */
    private static List<InetAddress> others(EndpointInquiry inquiry, Target target, Budget budget)
            throws InterruptedException {
        String name = target.host().address().host();
        if (!(target.address() instanceof InetSocketAddress ip)
                || !HandshakeFailure.isName(name)
                || target.host().address().isSrv()) {
            return List.of();
        }
        boolean v6 = ip.getAddress() instanceof Inet6Address;
        Future<List<InetAddress>> asked = inquiry.addresses(name, v6 ? LookupFamily.V4_ONLY : LookupFamily.V6_ONLY);
        return budget.half().await(asked) && asked.isSuccess() ? asked.getNow() : List.of();
    }
}
