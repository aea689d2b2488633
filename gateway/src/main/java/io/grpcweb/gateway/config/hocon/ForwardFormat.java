package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.HashPolicy;
import io.grpcweb.gateway.config.RouteConfig.RetryPolicy;
import io.grpcweb.gateway.config.RouteConfig.StreamLimits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Forwarding to a cluster, in the gateway's own format. */
final class ForwardFormat {
    private static final RetryPolicy RETRY = new RetryPolicy(
            List.of(), 1, Duration.ZERO, List.of(), List.of(), Duration.ofMillis(25), Duration.ofMillis(250), true);

    static final HashPolicy HASH = new HashPolicy(HashPolicy.Kind.HEADER, "", OptionalLong.empty(), false);
    private static final RouteConfig.Mirror MIRROR = new RouteConfig.Mirror("", 1);
    private static final RouteConfig.WeightedCluster WEIGHTED =
            new RouteConfig.WeightedCluster("", 1, HeaderRules.NONE, Optional.empty());

    private final Map<String, ClusterConfig> clusters;
    private final boolean unknownAllowed;
    private final Set<String> idempotent;

    /**
     * For the clusters of a file.
     *
     * @param unknownAllowed whether routes may name others
     * @param idempotent paths of methods that may be executed more than once
     */
    ForwardFormat(Map<String, ClusterConfig> clusters, boolean unknownAllowed, Set<String> idempotent) {
        this.clusters = clusters;
        this.unknownAllowed = unknownAllowed;
        this.idempotent = idempotent;
    }

