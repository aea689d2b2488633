package io.grpcweb.gateway.upstream.host;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * First a locality in proportion to its weight, then an endpoint in it. A locality's weight counts in full as long as
 * 1.4 times its eligible share (or what the assignment says instead) is 100 %, and in proportion below that (Envoy's
 * documentation, "Locality weighted load balancing").
 */
final class LocalityPicker implements Picker {
    private final Edf<Weighted> localities;
    private final Picker otherwise;

    private record Weighted(Picker picker, double weight) {}

    /** Where no locality has both a weight and an endpoint, {@code otherwise} chooses. */
    LocalityPicker(
            List<HostSet.Place> places,
            Function<HostSet.Place, List<Host>> eligible,
            double overprovisioning,
            Picker.Factory policy,
            Picker otherwise) {
        List<Weighted> weighted = new ArrayList<>();
        for (HostSet.Place place : places) {
            List<Host> hosts = eligible.apply(place);
            if (!hosts.isEmpty() && place.weight() > 0) {
                double share = Math.min(1, overprovisioning * hosts.size() / Math.max(1, place.counted()));
                weighted.add(new Weighted(policy.over(hosts), place.weight() * share));
            }
        }
        this.localities = new Edf<>(weighted, Weighted::weight);
        this.otherwise = otherwise;
    }

    @Override
    public Host pick() {
        Weighted locality = localities.next();
        return locality == null ? otherwise.pick() : locality.picker().pick();
    }
}
