package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Balancer;
import io.grpcweb.gateway.config.ClusterConfig.Discovery;
import io.grpcweb.gateway.config.ClusterConfig.Locality;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Clusters in the gateway's own format. */
final class ClusterFormat {
    private static final Duration REFRESH = Duration.ofSeconds(5);

    /** Unlike Envoy's: {@code localhost} and names in networks without IPv6 have an IPv6 address that leads nowhere. */
    private static final Discovery.LookupFamily FAMILY = Discovery.LookupFamily.V4_PREFERRED;

    private ClusterFormat() {}

    static ClusterConfig read(String name, Section cluster) {
        Assignment assignment = EndpointFormat.read(cluster);
        return new ClusterConfig(
                name,
                discovery(cluster, assignment.localities()),
                assignment,
                balancer(cluster),
                cluster.choice("protocol", ClusterConfig.Protocol.class, ClusterConfig.Protocol.HTTP2),
                cluster.duration("connect-timeout", OwnDefaults.CONNECT_TIMEOUT),
                TlsFormat.upstream(cluster),
                cluster.duration("idle-timeout", Duration.ofHours(1)),
                cluster.duration("max-connection-duration", Duration.ZERO),
                cluster.duration("max-stream-duration", Duration.ZERO),
                cluster.integer("requests-per-connection"),
                cluster.flag("http1-trailers", false),
                cluster.bytes("buffer", ListenerConfig.DEFAULT_BUFFER_BYTES),
                cluster.section("tcp-keepalive")
                        .map(one -> new ClusterConfig.TcpKeepalive(
                                one.integer("probes"), one.integer("time-s"), one.integer("interval-s"))),
                cluster.endpoint("bind"),
                http2(cluster),
                cluster.section("breakers", ClusterConfig.Breakers.DEFAULT, ResilienceFormat::breakers),
                cluster.section(
                        "outlier-detection",
                        Optional.empty(),
                        ClusterConfig.OutlierDetection.DEFAULT,
                        ResilienceFormat::outliers),
                cluster.sections("health-checks", List.of(), HealthCheckFormat.USUAL, HealthCheckFormat::fields),
                new Origin(cluster.place()));
    }

    private static Discovery discovery(Section cluster, List<Locality> localities) {
        Section dns = cluster.sectionOrEmpty("dns");
        Discovery.Type type = dns.choice("type", Discovery.Type.class, defaultType(localities));
        if (type == Discovery.Type.STATIC && defaultType(localities) != type) {
            dns.error("type", "the endpoints of a static cluster are IP addresses, not names");
        }
        if (type == Discovery.Type.EDS) {
            dns.error("type", "the endpoints stand in the cluster: write static, strict-dns or logical-dns");
        }
        boolean srv = localities.stream().flatMap(one -> one.hosts().stream()).anyMatch(host -> host.address()
                .isSrv());
        if (type == Discovery.Type.LOGICAL_DNS && srv) {
            dns.error(
                    "type",
                    "every target of SRV records is an endpoint: write strict-dns, or HOST:PORT as the endpoint");
        }
        return new Discovery(
                type,
                dns.duration("refresh", REFRESH),
                dns.flag("respect-ttl", false),
                dns.choice("family", Discovery.LookupFamily.class, FAMILY),
                resolver(dns),
                "",
                dns.flag("forgets-healthy", false));
    }

    private static ClusterConfig.Resolver resolver(Section dns) {
        ClusterConfig.Resolver otherwise = ClusterConfig.Resolver.SYSTEM;
        Duration timeout = dns.duration("timeout", otherwise.timeout());
        int tries = dns.integer("tries", otherwise.tries());
        if (timeout.isZero() || tries == 0) {
            dns.error(timeout.isZero() ? "timeout" : "tries", "must be more than nothing");
        }
        int maxPayload = dns.bytes("max-payload", otherwise.maxPayload());
        if (maxPayload < 512 || maxPayload > 4096) {
            dns.error("max-payload", "must be from 512 to 4096 bytes");
        }
        return new ClusterConfig.Resolver(
                dns.endpoints("servers"),
                dns.flag("rotate", otherwise.rotate()),
                dns.flag("tcp", otherwise.tcp()),
                dns.flag("search", otherwise.search()),
                timeout,
                tries,
                maxPayload);
    }

    private static Tree write(Tree dns, ClusterConfig.Resolver resolver) {
        ClusterConfig.Resolver otherwise = ClusterConfig.Resolver.SYSTEM;
        return dns.list("servers", resolver.servers())
                .put("rotate", resolver.rotate(), otherwise.rotate())
                .put("tcp", resolver.tcp(), otherwise.tcp())
                .put("search", resolver.search(), otherwise.search())
                .put("timeout", resolver.timeout(), otherwise.timeout())
                .put("tries", resolver.tries(), otherwise.tries())
                .put("max-payload", resolver.maxPayload(), otherwise.maxPayload());
    }

    /** Names are resolved; addresses stay. */
    private static Discovery.Type defaultType(List<Locality> localities) {
        boolean addresses = localities.stream()
                .flatMap(one -> one.hosts().stream())
                .allMatch(host -> host.address().isPipe()
                        || host.address().isLocal()
                        || Addresses.isIp(host.address().host()));
        return addresses ? Discovery.Type.STATIC : Discovery.Type.STRICT_DNS;
    }

