package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ClusterConfig.Balancer;
import io.grpcweb.gateway.config.Subsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The load balancing of a cluster, in the older fields and in {@code load_balancing_policy}. */
final class Balancers {
    private static final String PREFIX = "envoy.extensions.load_balancing_policies.";

    private final Reading reading;
    private final SubsetConfigs subsets;

    Balancers(Reading reading) {
        this.reading = reading;
        this.subsets = new SubsetConfigs(reading);
    }

    Balancer read(Msg cluster) {
        Optional<Typed> typed = cluster.message("load_balancing_policy").map(list -> typed(list, false));
        Balancer.Policy policy = typed.map(Typed::policy).orElseGet(() -> Balancer.Policy.valueOf(legacy(cluster)));
        Optional<Msg> common = cluster.message("common_lb_config");
        Msg settings = typed.map(Typed::settings)
                .or(() -> cluster.message(
                        switch (policy) {
                            case ROUND_ROBIN -> "round_robin_lb_config";
                            case LEAST_REQUEST -> "least_request_lb_config";
                            case RING_HASH -> "ring_hash_lb_config";
                            case MAGLEV -> "maglev_lb_config";
                            case RANDOM -> "common_lb_config";
                        }))
                .orElse(cluster);
        Balancer otherwise = Balancer.ROUND_ROBIN;
        return new Balancer(
                policy,
                settings.integer("choice_count", otherwise.choices()),
                Reading.runtimeDouble(settings, "active_request_bias", otherwise.bias()),
                settings.number("minimum_ring_size", otherwise.minimumRingSize()),
                settings.number("maximum_ring_size", otherwise.maximumRingSize()),
                settings.integer("table_size", otherwise.tableSize()),
                common.flatMap(one -> one.message("healthy_panic_threshold"))
                        .map(percent -> percent.decimal("value", 0))
                        .orElse(otherwise.panicThreshold()),
                settings.message("slow_start_config").map(Balancers::slowStart).orElse(otherwise.slowStart()),
                typed.map(Typed::localityWeighted)
                        .orElseGet(() -> common.map(one -> one.has("locality_weighted_lb_config"))
                                .orElse(false)),
                typed.isPresent()
                        ? typed.get().subsets()
                        : cluster.message("lb_subset_config").flatMap(subsets::read));
    }

    private static Balancer.SlowStart slowStart(Msg given) {
        Balancer.SlowStart otherwise = Balancer.SlowStart.NONE;
        return new Balancer.SlowStart(
                given.duration("slow_start_window", Duration.ZERO),
                Reading.runtimeDouble(given, "aggression", otherwise.aggression()),
                given.message("min_weight_percent")
                        .map(percent -> percent.decimal("value", 0) / 100)
                        .orElse(otherwise.minimum()));
    }

    /** A policy of {@code load_balancing_policy}. */
    private record Typed(Balancer.Policy policy, Msg settings, boolean localityWeighted, Optional<Subsets> subsets) {
        Typed(Balancer.Policy policy, Msg settings, boolean localityWeighted) {
            this(policy, settings, localityWeighted, Optional.empty());
        }
    }

    /** The first policy of a list that there is; reported where there is none. */
    private Typed typed(Msg list, boolean localityWeighted) {
        List<Msg> policies = list.messages("policies").stream()
                .flatMap(policy -> policy.message("typed_extension_config").stream())
                .flatMap(config -> config.message("typed_config").stream())
                .toList();
        for (Msg settings : policies) {
            Typed found = typed(kind(settings), settings, localityWeighted);
            if (found != null) {
                return found;
            }
        }
        Msg where = policies.isEmpty() ? list : policies.get(0);
        reading.error(
                where,
                "",
                policies.isEmpty()
                        ? "a load balancing policy is required"
                        : where.type() + " is no load balancing policy that is supported");
        return new Typed(Balancer.Policy.ROUND_ROBIN, where, localityWeighted);
    }

    private Typed typed(String kind, Msg settings, boolean localityWeighted) {
        Balancer.Policy policy =
                switch (kind) {
                    // The load that endpoints report is not looked at, so the weights that they begin with stay.
                    case "round_robin.v3.RoundRobin",
                            "client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin" ->
                        Balancer.Policy.ROUND_ROBIN;
                    case "least_request.v3.LeastRequest" -> Balancer.Policy.LEAST_REQUEST;
                    case "random.v3.Random" -> Balancer.Policy.RANDOM;
                    case "ring_hash.v3.RingHash" -> Balancer.Policy.RING_HASH;
                    case "maglev.v3.Maglev" -> Balancer.Policy.MAGLEV;
                    default -> null;
                };
        if (policy == null) {
            return wrapped(kind, settings, localityWeighted);
        }
        boolean own = settings.has("locality_weighted_lb_config")
                || settings.message("locality_lb_config")
                        .map(one -> one.has("locality_weighted_lb_config"))
                        .orElse(false);
        return new Typed(policy, settings, localityWeighted || own);
    }

    /** The policy inside of another one: nobody overrides a host, so the fallback is what is left. */
    private Typed wrapped(String kind, Msg settings, boolean localityWeighted) {
        return switch (kind) {
            case "override_host.v3.OverrideHost" ->
                settings.message("fallback_policy")
                        .map(list -> typed(list, localityWeighted))
                        .orElse(null);
            case "wrr_locality.v3.WrrLocality" ->
                settings.message("endpoint_picking_policy")
                        .map(list -> typed(list, true))
                        .orElse(null);
            case "subset.v3.Subset" ->
                settings.message("subset_lb_policy")
                        .map(list -> typed(list, localityWeighted))
                        .map(one ->
                                new Typed(one.policy(), one.settings(), one.localityWeighted(), subsets.read(settings)))
                        .orElse(null);
            default -> null;
        };
    }

    private static String kind(Msg typed) {
        return typed.type().startsWith(PREFIX) ? typed.type().substring(PREFIX.length()) : "";
    }

    private static String legacy(Msg cluster) {
        String policy = cluster.text("lb_policy", "ROUND_ROBIN");
        return policy.equals("LOAD_BALANCING_POLICY_CONFIG") ? "ROUND_ROBIN" : policy;
    }
}
