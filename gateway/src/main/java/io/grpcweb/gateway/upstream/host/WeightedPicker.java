package io.grpcweb.gateway.upstream.host;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** In proportion to weights that are asked at each turn. */
final class WeightedPicker implements Picker {
    private final Edf<Host> schedule;

    /** @param skipped turns to skip at first, so that event loops do not all begin with the same endpoint */
    WeightedPicker(List<Host> hosts, ToDoubleFunction<Host> weight, int skipped) {
        schedule = new Edf<>(hosts, weight);
        schedule.skip(skipped);
    }

    @Override
    public Host pick() {
        return schedule.next();
    }

    static boolean sameWeights(List<Host> hosts) {
        for (Host host : hosts) {
            if (host.weight() != hosts.get(0).weight()) {
                return false;
            }
        }
        return true;
    }
}
