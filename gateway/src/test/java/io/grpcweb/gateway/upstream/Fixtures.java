package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.upstream.host.Host;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Endpoints and configurations for the tests of this package. */
public final class Fixtures {
    private Fixtures() {}

    public static ClusterConfig.Host endpoint(int number, int weight) {
        return new ClusterConfig.Host(
                new Endpoint("10.0.0." + number, 80),
                List.of(),
                "",
                weight,
                ClusterConfig.HealthStatus.UNKNOWN,
                0,
                Metadata.NONE);
    }

    public static ClusterConfig.Locality locality(String zone, int priority, int weight, ClusterConfig.Host... hosts) {
        return new ClusterConfig.Locality("here", zone, "", priority, weight, Metadata.NONE, List.of(hosts));
    }

    public static Host host(int number) {
        return host(number, 1, locality("a", 0, 1));
    }

    public static Host host(int number, int weight, ClusterConfig.Locality place) {
        try {
            InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
            return new Host(place, endpoint(number, weight), List.of(new InetSocketAddress(address, 80)), -1, 0);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static List<Host> hosts(int count) {
        List<Host> hosts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            hosts.add(host(i));
        }
        return hosts;
    }

    public static ClusterConfig.Balancer balancer(ClusterConfig.Balancer.Policy policy) {
        return new ClusterConfig.Balancer(
                policy, 2, 1, 1024, 8 << 20, 65537, 50, ClusterConfig.Balancer.SlowStart.NONE, false);
    }

    public static ClusterConfig cluster(ClusterConfig.Locality... localities) {
        return cluster(ClusterConfig.Discovery.Type.STATIC, ClusterConfig.Balancer.ROUND_ROBIN, localities);
    }

    public static ClusterConfig cluster(
            ClusterConfig.Discovery.Type discovery,
            ClusterConfig.Balancer balancer,
            ClusterConfig.Locality... localities) {
        return cluster(discovery, balancer, Optional.empty(), List.of(), localities);
    }

    public static ClusterConfig cluster(
            ClusterConfig.Discovery.Type discovery,
            ClusterConfig.Balancer balancer,
            Optional<ClusterConfig.OutlierDetection> outliers,
            List<ClusterConfig.HealthCheck> checks,
            ClusterConfig.Locality... localities) {
        return cluster(false, discovery, balancer, outliers, checks, localities);
    }

    public static ClusterConfig cluster(
            boolean forgetsHealthy,
            ClusterConfig.Discovery.Type discovery,
            ClusterConfig.Balancer balancer,
            Optional<ClusterConfig.OutlierDetection> outliers,
            List<ClusterConfig.HealthCheck> checks,
            ClusterConfig.Locality... localities) {
        return new ClusterConfig(
                "backend",
                new ClusterConfig.Discovery(
                        discovery,
                        Duration.ofSeconds(5),
                        false,
                        ClusterConfig.Discovery.LookupFamily.AUTO,
                        ClusterConfig.Resolver.SYSTEM,
                        "",
                        forgetsHealthy),
                Assignment.of(List.of(localities)),
                balancer,
                ClusterConfig.Protocol.HTTP2,
                Duration.ofSeconds(5),
                Optional.empty(),
                List.of(),
                Duration.ofHours(1),
                Duration.ZERO,
                Duration.ZERO,
                OptionalInt.empty(),
                false,
                1 << 20,
                Optional.empty(),
                Optional.empty(),
                ClusterConfig.Http2.DEFAULT,
                ClusterConfig.Breakers.DEFAULT,
                List.of(),
                outliers,
                checks,
                Origin.NONE);
    }

    /** A cluster whose endpoints a control plane names; clusters with other periods differ. */
    public static ClusterConfig eds(String service, int refreshSeconds) {
        ClusterConfig base = cluster();
        return new ClusterConfig(
                base.name(),
                new ClusterConfig.Discovery(
                        ClusterConfig.Discovery.Type.EDS,
                        Duration.ofSeconds(refreshSeconds),
                        false,
                        ClusterConfig.Discovery.LookupFamily.AUTO,
                        ClusterConfig.Resolver.SYSTEM,
                        service,
                        false),
                base.assignment(),
                base.balancer(),
                base.protocol(),
                base.connectTimeout(),
                base.tls(),
                base.tlsMatches(),
                base.idleTimeout(),
                base.maxConnectionDuration(),
                base.maxStreamDuration(),
                base.requestsPerConnection(),
                base.http1Trailers(),
                base.bufferBytes(),
                base.tcpKeepalive(),
                base.bind(),
                base.http2(),
                base.breakers(),
                base.hashPolicies(),
                base.outlierDetection(),
                base.healthChecks(),
                base.place());
    }

    /** Pauses: interval, without traffic, unhealthy, unhealthy edge, healthy edge. */
    public static ClusterConfig.HealthCheck healthCheck(
            ClusterConfig.HealthCheck.Kind kind, int unhealthyThreshold, int healthyThreshold, Duration[] pauses) {
        return healthCheck(kind, false, "", List.of(), unhealthyThreshold, healthyThreshold, pauses);
    }

    /** Every 20 ms, with thresholds of two. */
    public static ClusterConfig.HealthCheck healthCheck(
            ClusterConfig.HealthCheck.Kind kind, boolean http2, String send, List<String> receive) {
        Duration pause = Duration.ofMillis(20);
        return healthCheck(kind, http2, send, receive, 2, 2, new Duration[] {pause, pause, pause, pause, pause});
    }

    private static ClusterConfig.HealthCheck healthCheck(
            ClusterConfig.HealthCheck.Kind kind,
            boolean http2,
            String send,
            List<String> receive,
            int unhealthyThreshold,
            int healthyThreshold,
            Duration[] pauses) {
        return new ClusterConfig.HealthCheck(
                kind,
                Duration.ofMillis(250),
                pauses[0],
                Duration.ZERO,
                Duration.ZERO,
                0,
                unhealthyThreshold,
                healthyThreshold,
                true,
                pauses[1],
                pauses[2],
                pauses[3],
                pauses[4],
                "",
                "/healthz",
                "desk1",
                http2,
                List.of(),
                HeaderRules.NONE,
                send,
                receive);
    }
}
