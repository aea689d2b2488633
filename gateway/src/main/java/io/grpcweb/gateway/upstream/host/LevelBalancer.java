package io.grpcweb.gateway.upstream.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Every policy but the hashing ones: first a priority level by its load, in it all endpoints (panic), the healthy or
 * the degraded ones, by locality where the configuration wants that, and then one of them by the policy.
 */
final class LevelBalancer implements LoadBalancer {
    /** How often another endpoint is asked for where the one that came up was tried already. */
    private static final int ATTEMPTS = 10;

    private final Supplier<HostSet> source;
    private final Picker.Factory policy;
    private final boolean byLocality;
    private final LongSupplier random;
    private final LongAdder panics;
    private HostSet hosts;
    private List<Picks> levels = List.of();

    /** The three kinds of choice in a level. */
    private record Picks(Picker all, Picker healthy, Picker degraded) {}

    LevelBalancer(
            Supplier<HostSet> source,
            Picker.Factory policy,
            boolean byLocality,
            LongSupplier random,
            LongAdder panics) {
        this.source = source;
        this.policy = policy;
        this.byLocality = byLocality;
        this.random = random;
        this.panics = panics;
    }

    @Override
    public Host choose(PickContext context) {
        HostSet current = source.get();
        if (current != hosts) {
            refresh(current);
        }
        Host host = chooseOnce();
        for (int i = 1; i < ATTEMPTS && host != null && context.shouldAvoid(host); i++) {
            host = chooseOnce();
        }
        return host;
    }

    private void refresh(HostSet current) {
        List<Picks> fresh = new ArrayList<>();
        for (HostSet.Level level : current.levels()) {
            Picker healthy = policy.over(level.healthy());
            Picker degraded = policy.over(level.degraded());
            if (byLocality) {
                healthy = new LocalityPicker(
                        level.localities(), HostSet.Place::healthy, current.overprovisioning(), policy, healthy);
                degraded = new LocalityPicker(
                        level.localities(), HostSet.Place::degraded, current.overprovisioning(), policy, degraded);
            }
            fresh.add(new Picks(policy.over(level.all()), healthy, degraded));
        }
        levels = fresh;
        hosts = current;
    }

    private Host chooseOnce() {
        int choice = hosts.levels().size() == 1 && hosts.load().healthy(0) == 100
                ? 0
                : hosts.load().choose(random.getAsLong());
        Picks picks = levels.get(choice / 2);
        if (hosts.load().panic(choice / 2)) {
            panics.increment();
            return picks.all().pick();
        }
        return choice % 2 == 0 ? picks.healthy().pick() : picks.degraded().pick();
    }
}
