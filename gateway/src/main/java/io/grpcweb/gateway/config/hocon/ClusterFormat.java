package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Balancer;
import io.grpcweb.gateway.config.ClusterConfig.Discovery;
import io.grpcweb.gateway.config.ClusterConfig.Host;
import io.grpcweb.gateway.config.ClusterConfig.Locality;
import io.grpcweb.gateway.config.ClusterConfig.TcpKeepalive;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Clusters in the gateway's own format. */
final class ClusterFormat {
    /** Unlike Envoy's: {@code localhost} and names in networks without IPv6 have an IPv6 address that leads nowhere. */
    private static final Discovery.LookupFamily FAMILY = Discovery.LookupFamily.V4_PREFERRED;

    /** Stands for what is wrong. */
    private static final Host NO_HOST = Host.at(new Endpoint("0.0.0.0", 0));

    private static final Locality NOWHERE = new Locality("", "", "", 0, 1, List.of());
    private static final TcpKeepalive KEEPALIVE =
            new TcpKeepalive(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    private static final Brief<Host> ADDRESS = new Brief<>() {
        @Override
        public Optional<Host> read(Fields owner, String key, String text) {
            return Optional.of(Host.at(backend(owner, key, text)));
        }

        @Override
        public Optional<String> write(Host host) {
            return host.equals(Host.at(host.address())) ? Optional.of(Tree.text(host.address())) : Optional.empty();
        }
    };

    /** The policy is all that must be said. */
    private static final Brief<Balancer> POLICY = new Brief<>() {
        @Override
        public Optional<Balancer> read(Fields owner, String key, String text) {
            return Optional.of(Balancer.ROUND_ROBIN.with(owner.choice(key, Balancer.ROUND_ROBIN.policy())));
        }

        @Override
        public Optional<String> write(Balancer balancer) {
            return Optional.empty();
        }
    };

    private ClusterFormat() {}

    /** What holds in a cluster of this name where nothing is written. */
    static ClusterConfig usual(String name) {
        return new ClusterConfig(
                name,
                new Discovery(
                        Discovery.Type.STATIC, Duration.ofSeconds(5), false, FAMILY, ClusterConfig.Resolver.SYSTEM),
                List.of(NOWHERE.with(List.of(NO_HOST))),
                Balancer.ROUND_ROBIN,
                ClusterConfig.Protocol.HTTP2,
                OwnDefaults.CONNECT_TIMEOUT,
                Optional.empty(),
                Duration.ofHours(1),
                Duration.ZERO,
                Duration.ZERO,
                OptionalInt.empty(),
                false,
                ListenerConfig.DEFAULT_BUFFER_BYTES,
                Optional.empty(),
                Optional.empty(),
                ClusterConfig.Http2.DEFAULT,
                ClusterConfig.Breakers.DEFAULT,
                Optional.empty(),
                List.of(),
                Origin.NONE);
    }

    static ClusterConfig fields(Fields own, ClusterConfig given) {
        List<Locality> localities = localities(own, given.localities());
        return new ClusterConfig(
                given.name(),
                discovery(own.in("dns"), given.discovery(), localities),
                localities,
                own.section(
                                "balancer",
                                Optional.of(given.balancer()),
                                Balancer.ROUND_ROBIN,
                                ClusterFormat::balancer,
                                POLICY)
                        .orElse(given.balancer()),
                own.choice("protocol", given.protocol()),
                own.duration("connect-timeout", given.connectTimeout()),
                TlsFormat.upstream(own, given.tls()),
                own.duration("idle-timeout", given.idleTimeout()),
                own.duration("max-connection-duration", given.maxConnectionDuration()),
                own.duration("max-stream-duration", given.maxStreamDuration()),
                own.integer("requests-per-connection", given.requestsPerConnection()),
                own.flag("http1-trailers", given.http1Trailers()),
                own.bytes("buffer", given.bufferBytes()),
                own.section("tcp-keepalive", given.tcpKeepalive(), KEEPALIVE, ClusterFormat::keepalive),
                own.endpoint("bind", given.bind()),
                own.section("http2", given.http2(), ClusterFormat::http2),
                own.section("breakers", given.breakers(), ResilienceFormat::breakers),
                own.section(
                        "outlier-detection",
                        given.outlierDetection(),
                        ClusterConfig.OutlierDetection.DEFAULT,
                        ResilienceFormat::outliers),
                own.sections("health-checks", given.healthChecks(), HealthCheckFormat.USUAL, HealthCheckFormat::fields),
                own.origin());
    }

    /** The endpoints of the only place, if nothing is said of it, stand in the cluster itself. */
    private static List<Locality> localities(Fields own, List<Locality> given) {
        boolean plain = given.size() == 1
                && !given.get(0).hosts().isEmpty()
                && given.get(0).equals(NOWHERE.with(given.get(0).hosts()));
        return own.ifWritten(
                        "localities",
                        Optional.of(given).filter(all -> !plain),
                        List.of(),
                        (fields, all) -> fields.sections("localities", all, NOWHERE, ClusterFormat::locality))
                .orElseGet(() -> {
                    Locality only = given.get(0).with(hosts(own, given.get(0).hosts()));
                    if (only.hosts().isEmpty() || !own.has("endpoints")) {
                        own.error("endpoints", "at least one endpoint is required: endpoints = [\"localhost:50051\"]");
                    }
                    return List.of(only);
                });
    }

    static Locality locality(Fields own, Locality given) {
        return new Locality(
                own.text("region", given.region()),
                own.text("zone", given.zone()),
                own.text("sub-zone", given.subZone()),
                own.integer("priority", given.priority()),
                own.integer("weight", given.weight()),
                hosts(own, given.hosts()));
    }

    private static List<Host> hosts(Fields own, List<Host> given) {
        return own.sections("endpoints", given, NO_HOST, ClusterFormat::host, ADDRESS);
    }

    private static Host host(Fields own, Host given) {
        if (!own.has("address")) {
            own.error("", "'address' is required");
        }
        Endpoint address = backend(own, "address", own.text("address", Tree.text(given.address())));
        return new Host(
                address,
                additional(own, given.additional(), address),
                own.text("hostname", given.hostname()),
                own.integer("weight", given.weight()),
                own.choice("health", given.health()),
                own.integer("health-port", given.healthPort(), 0, 65_535));
    }

    private static Endpoint backend(Fields own, String key, String text) {
        Optional<Endpoint> address = Endpoint.parse(text);
        if (address.isEmpty()) {
            own.error(
                    key,
                    text.startsWith("srv:")
                            ? "'" + text
                                    + "' is no name of SRV records: write \"srv:_grpc._tcp.backend.example\", without"
                                    + " a port, which the records have"
                            : "'" + text + "' is not an address: write \"HOST:PORT\", \"unix:/path\" or"
                                    + " \"srv:_SERVICE._tcp.NAME\"");
        }
        if (address.isPresent() && address.get().isSrv() && own.has("weight")) {
            own.error("weight", "the records of " + text + " have weights");
        }
        return address.orElse(NO_HOST.address());
    }

    private static List<Endpoint> additional(Fields host, List<Endpoint> given, Endpoint address) {
        List<Endpoint> additional = host.endpoints("additional-addresses", given);
        if (!additional.isEmpty() && (address.isPipe() || !Addresses.isIp(address.host()))) {
            host.error(
                    "additional-addresses",
                    "'" + address + "' is no IP address: one endpoint has several of them, or a name");
        }
        return additional;
    }

    private static Discovery discovery(Fields dns, Discovery given, List<Locality> localities) {
        Discovery.Type usual = defaultType(localities);
        Discovery.Type type = dns.choice("type", given.type(), usual);
        if (type == Discovery.Type.STATIC && usual != type) {
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
                dns.duration("refresh", given.refresh()),
                dns.flag("respect-ttl", given.respectTtl()),
                dns.choice("family", given.family()),
                resolver(dns, given.resolver()));
    }

    private static ClusterConfig.Resolver resolver(Fields dns, ClusterConfig.Resolver given) {
        ClusterConfig.Resolver resolver = new ClusterConfig.Resolver(
                dns.endpoints("servers", given.servers()),
                dns.flag("rotate", given.rotate()),
                dns.flag("tcp", given.tcp()),
                dns.flag("search", given.search()),
                dns.duration("timeout", given.timeout()),
                dns.integer("tries", given.tries()),
                dns.bytes("max-payload", given.maxPayload()));
        if (resolver.timeout().isZero() || resolver.tries() == 0) {
            dns.error(resolver.timeout().isZero() ? "timeout" : "tries", "must be more than nothing");
        }
        if (resolver.maxPayload() < 512 || resolver.maxPayload() > 4096) {
            dns.error("max-payload", "must be from 512 to 4096 bytes");
        }
        return resolver;
    }

    /** Names are resolved; addresses stay. */
    private static Discovery.Type defaultType(List<Locality> localities) {
        boolean addresses = localities.stream()
                .flatMap(one -> one.hosts().stream())
                .allMatch(host ->
                        host.address().isPipe() || Addresses.isIp(host.address().host()));
        return addresses ? Discovery.Type.STATIC : Discovery.Type.STRICT_DNS;
    }

    private static Balancer balancer(Fields own, Balancer given) {
        return new Balancer(
                own.choice("policy", given.policy()),
                own.integer("choices", given.choices(), 2, Integer.MAX_VALUE),
                own.whole("minimum-ring-size", given.minimumRingSize()),
                own.whole("maximum-ring-size", given.maximumRingSize()),
                own.integer("table-size", given.tableSize(), 1, 5_000_011),
                own.decimal("panic-threshold", given.panicThreshold()),
                own.duration("slow-start", given.slowStart()),
                own.flag("locality-weighted", given.localityWeighted()));
    }

    private static TcpKeepalive keepalive(Fields own, TcpKeepalive given) {
        return new TcpKeepalive(
                own.integer("probes", given.probes()),
                own.integer("time-s", given.timeSeconds()),
                own.integer("interval-s", given.intervalSeconds()));
    }

    private static ClusterConfig.Http2 http2(Fields own, ClusterConfig.Http2 given) {
        return new ClusterConfig.Http2(
                own.integer("max-concurrent-streams", given.maxConcurrentStreams()),
                own.bytes("stream-window", given.streamWindow()),
                own.bytes("connection-window", given.connectionWindow()),
                own.section("keepalive", given.keepalive(), HttpFormat::keepalive),
                HttpFormat.outbound(own, given.outbound()));
    }
}