    private static Balancer balancer(Section cluster) {
        Balancer otherwise = Balancer.ROUND_ROBIN;
        Section given = cluster.isText("balancer")
                ? cluster.sectionOrEmpty("no-balancer-section")
                : cluster.sectionOrEmpty("balancer");
        Balancer.Policy policy = cluster.isText("balancer")
                ? cluster.choice("balancer", Balancer.Policy.class, otherwise.policy())
                : given.choice("policy", Balancer.Policy.class, otherwise.policy());
        return new Balancer(
                policy,
                given.integer("choices", otherwise.choices(), 2, Integer.MAX_VALUE),
                given.decimal("bias", otherwise.bias()),
                given.whole("minimum-ring-size", otherwise.minimumRingSize()),
                given.whole("maximum-ring-size", otherwise.maximumRingSize()),
                given.integer("table-size", otherwise.tableSize(), 1, 5_000_011),
                given.decimal("panic-threshold", otherwise.panicThreshold()),
                new Balancer.SlowStart(
                        given.duration("slow-start", otherwise.slowStart().window()),
                        given.decimal(
                                "slow-start-aggression", otherwise.slowStart().aggression()),
                        given.share("slow-start-minimum", otherwise.slowStart().minimum())),
                given.flag("locality-weighted", otherwise.localityWeighted()));
    }

    private static ClusterConfig.Http2 http2(Section cluster) {
        Section http2 = cluster.sectionOrEmpty("http2");
        ClusterConfig.Http2 otherwise = ClusterConfig.Http2.DEFAULT;
        return new ClusterConfig.Http2(
                http2.integer("max-concurrent-streams", otherwise.maxConcurrentStreams()),
                http2.bytes("stream-window", otherwise.streamWindow()),
                http2.bytes("connection-window", otherwise.connectionWindow()),
                HttpFormat.keepalive(http2),
                HttpFormat.outbound(http2));
    }

    static Tree write(ClusterConfig cluster) {
        Tree tree = new Tree();
        EndpointFormat.write(tree, cluster.assignment());
        tree.put("protocol", cluster.protocol(), ClusterConfig.Protocol.HTTP2)
                .section(
                        "dns",
                        write(
                                new Tree()
                                        .put("type", cluster.discovery().type(), defaultType(cluster.localities()))
                                        .put("refresh", cluster.discovery().refresh(), REFRESH)
                                        .put("respect-ttl", cluster.discovery().respectTtl(), false)
                                        .put("family", cluster.discovery().family(), FAMILY)
                                        .put(
                                                "forgets-healthy",
                                                cluster.discovery().forgetsHealthy(),
                                                false),
                                cluster.discovery().resolver()));
        write(tree, cluster.balancer());
        tree.put("connect-timeout", cluster.connectTimeout(), OwnDefaults.CONNECT_TIMEOUT);
        cluster.tls().ifPresent(tls -> TlsFormat.write(tree, tls));
        tree.put("idle-timeout", cluster.idleTimeout(), Duration.ofHours(1))
                .put("max-connection-duration", cluster.maxConnectionDuration(), Duration.ZERO)
                .put("max-stream-duration", cluster.maxStreamDuration(), Duration.ZERO)
                .put("requests-per-connection", cluster.requestsPerConnection())
                .put("http1-trailers", cluster.http1Trailers(), false)
                .put("buffer", cluster.bufferBytes(), ListenerConfig.DEFAULT_BUFFER_BYTES);
        cluster.tcpKeepalive()
                .ifPresent(one -> tree.put(
                        "tcp-keepalive",
                        new Tree()
                                .put("probes", one.probes())
                                .put("time-s", one.timeSeconds())
                                .put("interval-s", one.intervalSeconds())));
        tree.put("bind", cluster.bind());
        ClusterConfig.Http2 otherwise = ClusterConfig.Http2.DEFAULT;
        tree.section(
                "http2",
                HttpFormat.write(
                        new Tree()
                                .put(
                                        "max-concurrent-streams",
                                        cluster.http2().maxConcurrentStreams(),
                                        otherwise.maxConcurrentStreams())
                                .put("stream-window", cluster.http2().streamWindow(), otherwise.streamWindow())
                                .put(
                                        "connection-window",
                                        cluster.http2().connectionWindow(),
                                        otherwise.connectionWindow()),
                        cluster.http2().keepalive(),
                        cluster.http2().outbound()));
        tree.section("breakers", cluster.breakers(), ClusterConfig.Breakers.DEFAULT, ResilienceFormat::breakers);
        tree.section(
                "outlier-detection",
                cluster.outlierDetection(),
                ClusterConfig.OutlierDetection.DEFAULT,
                ResilienceFormat::outliers);
        if (!cluster.healthChecks().isEmpty()) {
            tree.sections("health-checks", cluster.healthChecks(), HealthCheckFormat.USUAL, HealthCheckFormat::fields);
        }
        return tree;
    }

    private static void write(Tree cluster, Balancer balancer) {
        Balancer otherwise = Balancer.ROUND_ROBIN;
        Balancer.SlowStart slowStart = balancer.slowStart();
        Tree tree = new Tree()
                .put("policy", balancer.policy(), otherwise.policy())
                .put("choices", balancer.choices(), otherwise.choices())
                .put("bias", balancer.bias(), otherwise.bias())
                .put("minimum-ring-size", balancer.minimumRingSize(), otherwise.minimumRingSize())
                .put("maximum-ring-size", balancer.maximumRingSize(), otherwise.maximumRingSize())
                .put("table-size", balancer.tableSize(), otherwise.tableSize())
                .put("panic-threshold", balancer.panicThreshold(), otherwise.panicThreshold())
                .put("slow-start", slowStart.window(), otherwise.slowStart().window())
                .put(
                        "slow-start-aggression",
                        slowStart.aggression(),
                        otherwise.slowStart().aggression())
                .put(
                        "slow-start-minimum",
                        slowStart.minimum(),
                        otherwise.slowStart().minimum())
                .put("locality-weighted", balancer.localityWeighted(), otherwise.localityWeighted());
        cluster.section("balancer", tree);
    }
}
