package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.testing.Copy;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.upstream.host.Host;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Endpoints and configurations for the tests of this package. */
public final class Fixtures {
    private static final ClusterConfig BASE = Setup.parse("""
            listeners.main {}
            clusters.backend {
              endpoints = ["127.0.0.1:1"], dns.family = auto
              health-checks = [{ timeout = 250ms, path = "/healthz", service = "desk1" }]
            }
            """).clusters().get(0);

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
        return Copy.of(ClusterConfig.Balancer.ROUND_ROBIN)
                .with("policy", policy)
                .get();
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
        return Copy.of(BASE)
                .with(
                        "discovery",
                        Copy.of(BASE.discovery())
                                .with("type", discovery)
                                .with("forgetsHealthy", forgetsHealthy)
                                .get())
                .with("assignment", Assignment.of(List.of(localities)))
                .with("balancer", balancer)
                .with("outlierDetection", outliers)
                .with("healthChecks", checks)
                .get();
    }

    /** A cluster whose endpoints a control plane names; clusters with other periods differ. */
    public static ClusterConfig eds(String service, int refreshSeconds) {
        ClusterConfig.Discovery discovery = Copy.of(BASE.discovery())
                .with("type", ClusterConfig.Discovery.Type.EDS)
                .with("refresh", Duration.ofSeconds(refreshSeconds))
                .with("service", service)
                .get();
        return Copy.of(cluster()).with("discovery", discovery).get();
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
        return Copy.of(BASE.healthChecks().get(0))
                .with("kind", kind)
                .with("interval", pauses[0])
                .with("noTrafficInterval", pauses[1])
                .with("unhealthyInterval", pauses[2])
                .with("unhealthyEdgeInterval", pauses[3])
                .with("healthyEdgeInterval", pauses[4])
                .with("unhealthyThreshold", unhealthyThreshold)
                .with("healthyThreshold", healthyThreshold)
                .with("http2", http2)
                .with("send", send)
                .with("receive", receive)
                .get();
    }
}
