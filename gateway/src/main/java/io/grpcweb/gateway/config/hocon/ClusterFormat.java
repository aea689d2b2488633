package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Balancer;
import io.grpcweb.gateway.config.ClusterConfig.Discovery;
import io.grpcweb.gateway.config.ClusterConfig.Host;
import io.grpcweb.gateway.config.ClusterConfig.Locality;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Clusters in the gateway's own format. */
final class ClusterFormat {
    private static final Duration REFRESH = Duration.ofSeconds(5);

    /** Unlike Envoy's: {@code localhost} and names in networks without IPv6 have an IPv6 address that leads nowhere. */
    private static final Discovery.LookupFamily FAMILY = Discovery.LookupFamily.V4_PREFERRED;

    private static final Locality NOWHERE = new Locality("", "", "", 0, 1, List.of());

    private ClusterFormat() {}

    static ClusterConfig read(String name, Section cluster) {
        List<Locality> localities = localities(cluster);
        return new ClusterConfig(
                name,
                discovery(cluster, localities),
                localities,
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

    private static List<Locality> localities(Section cluster) {
        List<Locality> found = new ArrayList<>();
        if (cluster.has("localities")) {
            for (Section one : cluster.sections("localities")) {
                found.add(new Locality(
                        one.text("region", ""),
                        one.text("zone", ""),
                        one.text("sub-zone", ""),
                        one.integer("priority", 0),
                        one.integer("weight", 1),
                        hosts(one)));
            }
        } else {
            List<Host> hosts = hosts(cluster);
            found.add(new Locality("", "", "", 0, 1, hosts));
            if (hosts.isEmpty() && cluster.items("endpoints").isEmpty()) {
                cluster.error("endpoints", "at least one endpoint is required: endpoints = [\"localhost:50051\"]");
            }
        }
        return found;
    }

    private static List<Host> hosts(Section owner) {
        List<Host> hosts = new ArrayList<>();
        int index = 0;
        for (ConfigValue item : owner.items("endpoints")) {
            String where = owner.path("endpoints") + "[" + index++ + "]";
            if (item.valueType() == ConfigValueType.STRING) {
                backend(owner, "endpoints", (String) item.unwrapped())
                        .map(Host::at)
                        .ifPresent(hosts::add);
                continue;
            }
            owner.section(item, where).ifPresent(one -> {
                if (!one.has("address")) {
                    one.error("", "'address' is required");
                }
                one.text("address")
                        .flatMap(text -> backend(one, "address", text))
                        .ifPresent(address -> hosts.add(new Host(
                                address,
                                additional(one, address),
                                one.text("hostname", ""),
                                one.integer("weight", 1),
                                one.choice(
                                        "health", ClusterConfig.HealthStatus.class, ClusterConfig.HealthStatus.UNKNOWN),
                                one.integer("health-port", 0, 0, 65_535))));
            });
        }
        return hosts;
    }

    private static Optional<Endpoint> backend(Section section, String key, String text) {
        Optional<Endpoint> address = Endpoint.parse(text);
        if (address.isEmpty()) {
            section.error(
                    key,
                    text.startsWith("srv:")
                            ? "'" + text
                                    + "' is no name of SRV records: write \"srv:_grpc._tcp.backend.example\", without"
                                    + " a port, which the records have"
                            : "'" + text + "' is not an address: write \"HOST:PORT\", \"unix:/path\" or"
                                    + " \"srv:_SERVICE._tcp.NAME\"");
        }
        if (address.isPresent() && address.get().isSrv() && section.has("weight")) {
            section.error("weight", "the records of " + text + " have weights");
        }
        return address;
    }

    private static List<Endpoint> additional(Section host, Endpoint address) {
        List<Endpoint> additional = host.endpoints("additional-addresses");
        if (!additional.isEmpty() && (address.isPipe() || !Addresses.isIp(address.host()))) {
            host.error(
                    "additional-addresses",
                    "'" + address + "' is no IP address: one endpoint has several of them, or a name");
        }
        return additional;
    }

    private static Discovery discovery(Section cluster, List<Locality> localities) {
        Section dns = cluster.sectionOrEmpty("dns");
        Discovery.Type type = dns.choice("type", Discovery.Type.class, defaultType(localities));
        if (type == Discovery.Type.STATIC && defaultType(localities) != type) {
            dns.error("type", "the endpoints of a static cluster are IP addresses, not names");
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
                resolver(dns));
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
                .allMatch(host ->
                        host.address().isPipe() || Addresses.isIp(host.address().host()));
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
                given.whole("minimum-ring-size", otherwise.minimumRingSize()),
                given.whole("maximum-ring-size", otherwise.maximumRingSize()),
                given.integer("table-size", otherwise.tableSize(), 1, 5_000_011),
                given.decimal("panic-threshold", otherwise.panicThreshold()),
                given.duration("slow-start", otherwise.slowStart()),
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
        boolean plain = cluster.localities().size() == 1
                && !cluster.localities().get(0).hosts().isEmpty()
                && cluster.localities().get(0).equals(moved(cluster.localities().get(0)));
        if (plain) {
            writeHosts(tree, cluster.localities().get(0));
        } else {
            tree.put(
                    "localities",
                    cluster.localities().stream().map(ClusterFormat::write).toList());
        }
        tree.put("protocol", cluster.protocol(), ClusterConfig.Protocol.HTTP2)
                .section(
                        "dns",
                        write(
                                new Tree()
                                        .put("type", cluster.discovery().type(), defaultType(cluster.localities()))
                                        .put("refresh", cluster.discovery().refresh(), REFRESH)
                                        .put("respect-ttl", cluster.discovery().respectTtl(), false)
                                        .put("family", cluster.discovery().family(), FAMILY),
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

    /** The same endpoints without a place. */
    private static Locality moved(Locality locality) {
        return new Locality(
                NOWHERE.region(),
                NOWHERE.zone(),
                NOWHERE.subZone(),
                NOWHERE.priority(),
                NOWHERE.weight(),
                locality.hosts());
    }

    private static Tree write(Locality locality) {
        Tree tree = new Tree()
                .put("region", locality.region(), "")
                .put("zone", locality.zone(), "")
                .put("sub-zone", locality.subZone(), "")
                .put("priority", locality.priority(), 0)
                .put("weight", locality.weight(), 1);
        writeHosts(tree, locality);
        return tree;
    }

    private static void writeHosts(Tree tree, Locality locality) {
        List<Object> written = new ArrayList<>();
        for (Host host : locality.hosts()) {
            written.add(
                    host.equals(Host.at(host.address()))
                            ? host.address()
                            : new Tree()
                                    .put("address", host.address())
                                    .list("additional-addresses", host.additional())
                                    .put("hostname", host.hostname(), "")
                                    .put("weight", host.weight(), 1)
                                    .put("health", host.health(), ClusterConfig.HealthStatus.UNKNOWN)
                                    .put("health-port", host.healthPort(), 0));
        }
        tree.put("endpoints", written);
    }

    private static void write(Tree cluster, Balancer balancer) {
        Balancer otherwise = Balancer.ROUND_ROBIN;
        Tree tree = new Tree()
                .put("policy", balancer.policy(), otherwise.policy())
                .put("choices", balancer.choices(), otherwise.choices())
                .put("minimum-ring-size", balancer.minimumRingSize(), otherwise.minimumRingSize())
                .put("maximum-ring-size", balancer.maximumRingSize(), otherwise.maximumRingSize())
                .put("table-size", balancer.tableSize(), otherwise.tableSize())
                .put("panic-threshold", balancer.panicThreshold(), otherwise.panicThreshold())
                .put("slow-start", balancer.slowStart(), otherwise.slowStart())
                .put("locality-weighted", balancer.localityWeighted(), otherwise.localityWeighted());
        cluster.section("balancer", tree);
    }
}
