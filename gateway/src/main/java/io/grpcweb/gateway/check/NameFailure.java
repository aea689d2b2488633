package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Discovery.LookupFamily;
import io.grpcweb.gateway.upstream.discovery.EndpointInquiry;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.List;

/** Says why the name of an endpoint has no address, and whether another family would have one. */
final class NameFailure {
    private final ClusterConfig cluster;
    private final EndpointInquiry inquiry;
    private final Words words;
    private final Budget budget;

    NameFailure(ClusterConfig cluster, EndpointInquiry inquiry, Words words, Budget budget) {
        this.cluster = cluster;
        this.inquiry = inquiry;
        this.words = words;
        this.budget = budget;
    }

    /** @param failure null where no answer has come in time */
    Finding of(ClusterConfig.Host host, Throwable failure) throws InterruptedException {
        String what = "cluster " + cluster.name() + ", " + host.address();
        String where = cluster.place().text();
        String name = host.address().host();
        if (failure == null || has(failure, DnsNameResolverTimeoutException.class)) {
            return Finding.broken(
                    what,
                    where,
                    "no name server answers the question for \"" + name + "\"",
                    "see whether the name servers can be reached; " + words.nameServers());
        }
        if (host.address().isSrv()) {
            return Finding.broken(
                    what,
                    where,
                    "\"" + name + "\" has no SRV records with targets that have addresses: "
                            + HandshakeFailure.reason(failure),
                    "compare with: dig SRV " + name);
        }
        LookupFamily family = cluster.discovery().family();
        if (family == LookupFamily.V4_ONLY || family == LookupFamily.V6_ONLY) {
            LookupFamily other = family == LookupFamily.V4_ONLY ? LookupFamily.V6_ONLY : LookupFamily.V4_ONLY;
            Future<List<InetAddress>> asked = inquiry.addresses(name, other);
            if (budget.await(asked) && asked.isSuccess()) {
                return Finding.broken(
                        what,
                        where,
                        "\"" + name + "\" has " + (other == LookupFamily.V6_ONLY ? "IPv6" : "IPv4")
                                + " addresses alone ("
                                + asked.getNow().get(0).getHostAddress() + "), and the cluster asks for "
                                + (family == LookupFamily.V4_ONLY ? "IPv4" : "IPv6"),
                        words.lookupFamily());
            }
        }
        return Finding.broken(
                what,
                where,
                isUnknown(failure)
                        ? "there is no such name \"" + name + "\""
                        : "the name servers give no address for \"" + name + "\": " + HandshakeFailure.reason(failure),
                "correct the name; in Docker it is that of the service and on its network, in Kubernetes"
                        + " SERVICE.NAMESPACE.svc.cluster.local; " + words.nameServers());
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (type.isInstance(one)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUnknown(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof DnsErrorCauseException answer) {
                return answer.getCode().equals(DnsResponseCode.NXDOMAIN);
            }
        }
        return false;
    }
}
