package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.HashPolicy;
import io.grpcweb.gateway.config.RouteConfig.RetryPolicy;
import io.grpcweb.gateway.config.RouteConfig.StreamLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Forwarding to a cluster, in the gateway's own format. */
final class ForwardFormat {
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

    Forward read(Section route) {
        ClusterChoice choice = choice(route);
        Optional<RouteConfig.RegexRewrite> regexRewrite = MatchFormat.rewrite(route, "regex-rewrite");
        if (route.has("prefix-rewrite") && regexRewrite.isPresent()) {
            route.error("regex-rewrite", "only one of prefix-rewrite and regex-rewrite may be written");
        }
        Map<String, Boolean> upgrades = new LinkedHashMap<>();
        route.section("upgrades")
                .ifPresent(section -> section.keys().forEach(type -> upgrades.put(type, section.flag(type, true))));
        return new Forward(
                choice,
                route.integer("not-found-status", 503, 200, 599),
                route.text("prefix-rewrite"),
                regexRewrite,
                new RouteConfig.HostRewrite(
                        route.text("host-rewrite"),
                        route.flag("host-from-endpoint", false),
                        route.text("host-from-header").map(name -> name.toLowerCase(Locale.ROOT)),
                        MatchFormat.rewrite(route, "host-from-path"),
                        route.flag("forward-host", false)),
                route.duration("response-timeout", Duration.ZERO),
                route.duration("idle-timeout"),
                route.duration("flush-timeout"),
                limits(route),
                route.duration("max-grpc-timeout"),
                route.duration("grpc-timeout-offset"),
                route.section("retry").map(ForwardFormat::retry),
                new RouteConfig.Resend(route.flag("resend", true), idempotent),
                route.sections("hash").stream().map(ForwardFormat::hash).toList(),
                mirrors(route),
                upgrades,
                route.flag("high-priority", false),
                route.flag("grpc-only", grpcOnly(choice)));
    }

    void write(Tree tree, Forward forward) {
        if (forward.cluster() instanceof ClusterChoice.Named named) {
            tree.put("cluster", named.cluster());
        } else if (forward.cluster() instanceof ClusterChoice.ByHeader header) {
            tree.put("cluster-header", header.header());
        } else {
            ClusterChoice.Weighted weighted = (ClusterChoice.Weighted) forward.cluster();
            tree.put("random-from-header", weighted.randomHeader()).put("random-from-hash", weighted.byHash(), false);
            tree.list("clusters", weighted.clusters(), one -> {
                Tree cluster = new Tree().put("name", one.cluster()).put("weight", one.weight());
                HeaderFormat.write(cluster, one.headers());
                return cluster.put("host-rewrite", one.hostRewrite());
            });
        }
        tree.put("not-found-status", forward.clusterNotFoundStatus(), 503)
                .put("prefix-rewrite", forward.prefixRewrite());
        forward.regexRewrite().ifPresent(rewrite -> tree.put("regex-rewrite", MatchFormat.write(rewrite)));
        RouteConfig.HostRewrite host = forward.hostRewrite();
        host.fromPath().ifPresent(rewrite -> tree.put("host-from-path", MatchFormat.write(rewrite)));
        tree.put("host-rewrite", host.literal())
                .put("host-from-endpoint", host.fromEndpoint(), false)
                .put("host-from-header", host.header())
                .put("forward-host", host.forwardsOriginal(), false)
                .put("response-timeout", forward.timeout(), Duration.ZERO)
                .put("idle-timeout", forward.idleTimeout())
                .put("flush-timeout", forward.flushTimeout());
        writeLimits(tree, forward.streamLimits());
        tree.put("max-grpc-timeout", forward.maxGrpcTimeout()).put("grpc-timeout-offset", forward.grpcTimeoutOffset());
        forward.retry().ifPresent(retry -> tree.put("retry", write(retry)));
        tree.put("resend", forward.resend().unseen(), true);
        tree.list("hash", forward.hashPolicies(), ForwardFormat::write);
        tree.list("mirrors", forward.mirrors(), mirror -> new Tree()
                .put("cluster", mirror.cluster())
                .put("share", mirror.fraction(), 1.0));
        if (!forward.upgrades().isEmpty()) {
            tree.put("upgrades", forward.upgrades());
        }
        tree.put("high-priority", forward.highPriority(), false)
                .put("grpc-only", forward.grpcOnly(), grpcOnly(forward.cluster()));
    }

