package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Balancer;
import io.grpcweb.gateway.config.ClusterConfig.Discovery;
import io.grpcweb.gateway.config.ClusterConfig.Locality;
import io.grpcweb.gateway.config.ClusterConfig.TcpKeepalive;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.Subsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Clusters in the gateway's own format. */
final class ClusterFormat {
    /** Unlike Envoy's: {@code localhost} and names in networks without IPv6 have an IPv6 address that leads nowhere. */
    private static final Discovery.LookupFamily FAMILY = Discovery.LookupFamily.V4_PREFERRED;

    private static final ClusterConfig.TlsMatch NO_MATCH = new ClusterConfig.TlsMatch("", Map.of(), Optional.empty());
    private static final TcpKeepalive KEEPALIVE =
            new TcpKeepalive(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** The policy is all that must be said. */
    private static final Brief<Balancer> POLICY = (owner, key, text) ->
            Optional.of(Balancer.ROUND_ROBIN.with(owner.choice(key, Balancer.ROUND_ROBIN.policy())));

    private ClusterFormat() {}

    /** What holds in a cluster of this name where nothing is written. */
    static ClusterConfig usual(String name) {
        return ClusterConfig.plain(
                name,
                new Discovery(
                        Discovery.Type.STATIC,
                        Duration.ofSeconds(5),
                        false,
                        FAMILY,
                        ClusterConfig.Resolver.SYSTEM,
                        "",
                        false),
                EndpointFormat.USUAL,
                OwnDefaults.CONNECT_TIMEOUT,
                Optional.empty(),
                Origin.NONE);
    }

    static ClusterConfig fields(Fields own, ClusterConfig given) {
        Assignment assignment = EndpointFormat.fields(own, given.assignment());
        return new ClusterConfig(
                given.name(),
                discovery(own.in("dns"), given.discovery(), assignment.localities()),
                assignment,
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
                own.sections("tls-matches", given.tlsMatches(), NO_MATCH, ClusterFormat::tlsMatch),
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
                own.sections("hash", given.hashPolicies(), ForwardFormat.HASH, ForwardFormat::hash),
                own.section(
                        "outlier-detection",
                        given.outlierDetection(),
                        ClusterConfig.OutlierDetection.DEFAULT,
                        ResilienceFormat::outliers),
                own.sections("health-checks", given.healthChecks(), HealthCheckFormat.USUAL, HealthCheckFormat::fields),
                own.origin());
    }

    private static ClusterConfig.TlsMatch tlsMatch(Fields own, ClusterConfig.TlsMatch given) {
        return new ClusterConfig.TlsMatch(
                own.text("name", given.name()),
                EndpointFormat.metadata(own, new Metadata(given.criteria())).byReader(),
                TlsFormat.upstream(own, given.tls()));
    }

    private static Discovery discovery(Fields dns, Discovery given, List<Locality> localities) {
        Discovery.Type usual = defaultType(localities);
        Discovery.Type type = dns.choice("type", given.type(), usual);
        if (type == Discovery.Type.STATIC && usual != type) {
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
                dns.duration("refresh", given.refresh()),
                dns.flag("respect-ttl", given.respectTtl()),
                dns.choice("family", given.family()),
                resolver(dns, given.resolver()),
                given.service(),
                dns.flag("forgets-healthy", given.forgetsHealthy()));
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
                .allMatch(host -> host.address().isPipe()
                        || host.address().isLocal()
                        || Addresses.isIp(host.address().host()));
        return addresses ? Discovery.Type.STATIC : Discovery.Type.STRICT_DNS;
    }

    private static Balancer balancer(Fields own, Balancer given) {
        return new Balancer(
                own.choice("policy", given.policy()),
                own.integer("choices", given.choices(), 2, Integer.MAX_VALUE),
                own.decimal("bias", given.bias()),
                own.whole("minimum-ring-size", given.minimumRingSize()),
                own.whole("maximum-ring-size", given.maximumRingSize()),
                own.integer("table-size", given.tableSize(), 1, 5_000_011),
                own.decimal("panic-threshold", given.panicThreshold()),
                new Balancer.SlowStart(
                        own.duration("slow-start", given.slowStart().window()),
                        own.decimal("slow-start-aggression", given.slowStart().aggression()),
                        own.share("slow-start-minimum", given.slowStart().minimum())),
                own.flag("locality-weighted", given.localityWeighted()),
                own.section("subsets", given.subsets(), Subsets.NONE, ClusterFormat::subsets));
    }

    private static Subsets subsets(Fields own, Subsets given) {
        Subsets.Fallback fallback = own.choice("fallback", given.fallback());
        if (fallback == Subsets.Fallback.KEYS) {
            own.error("fallback", "'keys' is for a selector, which says which of its keys are left");
        }
        return new Subsets(
                fallback,
                Metadata.of(own.map("default", given.defaults())).byReader(),
                own.sections("selectors", given.selectors(), Subsets.Selector.NONE, ClusterFormat::selector));
    }

    /** Without a fallback of its own that of all holds. */
    private static Subsets.Selector selector(Fields own, Subsets.Selector given) {
        Optional<Subsets.Fallback> fallback = own.text(
                        "fallback", given.fallback().map(one -> one.name().toLowerCase(Locale.ROOT)))
                .flatMap(text -> fallback(own, text));
        Set<String> keys = keys(own, "keys", given.keys());
        Set<String> fewer = keys(own, "fallback-keys", given.fallbackKeys());
        Subsets.Selector found = new Subsets.Selector(keys, fallback, fewer);
        if (!found.isSound()) {
            own.error("fallback-keys", "some of the keys are expected, and not all of them");
        }
        return found;
    }

    private static Optional<Subsets.Fallback> fallback(Fields own, String text) {
        Optional<Subsets.Fallback> found = Stream.of(Subsets.Fallback.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst();
        if (found.isEmpty()) {
            own.error("fallback", "'" + text + "' is none of none, any, default and keys");
        }
        return found;
    }

    private static Set<String> keys(Fields own, String key, Set<String> given) {
        return Set.copyOf(own.texts(key, given.stream().sorted().toList()));
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
