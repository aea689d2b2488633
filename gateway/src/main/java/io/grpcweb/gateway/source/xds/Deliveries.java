package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Passes an answer to all who want something of it, and counts what becomes of it. */
final class Deliveries {
    private Deliveries() {}

    /**
     * What has become of it.
     *
     * @param problems why resources are refused, by name
     * @param known whether all of that had been refused before
     */
    record Result(Map<String, String> problems, boolean known) {
        private Result and(Wanted.Outcome outcome) {
            problems.putAll(outcome.problems());
            return new Result(problems, known && (outcome.isTaken() || outcome.known()));
        }
    }

    /** @param wanted by name; the name of all of a kind is empty */
    static Result deliver(Map<String, Wanted> wanted, Delivery delivery, Timers timers) {
        Result result = new Result(new LinkedHashMap<>(), true);
        Wanted all = wanted.get("");
        if (all != null) {
            result = result.and(one(all, delivery, timers));
        }
        for (Resource resource : delivery.resources()) {
            Wanted named = wanted.get(resource.name());
            if (named != null) {
                Delivery part = new Delivery(delivery.version(), List.of(resource), Set.of(), false);
                result = result.and(one(named, part, timers));
            }
        }
        return result;
    }

    private static Wanted.Outcome one(Wanted wanted, Delivery delivery, Timers timers) {
        long began = timers.nanos();
        Wanted.Outcome outcome = wanted.deliver(delivery);
        if (outcome.isTaken()) {
            wanted.stats().taken(delivery.version(), System.currentTimeMillis(), timers.nanos() - began);
        } else {
            wanted.stats().updateRejected.increment();
        }
        return outcome;
    }
}
