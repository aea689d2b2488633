package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.Subsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Chooses the group of endpoints that a call asks for, and by the policy one of them. */
public final class SubsetBalancer implements LoadBalancer {
    private final Subsets config;
    private final Supplier<HostSet> source;
    private final Policies policies;
    private final LongAdder selected;
    private final LongAdder fallback;
    private final LoadBalancer any;
    private final LoadBalancer defaults;
    private final Map<Map<String, Object>, LoadBalancer> groups = new HashMap<>();
    private HostSet seen;

    /**
     * A balancer for one event loop.
     *
     * @param selected counts calls that go to the endpoints that they ask for
     * @param fallback counts those that go elsewhere as the cluster says; as in Envoy not those where a selector says so
     */
    public SubsetBalancer(
            Subsets config, Supplier<HostSet> source, Policies policies, LongAdder selected, LongAdder fallback) {
        this.config = config;
        this.source = source;
        this.policies = policies;
        this.selected = selected;
        this.fallback = fallback;
        this.any = policies.balancer(source);
        this.defaults = policies.balancer(() -> source.get().subsets().defaults());
    }

    @Override
    public Host choose(PickContext context) {
        HostSet now = source.get();
        if (now != seen) {
            // Of what no endpoint has any more, nothing is kept.
            groups.keySet().removeIf(values -> now.subsets().of(values) == null);
            seen = now;
        }
        return choose(context, context.criteria());
    }

    private Host choose(PickContext context, Map<String, Object> wanted) {
        if (seen.subsets().of(wanted) != null) {
            selected.increment();
            return groups.computeIfAbsent(wanted, this::group).choose(context);
        }
        Subsets.Selector selector = config.selector(wanted.keySet()).orElse(Subsets.Selector.NONE);
        if (selector.fallback().isEmpty() && config.fallback() != Subsets.Fallback.NONE) {
            fallback.increment();
        }
        return switch (selector.fallback().orElse(config.fallback())) {
            case NONE -> null;
            case ANY -> any.choose(context);
            case DEFAULT -> defaults.choose(context);
            case KEYS -> {
                Map<String, Object> fewer = new HashMap<>(wanted);
                fewer.keySet().retainAll(selector.fallbackKeys());
                yield choose(context, fewer);
            }
        };
    }

    /** The group is there as long as this balancer is asked; other versions of the endpoints are looked at first. */
    private LoadBalancer group(Map<String, Object> values) {
        return policies.balancer(() -> seen.subsets().of(values));
    }
}