    /** What holds where nothing is written. */
    static final Forward USUAL = new Forward(
            new ClusterChoice.Named(""),
            503,
            Optional.empty(),
            Optional.empty(),
            RouteConfig.HostRewrite.NONE,
            Optional.empty(),
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            Optional.of(new StreamLimits(Optional.empty(), Optional.of(Duration.ZERO), Duration.ZERO, false)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new RouteConfig.Resend(true, Set.of()),
            List.of(),
            List.of(),
            Map.of(),
            false,
            false,
            Map.of());

    /** Reads and writes what a cluster with a weight says of filters. */
    @FunctionalInterface
    interface ClusterFilters {
        Map<String, FilterOverride> fields(Fields cluster, Map<String, FilterOverride> given);
    }

    Forward fields(Fields route, Forward given, ClusterFilters filters) {
        ClusterChoice choice = choice(route, given.cluster(), filters);
        int notFoundStatus = route.integer("not-found-status", given.clusterNotFoundStatus(), 200, 599);
        Optional<String> prefixRewrite = route.text("prefix-rewrite", given.prefixRewrite());
        Optional<RouteConfig.RegexRewrite> regexRewrite =
                MatchFormat.rewrite(route, "regex-rewrite", given.regexRewrite());
        if (prefixRewrite.isPresent() && regexRewrite.isPresent()) {
            route.error("regex-rewrite", "only one of prefix-rewrite and regex-rewrite may be written");
        }
        return new Forward(
                choice,
                notFoundStatus,
                prefixRewrite,
                regexRewrite,
                hostRewrite(route, given.hostRewrite()),
                route.section(
                        "internal-redirects",
                        given.internalRedirect(),
                        RouteConfig.InternalRedirect.DEFAULT,
                        ForwardFormat::internalRedirect),
                route.duration("response-timeout", given.timeout()),
                route.duration("idle-timeout", given.idleTimeout()),
                route.duration("flush-timeout", given.flushTimeout()),
                limits(route, given.streamLimits()),
                route.duration("max-grpc-timeout", given.maxGrpcTimeout()),
                route.duration("grpc-timeout-offset", given.grpcTimeoutOffset()),
                route.section("retry", given.retry(), RETRY, ForwardFormat::retry),
                new RouteConfig.Resend(route.flag("resend", given.resend().unseen()), idempotent),
                route.sections("hash", given.hashPolicies(), HASH, ForwardFormat::hash),
                route.sections("mirrors", given.mirrors(), MIRROR, this::mirror),
                route.by(given.upgrades(), ForwardFormat::readUpgrades, ForwardFormat::writeUpgrades),
                route.flag("high-priority", given.highPriority()),
                route.flag("grpc-only", given.grpcOnly(), grpcOnly(choice)),
                endpointsWith(route, given.endpointsWith()));
    }

    private static RouteConfig.HostRewrite hostRewrite(Fields route, RouteConfig.HostRewrite given) {
        return new RouteConfig.HostRewrite(
                route.text("host-rewrite", given.literal()),
                route.flag("host-from-endpoint", given.fromEndpoint()),
                route.text("host-from-header", given.header()).map(name -> name.toLowerCase(Locale.ROOT)),
                MatchFormat.rewrite(route, "host-from-path", given.fromPath()),
                route.flag("forward-host", given.forwardsOriginal()));
    }

    private static RouteConfig.InternalRedirect internalRedirect(Fields own, RouteConfig.InternalRedirect given) {
        return new RouteConfig.InternalRedirect(
                own.integer("most", given.most()),
                own.integers("statuses", given.statuses()),
                own.flag("cross-scheme", given.crossScheme()),
                own.texts("copy-headers", given.copied()).stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static Map<String, Boolean> readUpgrades(Section route) {
        Map<String, Boolean> upgrades = new LinkedHashMap<>();
        route.section("upgrades")
                .ifPresent(section -> section.keys().forEach(type -> upgrades.put(type, section.flag(type, true))));
        return upgrades;
    }

    private static void writeUpgrades(Tree route, Map<String, Boolean> upgrades) {
        if (!upgrades.isEmpty()) {
            route.put("upgrades", upgrades);
        }
    }

    private ClusterChoice choice(Fields route, ClusterChoice given, ClusterFilters filters) {
        Optional<ClusterChoice> written = Optional.of(given);
        Optional<ClusterChoice.ByHeader> header = route.text(
                        "cluster-header",
                        Either.part(written, ClusterChoice.ByHeader.class).map(ClusterChoice.ByHeader::header))
                .map(ClusterChoice.ByHeader::new);
        if (header.isPresent()) {
            return header.get();
        }
        Optional<ClusterChoice.Weighted> weighted = route.ifWritten(
                "clusters",
                Either.part(written, ClusterChoice.Weighted.class),
                new ClusterChoice.Weighted(List.of(), Optional.empty(), false),
                (fields, one) -> new ClusterChoice.Weighted(
                        fields.sections(
                                "clusters", one.clusters(), WEIGHTED, (own, other) -> weighted(own, other, filters)),
                        fields.text("random-from-header", one.randomHeader())
                                .map(name -> name.toLowerCase(Locale.ROOT)),
                        fields.flag("random-from-hash", one.byHash())));
        weighted.filter(choice -> choice.byHash()
                        && choice.clusters().stream()
                                .anyMatch(one -> !one.filters().isEmpty()))
                .ifPresent(choice -> route.error(
                        "random-from-hash",
                        "the filters of a cluster are chosen before there is a hash: leave out this or those filters"));
        return weighted.isPresent() ? weighted.get() : named(route, (ClusterChoice.Named) given);
    }

    /** The only one there is need not be named. */
    private ClusterChoice named(Fields route, ClusterChoice.Named given) {
        String only = clusters.size() == 1 ? clusters.keySet().iterator().next() : "";
        String name = route.text("cluster", route.writing() ? given.cluster() : only);
        requireCluster(route, "cluster", name);
        return new ClusterChoice.Named(name);
    }

    private RouteConfig.WeightedCluster weighted(
            Fields own, RouteConfig.WeightedCluster given, ClusterFilters filters) {
        String name = MatchFormat.name(own, given.cluster());
        requireCluster(own, "name", name);
        return new RouteConfig.WeightedCluster(
                name,
                own.integer("weight", given.weight()),
                HeaderFormat.rules(own, given.headers()),
                own.text("host-rewrite", given.hostRewrite()),
                filters.fields(own, given.filters()),
                endpointsWith(own, given.endpointsWith()));
    }

    /** Any keys with values. */
    static Map<String, Object> endpointsWith(Fields own, Map<String, Object> given) {
        return Metadata.of(own.map("endpoints-with", given)).byReader();
    }

    private RouteConfig.Mirror mirror(Fields own, RouteConfig.Mirror given) {
        String cluster = own.text("cluster", given.cluster());
        requireCluster(own, "cluster", cluster);
        return new RouteConfig.Mirror(cluster, own.share("share", given.fraction()));
    }

    private void requireCluster(Fields section, String key, String name) {
        if (name.isEmpty()) {
            section.error("", "'" + key + "' is required: one of the clusters " + String.join(", ", clusters.keySet()));
        } else if (!clusters.containsKey(name) && !unknownAllowed) {
            section.error(
                    key,
                    "there is no cluster '" + name + "'; clusters has "
                            + (clusters.isEmpty() ? "none" : String.join(", ", clusters.keySet())));
        }
    }

    /** Whether nothing but gRPC belongs to the clusters. */
    private boolean grpcOnly(ClusterChoice choice) {
        if (choice instanceof ClusterChoice.Named named) {
            return isGrpc(named.cluster());
        }
        return choice instanceof ClusterChoice.Weighted weighted
                && weighted.clusters().stream().allMatch(one -> isGrpc(one.cluster()));
    }

    private boolean isGrpc(String name) {
        ClusterConfig cluster = clusters.get(name);
        return cluster != null && cluster.protocol() == ClusterConfig.Protocol.HTTP2;
    }

    /** What becomes of a caller's deadline. */
    private enum Deadlines {
        ENFORCE,
        IGNORE,
        OFF
    }

    private static Optional<StreamLimits> limits(Fields route, Optional<StreamLimits> given) {
        Deadlines deadlines = route.choice(
                "deadlines",
                given.isEmpty()
                        ? Deadlines.OFF
                        : given.get().grpcHeaderMax().isEmpty() ? Deadlines.IGNORE : Deadlines.ENFORCE);
        Optional<Duration> max = route.duration("timeout", given.flatMap(StreamLimits::max));
        Duration cap = route.duration(
                "max-timeout", given.flatMap(StreamLimits::grpcHeaderMax).orElse(Duration.ZERO));
        Duration offset = route.duration(
                "timeout-offset", given.map(StreamLimits::grpcHeaderOffset).orElse(Duration.ZERO));
        boolean beyond = route.flag(
                "deadline-beyond-stream-max",
                given.map(StreamLimits::beyondListener).orElse(false));
        return switch (deadlines) {
            case ENFORCE -> Optional.of(new StreamLimits(max, Optional.of(cap), offset, beyond));
            case IGNORE -> Optional.of(new StreamLimits(max, Optional.empty(), offset, beyond));
            case OFF -> Optional.empty();
        };
    }

    private static RetryPolicy retry(Fields own, RetryPolicy given) {
        Fields backOff = own.in("back-off");
        return new RetryPolicy(
                own.texts("on", given.on()),
                own.integer("retries", given.retries()),
                own.duration("per-try-timeout", given.perTryTimeout()),
                own.integers("status-codes", given.statusCodes()),
                MatchFormat.headers(own, "retriable-headers", given.retriableHeaders()),
                MatchFormat.headers(own, "request-headers", given.requestHeaders()),
                backOff.duration("base", given.backOffBase()),
                backOff.duration("max", given.backOffMax()),
                own.flag("other-endpoint-first", given.avoidPreviousHosts()));
    }

    static HashPolicy hash(Fields own, HashPolicy given) {
        OptionalLong seconds = given.cookieTtlSeconds();
        Optional<Duration> ttl = own.duration(
                "cookie-ttl",
                seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty());
        return new HashPolicy(
                own.choice("of", given.kind()),
                own.text("name", given.name()),
                ttl.map(time -> OptionalLong.of(time.toSeconds())).orElse(OptionalLong.empty()),
                own.flag("terminal", given.terminal()));
    }
}
