package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.ClusterConfig;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The balancing policies of the configuration as balancers, with time and chance passed in.
 *
 * @param panics counts choices among endpoints of which too few are healthy
 */
public record Policies(ClusterConfig.Balancer config, LongSupplier random, LongSupplier clock, LongAdder panics) {

    /** A balancer for one event loop. */
    public LoadBalancer balancer(Supplier<HostSet> hosts) {
        return switch (config.policy()) {
            case RING_HASH, MAGLEV -> new HashBalancer(hosts, random, panics);
            case RANDOM -> level(hosts, members -> new RandomPicker(members, random));
            case ROUND_ROBIN ->
                level(hosts, members -> weightedOr(members, Host::weight, start -> new RoundRobin(members, start)));
            case LEAST_REQUEST ->
                level(
                        hosts,
                        members -> weightedOr(
                                members,
                                host -> LeastRequest.weight(host, config.bias()),
                                start -> new LeastRequest(members, config.choices(), random)));
        };
    }

    private LoadBalancer level(Supplier<HostSet> hosts, Picker.Factory policy) {
        return new LevelBalancer(hosts, policy, config.localityWeighted(), random, panics);
    }

    /** The simple picker where the weights are equal and no endpoint is in slow start. */
    private Picker weightedOr(List<Host> members, ToDoubleFunction<Host> weight, IntFunction<Picker> simple) {
        int start = (int) Long.remainderUnsigned(random.getAsLong(), 1024);
        SlowStart slowStart = new SlowStart(config.slowStart(), clock);
        if (WeightedPicker.sameWeights(members) && !slowStart.anyWithin(members)) {
            return simple.apply(start);
        }
        return new WeightedPicker(members, host -> weight.applyAsDouble(host) * slowStart.factor(host), start);
    }
}
