package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.console.Backends;
import io.grpcweb.gateway.dynamic.DynamicSnapshot;
import io.grpcweb.gateway.explain.Explainer;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the pages show of the running gateway; called on the admin thread. */
public interface Snapshots {

    /** The configuration in force. */
    GatewayConfig config();

    /** When it was put in force. */
    Instant configuredAt();

    /** The last attempt to put another one in force, where that failed. */
    Optional<FailedReload> failedReload();

    /** All that was wrong with a configuration that was read again. */
    record FailedReload(String text, Instant when) {}

    /** What has come from elsewhere. */
    DynamicSnapshot dynamic();

    /** Says what a call would meet at this moment. */
    Explainer explainer();

    /** What the console may show and call; asked for once, when somebody opens it. */
    Backends backends();

    /** In the order in which they were made. */
    List<ClusterStatus> clusters();

    /** In the order of the configuration; those that drain are still named. */
    List<ListenerStatus> listeners();

    /** The certificates in use. */
    List<CertificateStatus> certificates();

    /**
     * A cluster at this moment.
     *
     * @param fromElsewhere whether it does not stand in the configuration
     */
    record ClusterStatus(ClusterConfig config, boolean fromElsewhere, List<HostStatus> hosts) {}

    /**
     * An endpoint at this moment.
     *
     * @param address as {@code ip:port}, or the path of a socket file
     * @param hostname the DNS name it was found under, or empty
     * @param healthFlags {@code healthy} or {@code /failed_active_hc/...}
     * @param successRate percent, -1 where unknown
     */
    record HostStatus(
            SocketAddress address,
            String hostname,
            String healthFlags,
            int weight,
            String region,
            String zone,
            String subZone,
            int priority,
            double successRate,
            long cxActive,
            long cxConnectFail,
            long cxTotal,
            long rqActive,
            long rqError,
            long rqSuccess,
            long rqTimeout,
            long rqTotal) {}

    /** A listener and where it listens. */
    record ListenerStatus(String name, SocketAddress address) {}

    /**
     * A certificate in use.
     *
     * @param authority whether it is a CA to check others with
     * @param path of the file, or {@code <inline>}
     * @param serialNumber in lower-case hex
     * @param dnsNames and further subject alternative names
     */
    record CertificateStatus(
            boolean authority,
            String path,
            String serialNumber,
            List<String> dnsNames,
            Instant validFrom,
            Instant expiration) {}
}