    private ClusterChoice choice(Section route) {
        Optional<String> header = route.text("cluster-header");
        if (header.isPresent()) {
            return new ClusterChoice.ByHeader(header.get());
        }
        if (route.has("clusters")) {
            List<RouteConfig.WeightedCluster> found = new ArrayList<>();
            for (Section one : route.sections("clusters")) {
                String name = MatchFormat.name(one);
                requireCluster(one, "name", name);
                found.add(new RouteConfig.WeightedCluster(
                        name, one.integer("weight", 1), HeaderFormat.read(one), one.text("host-rewrite")));
            }
            return new ClusterChoice.Weighted(
                    found,
                    route.text("random-from-header").map(name -> name.toLowerCase(Locale.ROOT)),
                    route.flag("random-from-hash", false));
        }
        String name = route.text(
                "cluster", clusters.size() == 1 ? clusters.keySet().iterator().next() : "");
        requireCluster(route, "cluster", name);
        return new ClusterChoice.Named(name);
    }

    private void requireCluster(Section section, String key, String name) {
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

    private static Optional<StreamLimits> limits(Section route) {
        Optional<Duration> max = route.duration("timeout");
        Optional<Duration> cap = route.duration("max-timeout");
        Duration offset = route.duration("timeout-offset", Duration.ZERO);
        return switch (route.choice("deadlines", Deadlines.class, Deadlines.ENFORCE)) {
            case ENFORCE -> Optional.of(new StreamLimits(max, Optional.of(cap.orElse(Duration.ZERO)), offset));
            case IGNORE -> Optional.of(new StreamLimits(max, Optional.empty(), offset));
            case OFF -> Optional.empty();
        };
    }

    private static void writeLimits(Tree tree, Optional<StreamLimits> limits) {
        if (limits.isEmpty()) {
            tree.put("deadlines", Deadlines.OFF);
            return;
        }
        StreamLimits given = limits.get();
        if (given.grpcHeaderMax().isEmpty()) {
            tree.put("deadlines", Deadlines.IGNORE);
        }
        tree.put("timeout", given.max());
        given.grpcHeaderMax().ifPresent(cap -> tree.put("max-timeout", cap, Duration.ZERO));
        tree.put("timeout-offset", given.grpcHeaderOffset(), Duration.ZERO);
    }

    private List<RouteConfig.Mirror> mirrors(Section route) {
        List<RouteConfig.Mirror> found = new ArrayList<>();
        for (Section one : route.sections("mirrors")) {
            requireCluster(one, "cluster", one.text("cluster", ""));
            found.add(new RouteConfig.Mirror(one.text("cluster", ""), one.share("share", 1)));
        }
        return found;
    }

    private static RetryPolicy retry(Section retry) {
        Section backOff = retry.sectionOrEmpty("back-off");
        return new RetryPolicy(
                retry.texts("on"),
                retry.integer("retries", 1),
                retry.duration("per-try-timeout", Duration.ZERO),
                retry.integers("status-codes"),
                MatchFormat.headers(retry, "retriable-headers"),
                backOff.duration("base", Duration.ofMillis(25)),
                backOff.duration("max", Duration.ofMillis(250)),
                retry.flag("other-endpoint-first", true));
    }

    private static Tree write(RetryPolicy retry) {
        return new Tree()
                .put("on", retry.on())
                .put("retries", retry.retries(), 1)
                .put("per-try-timeout", retry.perTryTimeout(), Duration.ZERO)
                .list("status-codes", retry.statusCodes())
                .list("retriable-headers", retry.retriableHeaders(), MatchFormat::write)
                .section(
                        "back-off",
                        new Tree()
                                .put("base", retry.backOffBase(), Duration.ofMillis(25))
                                .put("max", retry.backOffMax(), Duration.ofMillis(250)))
                .put("other-endpoint-first", retry.avoidPreviousHosts(), true);
    }

    static HashPolicy hash(Section hash) {
        return new HashPolicy(
                hash.choice("of", HashPolicy.Kind.class, HashPolicy.Kind.HEADER),
                hash.text("name", ""),
                hash.duration("cookie-ttl")
                        .map(ttl -> OptionalLong.of(ttl.toSeconds()))
                        .orElse(OptionalLong.empty()),
                hash.flag("terminal", false));
    }

    static Tree write(HashPolicy hash) {
        Tree tree = new Tree().put("of", hash.kind()).put("name", hash.name(), "");
        hash.cookieTtlSeconds().ifPresent(ttl -> tree.put("cookie-ttl", Duration.ofSeconds(ttl)));
        return tree.put("terminal", hash.terminal(), false);
    }
}
