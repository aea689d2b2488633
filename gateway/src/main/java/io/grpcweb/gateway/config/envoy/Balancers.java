package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ClusterConfig.Balancer;
import java.time.Duration;
import java.util.Optional;

/** The load balancing of a cluster, in the older fields and in {@code load_balancing_policy}. */
final class Balancers {
    private static final String PREFIX = "envoy.extensions.load_balancing_policies.";

    private final Reading reading;

    Balancers(Reading reading) {
        this.reading = reading;
    }

    Balancer read(Msg cluster) {
        Optional<Msg> typed = cluster.message("load_balancing_policy")
                .flatMap(list -> list.messages("policies").stream().findFirst())
                .flatMap(policy -> policy.message("typed_extension_config"))
                .flatMap(config -> config.message("typed_config"));
        Balancer.Policy policy = typed.map(this::policy).orElseGet(() -> Balancer.Policy.valueOf(legacy(cluster)));
        Msg settings = typed.or(() -> cluster.message(
                        switch (policy) {
                            case ROUND_ROBIN -> "round_robin_lb_config";
                            case LEAST_REQUEST -> "least_request_lb_config";
                            case RING_HASH -> "ring_hash_lb_config";
                            case MAGLEV -> "maglev_lb_config";
                            case RANDOM -> "common_lb_config";
                        }))
                .orElse(cluster);
        Optional<Msg> common = cluster.message("common_lb_config");
        Balancer otherwise = Balancer.ROUND_ROBIN;
        return new Balancer(
                policy,
                settings.integer("choice_count", otherwise.choices()),
                settings.number("minimum_ring_size", otherwise.minimumRingSize()),
                settings.number("maximum_ring_size", otherwise.maximumRingSize()),
                settings.integer("table_size", otherwise.tableSize()),
                common.flatMap(one -> one.message("healthy_panic_threshold"))
                        .map(percent -> percent.decimal("value", 0))
                        .orElse(otherwise.panicThreshold()),
                settings.message("slow_start_config")
                        .map(slow -> slow.duration("slow_start_window", Duration.ZERO))
                        .orElse(otherwise.slowStart()),
                common.map(one -> one.has("locality_weighted_lb_config")).orElse(false));
    }

    private static String legacy(Msg cluster) {
        String policy = cluster.text("lb_policy", "ROUND_ROBIN");
        return policy.equals("LOAD_BALANCING_POLICY_CONFIG") ? "ROUND_ROBIN" : policy;
    }

    private Balancer.Policy policy(Msg typed) {
        String name = typed.type().startsWith(PREFIX) ? typed.type().substring(PREFIX.length()) : "";
        return switch (name) {
            case "round_robin.v3.RoundRobin" -> Balancer.Policy.ROUND_ROBIN;
            case "least_request.v3.LeastRequest" -> Balancer.Policy.LEAST_REQUEST;
            case "random.v3.Random" -> Balancer.Policy.RANDOM;
            case "ring_hash.v3.RingHash" -> Balancer.Policy.RING_HASH;
            case "maglev.v3.Maglev" -> Balancer.Policy.MAGLEV;
            default -> {
                reading.error(typed, "", typed.type() + " is no load balancing policy that is supported");
                yield Balancer.Policy.ROUND_ROBIN;
            }
        };
    }
}
